using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.OneLink;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.Links.Bulk;
using Signpost.Web.Forms;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.ManyLinks;

/// <summary>The pages about many links: the form that changes them, the progress of the change, and their export.</summary>
internal static class ManyLinksEndpoints
{
    private const string Changes = "/dashboard/links/changes";

    public static void MapManyLinks(this IEndpointRouteBuilder dashboard)
    {
        var change = dashboard.MapGroup("/links/change").Scoped(Scopes.LinksWrite);
        change.MapMethods("", DashboardEndpoints.Reads, Ask);
        change.MapPost("", Begin).WithMetadata(new ShowsFormAgain("selection"));
        var changes = dashboard.MapGroup("/links/changes/{change_id}").Scoped(Scopes.LinksWrite);
        changes.MapMethods("", DashboardEndpoints.Reads, Show);
        changes.MapPost("/cancel", Cancel);
        changes.LeadBack(Navigation.Home, "/cancel");
        dashboard
            .MapMethods("/links/export.csv", DashboardEndpoints.Reads, LinkExport.SendAsync)
            .Scoped(Scopes.LinksRead)
            .RequireRateLimiting(RateLimits.PerKey);
    }

    private static Task Ask(HttpContext http, ManyLinkChanges changes) => changes.AskAsync(http);

    private static Task Begin(HttpContext http, ManyLinkChanges changes) => changes.BeginAsync(http);

    private static async Task Show(
        HttpContext http,
        [FromRoute(Name = "change_id")] PathId id,
        BulkCatalog bulks,
        LinkCatalog catalog,
        OwnLanguages languages,
        DashboardPages pages
    )
    {
        var (caller, texts, cancel) = (http.Caller(), languages.For(http), http.RequestAborted);
        if (await bulks.FindAsync(caller, id, cancel) is not { } bulk)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        var links = await catalog.ListAsync(caller, [.. bulk.Failures.Select(failure => failure.LinkId)], cancel);
        var names = links.ToDictionary(link => link.Id, link => LinkLines.ShortText(link.ShortUrl));
        ProgressPage.Content content = new()
        {
            Id = bulk.Id,
            Status = bulk.Status,
            Total = bulk.Total,
            Done = bulk.Done,
            Failed = bulk.Failed,
            Failures =
            [
                .. bulk.Failures.Select(failure => new ProgressPage.Failure
                {
                    Id = failure.LinkId,
                    ShortText = names.GetValueOrDefault(failure.LinkId),
                    Reason = ChangeForm.Say(failure.Title, texts),
                }),
            ],
            Back = LocalPath.Of(http, http.Request.Query["back"]),
        };
        await pages.WriteAsync<ProgressPage>(http, new() { [nameof(ProgressPage.View)] = content });
    }

    private static async Task Cancel(HttpContext http, [FromRoute(Name = "change_id")] PathId id, BulkEditor editor)
    {
        await editor.CancelAsync(http.Caller(), id, http.RequestAborted);
        http.SeeOther(AddressOf(id, LocalPath.Of(http, http.Request.Form["back"])));
    }

    /// <summary>The address of the progress of a change.</summary>
    /// <param name="back">The address of the list.</param>
    public static string AddressOf(long id, string back) =>
        back == Navigation.Home ? $"{Changes}/{id}" : $"{Changes}/{id}?back={Uri.EscapeDataString(back)}";
}
