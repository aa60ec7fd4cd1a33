using System.Collections.Frozen;
using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;

namespace Signpost.Explain;

/// <summary>Decisions explained over HTTP.</summary>
internal static class ExplainEndpoints
{
    public static void AddExplain(this IServiceCollection services) => services.AddSingleton<Explainer>();

    public static void MapExplain(this IEndpointRouteBuilder api)
    {
        api.MapPost("/links/{link_id}/explain", Explain).WithTags("Links").Scoped(Scopes.LinksRead).DescribeExplain();
        api.MapPost("/visitor", Classify).WithTags("Visitors").Scoped(Scopes.LinksRead).DescribeClassify();
    }

    private static async Task<ApiResult> Explain(
        HttpContext http,
        [FromRoute(Name = "link_id")] string linkId,
        Explainer explainer,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var fields = await BodyReader.ReadAsync(http.Request, FrozenDictionary<string, int>.Empty, cancel);
        var visit = MadeUpVisit.Read(fields, caller.TimeZone, isWhole: true, out var errors);
        if (!FieldText.TryNumber(linkId, out var id))
            return ApiResult.NotFound;
        if (errors is not [])
            return ApiResult.Errors(400, errors);

        return await explainer.ExplainAsync(caller, id, visit, cancel) is { } explanation
            ? ApiResult.Ok(new Envelope<Explanation>(explanation))
            : ApiResult.NotFound;
    }

    private static async Task<ApiResult> Classify(HttpContext http, Explainer explainer, CancellationToken cancel)
    {
        var fields = await BodyReader.ReadAsync(http.Request, FrozenDictionary<string, int>.Empty, cancel);
        var visit = MadeUpVisit.Read(fields, http.Caller().TimeZone, isWhole: false, out var errors);
        return errors is not []
            ? ApiResult.Errors(400, errors)
            : ApiResult.Ok(new Envelope<VisitorResponse>(await explainer.ClassifyAsync(visit)));
    }
}
