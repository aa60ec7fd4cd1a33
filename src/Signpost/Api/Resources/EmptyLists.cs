using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Api.Resources;

/// <summary>Lists of things that Signpost does not have. Clients of this family of APIs ask for them.</summary>
internal static class EmptyLists
{
    public static void MapEmptyLists(this IEndpointRouteBuilder api)
    {
        foreach (var name in (string[])["payments", "data", "signatures"])
            api.MapGeneric<Listed<EmptyResponse>>(HttpMethods.Get, $"/{name}", List)
                .WithTags("Account")
                .Scoped(Scopes.None)
                .Describe(
                    $"list{char.ToUpperInvariant(name[0])}{name[1..]}",
                    $"List {name}",
                    "Signpost has none, so the list is always empty. Any key may ask for it."
                )
                .WithQuery(Describe.Paging);
    }

    private static Task<Listed<EmptyResponse>> List(HttpContext http)
    {
        var query = http.QueryReader();
        var paging = Paging.Read(query);
        query.WarnOfUnknown();
        return Task.FromResult(
            query.Errors is []
                ? Listed<EmptyResponse>.Of(http, paging, [], 0, query.Warnings)
                : new Refusal.Invalid(query.Errors)
        );
    }
}

/// <summary>An item of a list that is always empty.</summary>
internal sealed record EmptyResponse;
