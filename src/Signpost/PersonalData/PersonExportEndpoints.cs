using System.Globalization;
using Signpost.Accounts.Audit;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;

namespace Signpost.PersonalData;

/// <summary>The export of a person's data over the API. The account page gives the same file.</summary>
internal static class PersonExportEndpoints
{
    public static void MapPersonExport(this IEndpointRouteBuilder api) =>
        api.MapGet("/user/export", ExportAsync)
            .WithTags("Account")
            .Scoped(Scopes.AccountRead)
            .Describe(
                "exportUser",
                "Export everything that is kept of you",
                "A JSON file with your profile, your ways to sign in, sessions, keys, memberships, activity and waiting mails, without secrets. With the scope links:read also the links, projects, pixels, domains and QR codes of your own account. Clicks have an export of their own. Not with a team's key."
            )
            .Produces<Envelope<PersonDataResponse>>(StatusCodes.Status200OK, "application/json")
            .Fails(404);

    // Both the key and the session of a person in their own account come here. A summary would stand in the API's document.
    public static async Task<IResult> ExportAsync(
        HttpContext http,
        PersonReader reader,
        AuditLog audit,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        if (caller.ActsForTeam)
            return ApiEdge.ForStatus(StatusCodes.Status403Forbidden);
        var today = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), caller.TimeZone);
        var fileName = string.Create(CultureInfo.InvariantCulture, $"signpost-account-{today:yyyy-MM-dd}.json");
        if (HttpMethods.IsHead(http.Request.Method))
        {
            PersonExport.SetHeaders(http.Response, fileName);
            return Results.Empty;
        }

        if (await reader.ReadAsync(caller, cancel) is not { } data)
            return ApiResult.NotFound;
        audit.AddLater(AuditLine.By(caller, AuditEvent.PersonExported, caller.PersonId));
        return new PersonExport(data, fileName);
    }
}
