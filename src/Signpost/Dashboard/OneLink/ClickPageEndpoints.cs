using Microsoft.AspNetCore.Mvc;
using Signpost.Accounts.Audit;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Explain;
using Signpost.Links;
using Signpost.Statistics;
using Signpost.Statistics.Listing;
using Signpost.Statistics.Questions;

namespace Signpost.Dashboard.OneLink;

/// <summary>The list of the clicks of a link, with the parameters of the API, and the page of each click.</summary>
internal static class ClickPageEndpoints
{
    public static void MapClickPages(this IEndpointRouteBuilder clicks)
    {
        clicks.MapMethods("", DashboardEndpoints.Reads, ShowList);
        clicks.MapMethods("/export", DashboardEndpoints.Reads, Export);
        clicks.MapMethods("/{click}", DashboardEndpoints.Reads, ShowClick);
    }

    private static async Task ShowList(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkCatalog catalog,
        ClickPages clicks,
        ClickViews views,
        LinkHeads heads,
        DashboardPages pages
    )
    {
        var (caller, cancel, read) = (http.Caller(), http.RequestAborted, http.QueryReader());
        if (await catalog.FindAsync(caller, id, cancel) is not { } link)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        var question = clicks.Read(caller, read);
        // A place in the list that no page leads to: the list begins again.
        if (read.Errors.Any(error => error.Field is "cursor"))
        {
            var others = http.Request.Query.Where(one => one.Key is not "cursor");
            http.SeeOther(http.Request.Path + QueryString.Create(others));
            return;
        }

        var isWrong = read.Errors is not [];
        var (found, next) = isWrong ? ([], null) : await clicks.ListAsync(caller, id, question, cancel);
        await pages.WriteAsync<ClicksPage>(
            http,
            new()
            {
                [nameof(ClicksPage.View)] = views.ListOf(http, heads.Of(http, link), found, next, read.Errors) with
                {
                    IsFirst = question.Cursor is null,
                },
            },
            isWrong ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK
        );
    }

    // The file has headers of its own, but not the reply to a wrong question.
    private static async Task<IResult> Export(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkCatalog catalog,
        ScopeFinder scopes,
        ExportReader reader,
        AuditLog audit,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        if (await catalog.FindAsync(http.Caller(), id, cancel) is null)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return Results.Empty;
        }

        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return await StatisticsEndpoints.ExportLink(http, id, scopes, reader, audit, clock, cancel);
    }

    private static async Task ShowClick(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        [FromRoute(Name = "click")] PathId click,
        LinkCatalog catalog,
        ClickExplainer explainer,
        ClickViews views,
        LinkHeads heads,
        DashboardPages pages
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (
            await catalog.FindAsync(caller, id, cancel) is not { } link
            || await explainer.ExplainAsync(caller, id, click, cancel) is not { } explained
        )
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        await pages.WriteAsync<ClickPage>(
            http,
            new() { [nameof(ClickPage.View)] = views.Of(http, heads.Of(http, link), explained) }
        );
    }
}
