using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Signpost.Accounts.Audit;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Dashboard.Explaining;
using Signpost.Dashboard.OneLink;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Statistics;
using Signpost.Statistics.Listing;
using Signpost.Statistics.Live;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;
using Signpost.Statistics.Sheets;
using Signpost.Storage;
using Signpost.Web.Languages;
using static Signpost.Dashboard.OneLink.OneLinkLayout;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>The pages with statistics: of a link, of a project, a tag, a domain, and of all links.</summary>
internal static class StatisticsPageEndpoints
{
    private const string Path = "/dashboard/statistics";
    private const string Below = "/statistics";

    public static void MapStatisticsPages(this IEndpointRouteBuilder dashboard)
    {
        var pages = dashboard.MapGroup("").Scoped(Scopes.StatsRead);
        pages.MapMethods("/statistics", DashboardEndpoints.Reads, ShowAll);
        pages.MapMethods("/statistics/export", DashboardEndpoints.Reads, ExportAll);
        pages.MapGet("/statistics/live/{scope}", Follow).Unending();
        var link = pages.MapGroup("/links/{link_id}");
        link.MapMethods("/statistics", DashboardEndpoints.Reads, ShowLink);
        link.MapMethods("/statistics/export", DashboardEndpoints.Reads, ExportLink);
        pages.MapMethods("/statistics/clicks", DashboardEndpoints.Reads, ExportClicks);
        dashboard.MapSharing();
    }

    private static async Task ShowAll(
        HttpContext http,
        SheetReader sheets,
        StatisticsViews views,
        ScopeChoices scopes,
        LinkComparison comparison,
        OwnLanguages languages,
        DashboardPages pages,
        TimeProvider clock
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (Ask(http, Path, null, clock) is not { } asked)
            return;
        var texts = languages.For(http);
        var table = await comparison.FindAsync(http, asked, texts, cancel);
        var question = asked.Question with { Links = [.. table.All.Select(link => link.Id)] };
        if (await sheets.ReadAsync(caller, question, cancel) is not { } sheet)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        var view = LinkComparison.AddTo(views.Of(asked, sheet, texts), asked, table, sheet);
        if (StatisticsWords.ShowsTags(asked.Address) && !sheet.IsTooLarge)
            view = await sheets.ReadTagsAsync(caller, asked.Question, cancel) is { } tags
                ? view with
                {
                    Shown = views.TagsOf(asked, tags, texts),
                    Links = null,
                }
                : views.Of(asked, sheet with { IsTooLarge = true }, texts);
        view = view with { Share = await StatisticsSharing.OfProjectAsync(http, asked) };
        await pages.WriteAsync<StatisticsPage>(
            http,
            new()
            {
                [nameof(StatisticsPage.View)] = view,
                [nameof(StatisticsPage.Scopes)] = await scopes.ReadAsync(caller, asked.Address, cancel),
            },
            view.Errors is [] ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
    }

    private static async Task ShowLink(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkCatalog catalog,
        LinkHeads heads,
        LinkSheets sheets,
        DashboardPages pages,
        TimeProvider clock
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (await catalog.FindAsync(caller, id, cancel) is not { } link)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        if (Ask(http, LinkHead.PathOf(id) + Below, id, clock) is not { } asked)
            return;
        if (await sheets.ReadAsync(http, link, asked) is not { } view)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        await pages.WriteAsync<LinkStatisticsPage>(
            http,
            new()
            {
                [nameof(LinkStatisticsPage.View)] = view with { Share = StatisticsSharing.OfLink(http, asked, link) },
                [nameof(LinkStatisticsPage.Head)] = heads.Of(http, link),
            },
            view.Errors is [] ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
    }

    // The clicks of a scope as they happen.
    private static async Task<IResult> Follow(
        HttpContext http,
        [FromRoute(Name = "scope")] string scope,
        SheetReader sheets,
        LiveStream stream
    )
    {
        if (ScopeWords.Parse(scope) is { } known && await sheets.FollowAsync(http, known, stream) is { } result)
            return result;
        await OneLinkEndpoints.NotFoundAsync(http);
        return Results.Empty;
    }

    private static Task ExportAll(HttpContext http, SheetReader sheets, TimeProvider clock) =>
        ExportAsync(http, Path, null, sheets, clock);

    private static Task ExportLink(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        SheetReader sheets,
        TimeProvider clock
    ) => ExportAsync(http, LinkHead.PathOf(id) + Below, id, sheets, clock);

    // The page that an address asks for; null: the response leads to a better address.
    private static AskedPage? Ask(HttpContext http, string path, long? linkId, TimeProvider clock)
    {
        var address = StatisticsWords.AddressOf(path, http.Request.Query);
        if (FormAnswer(address, http.Request.Query, TextsOf(http)) is { } answer)
        {
            http.SeeOther(answer);
            return null;
        }

        return StatisticsWords.Read(address, http.Caller(), linkId, Today(http, clock), TextsOf(http));
    }

    // The forms that choose a scope and add a filter have fields of their own.
    private static string? FormAnswer(StatisticsAddress address, IQueryCollection query, PageTexts texts)
    {
        if (query.TryGetValue("scope", out var scope))
        {
            var (name, value) = $"{scope}".Split(':', 2) is [var kind, var id] ? (kind, id) : ("", "");
            return address.With([
                .. ((string[])[StatisticsWords.Project, StatisticsWords.Domain, TagFilter.Name]).Select(one =>
                    (one, one == name ? value : null)
                ),
            ]);
        }

        if (!query.TryGetValue("filter", out var filter))
            return null;
        var chosen = (query["is"] == "not" ? "not_" : "") + filter;
        return StatisticsWords.Filters.Contains(chosen)
            ? address.Plus([
                .. query["value"]
                    .Select(value => $"{value}".Trim())
                    .Where(value => value is not "")
                    .Select(value => (chosen, KeyOf($"{filter}", value, texts))),
            ])
            : address.ToString();
    }

    // People type names, such as the one of a country, in place of codes.
    private static string KeyOf(string filter, string text, PageTexts texts) =>
        FieldNames
            .KeysOf(filter, texts.All)
            .FirstOrDefault(one => one.Name.Equals(text, StringComparison.OrdinalIgnoreCase))
            .Key
        ?? text;

    private static PageTexts TextsOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<OwnLanguages>().For(http);

    private static async Task ExportAsync(
        HttpContext http,
        string path,
        long? linkId,
        SheetReader sheets,
        TimeProvider clock
    )
    {
        var address = StatisticsWords.AddressOf(path, http.Request.Query);
        var type = http.Request.Query["type"].ToString() is { Length: > 0 } named ? named : StatisticsType.Default.Name;
        var today = Today(http, clock);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (
            !StatisticsType.Names.Contains(type)
            || StatisticsWords.Read(address, http.Caller(), linkId, today, TextsOf(http), type)
                is not { Errors: [] } asked
        )
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        (JsonArray Rows, string Name)? table;
        try
        {
            table = await sheets.ReadTableAsync(
                http.Caller(),
                asked.Question.Scope,
                asked.Question.Asked,
                http.RequestAborted
            );
        }
        catch (TooBusyException error) when (error.ClicksRead is not null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            http.Response.ContentType = $"{MediaTypeNames.Text.Plain}; charset=utf-8";
            await http.Response.WriteAsync(StatisticsViews.TooLarge(TextsOf(http).All), http.RequestAborted);
            return;
        }

        if (table is not var (rows, scope))
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        var (isCsv, span) = (http.Request.Query["format"] != "json", asked.Question.Span);
        var file =
            $"{type}-{(http.Request.Query["tag"] is [{ Length: > 0 } tag] ? $"tag-{InFileName(tag)}" : scope)}-{DateSpan.Write(span.Start)}-{DateSpan.Write(span.End)}.{(isCsv ? "csv" : "json")}";
        http.Response.ContentType = isCsv
            ? "text/csv; charset=utf-8; header=present"
            : $"{MediaTypeNames.Application.Json}; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{file}\"";
        var text = isCsv ? TableCsv.Of(rows) : rows.ToJsonString(ApiJson.Options);
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted);
    }

    // The clicks of a page about several links. The file has headers of its own, but not the reply to a wrong question.
    private static async Task<IResult> ExportClicks(
        HttpContext http,
        ScopeFinder scopes,
        ExportReader reader,
        AuditLog audit,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return await StatisticsEndpoints.ExportAll(http, scopes, reader, audit, clock, cancel);
    }

    // Signs that every system allows in a name of a file, and every header.
    private static string InFileName(string tag) =>
        string.Concat(tag.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    private static DateOnly Today(HttpContext http, TimeProvider clock) =>
        DateOnly.FromDateTime(LocalClock.At(clock.GetUtcNow().ToUnixTimeSeconds(), http.Caller().TimeZone));
}
