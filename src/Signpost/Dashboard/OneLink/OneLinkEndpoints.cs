using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Links;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.OneLink;

/// <summary>The pages of a link. Each tab is a page of its own.</summary>
internal static class OneLinkEndpoints
{
    public static void MapOneLink(this IEndpointRouteBuilder dashboard)
    {
        var link = dashboard.MapGroup("/links/{link_id}").Scoped(Scopes.LinksRead, Scopes.LinksWrite);
        link.MapMethods("", DashboardEndpoints.Reads, ShowDetails);
        link.MapExplainPage();
        link.MapVersionPages();
        dashboard.MapGroup("/links/{link_id}/clicks").Scoped(Scopes.StatsRead).MapClickPages();
    }

    /// <summary>The page for a thing that the caller does not have.</summary>
    public static Task NotFoundAsync(HttpContext http) =>
        http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound).AsTask();

    private static async Task ShowDetails(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkCatalog catalog,
        LinkHeads heads,
        LinkTrends trends,
        ThingCatalogs things,
        OwnLanguages languages,
        DashboardPages pages,
        TimeProvider clock
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (await catalog.FindAsync(caller, id, cancel) is not { } link)
        {
            await NotFoundAsync(http);
            return;
        }

        var trend = await trends.ReadAsync([link.Id], caller.TimeZone, cancel);
        LinkFacts facts = new(
            link,
            await things.OfAsync(caller, cancel, link),
            languages.For(http).All,
            caller.TimeZone,
            clock.GetUtcNow()
        );
        DetailsPage.Content content = new(
            heads.Of(http, link),
            facts.All,
            link.Tags,
            link.Note,
            link.Clicks,
            trend?[0],
            Instant(link.Datetime, caller.TimeZone),
            Instant(link.LastDatetime, caller.TimeZone),
            link.StatisticsUrl
        );
        await pages.WriteAsync<DetailsPage>(http, new() { [nameof(DetailsPage.View)] = content });
    }

    /// <summary>A time of a response of the API.</summary>
    public static DateTimeOffset Instant(string text, TimeZoneInfo zone) =>
        LocalTime.TryParse(text, zone, out var instant) ? DateTimeOffset.FromUnixTimeMilliseconds(instant) : default;
}
