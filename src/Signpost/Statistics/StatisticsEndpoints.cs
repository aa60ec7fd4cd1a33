using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Signpost.Accounts.Audit;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.ClickStore;
using Signpost.Hosting;
using Signpost.Statistics.Listing;
using Signpost.Statistics.Live;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;

namespace Signpost.Statistics;

/// <summary>Statistics over HTTP. Each handler reads a question, finds its scope, and passes both on.</summary>
internal static class StatisticsEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    public static RouteGroupBuilder MapStatistics(this IEndpointRouteBuilder api)
    {
        var statistics = api.MapGroup("/statistics").WithTags("Statistics").Scoped(Scopes.StatsRead);
        statistics
            .MapGet("/", CountAll)
            .Describe(
                "countClicks",
                "Count the clicks of all your links",
                "project_id or domain_id narrows it. Types and filters are the same as for one link."
            )
            .WithQuery(StatisticsDocumentation.QuestionOfAll)
            .AnswersRows();
        statistics
            .MapGet("/live", FollowLive)
            .Describe(
                "followClicks",
                "Follow clicks as they happen",
                "Server-sent events, one for each request of any kind. Send the last id as Last-Event-ID to continue after it; "
                    + "the server remembers the last 10,000 requests."
            )
            .WithQuery(StatisticsDocumentation.Live)
            .AnswersEvents();
        statistics
            .MapGet("/orphans", CountOrphans)
            .Describe(
                "countOrphans",
                "Count requests for unknown aliases",
                "For one of your domains. The main domain is for admins only. Days are UTC days."
            )
            .WithQuery(StatisticsDocumentation.Orphans);
        statistics
            .MapGet("/export", ExportAll)
            .Describe(
                "exportClicks",
                "Export the clicks of all your links",
                "Link by link, each link's clicks oldest first. project_id or domain_id narrows it. The file is like that of one link."
            )
            .WithQuery(StatisticsDocumentation.ExportOfAll)
            .AnswersFile();
        statistics
            .MapGet("/{link_id}", CountLink)
            .Describe(
                "countLinkClicks",
                "Count the clicks of a link",
                "Counts by time or by the values of one dimension. Each dimension is also a filter, for every type. Only clicks of "
                    + "persons count, unless kind is the type or a filter."
            )
            .WithQuery(StatisticsDocumentation.Question)
            .AnswersRows();
        statistics
            .MapGet("/{link_id}/clicks", ListClicks)
            .Describe(
                "listLinkClicks",
                "List the clicks of a link, newest first",
                "Lists requests of every kind. Continue with next_cursor until it is null. New clicks do not shift the pages."
            )
            .WithQuery(StatisticsDocumentation.ClickPage);
        statistics
            .MapGet("/{link_id}/export", ExportLink)
            .Describe(
                "exportLinkClicks",
                "Export the clicks of a link, oldest first",
                "Sends all clicks as a file. CSV begins with a byte order mark, times have their offset, and a text that a "
                    + "spreadsheet could take for a formula gets an apostrophe before it."
            )
            .WithQuery(StatisticsDocumentation.Export)
            .AnswersFile();
        statistics.MapGet("/{link_id}/clicks/export", ExportLink).ExcludeFromDescription();
        return statistics;
    }

    private static async Task<Answered<JsonObject>> CountAll(
        HttpContext http,
        ScopeFinder scopes,
        StatisticsResponses answers,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var read = Reader(http);
        var asked = AskedStatistics.Read(read, caller.TimeZone, Today(caller, clock));
        var (project, domain) = ReadScope(read);
        read.WarnOfUnknown();
        if (read.Errors is not [])
            return new Refusal.Invalid(read.Errors);

        return await scopes.OfAsync(caller, project, domain, cancel) is { } scope
            ? await AnswerAsync(answers, scope, asked, read, cancel)
            : new Refusal.Missing();
    }

    private static async Task<Answered<JsonObject>> CountLink(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        ScopeFinder scopes,
        StatisticsResponses answers,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        if (await scopes.OfLinkAsync(caller, id, cancel) is not { } scope)
            return new Refusal.Missing();

        var read = Reader(http);
        var asked = AskedStatistics.Read(read, caller.TimeZone, Today(caller, clock));
        read.WarnOfUnknown();
        return read.Errors is []
            ? await AnswerAsync(answers, scope, asked, read, cancel)
            : new Refusal.Invalid(read.Errors);
    }

    private static async Task<Answered<JsonObject>> AnswerAsync(
        StatisticsResponses answers,
        StatisticsScope scope,
        AskedStatistics asked,
        FieldReader read,
        CancellationToken cancel
    )
    {
        try
        {
            return await answers.AnswerAsync(scope, asked, read.WarningsOrNull, cancel);
        }
        catch (TooBusyException error) when (error.ClicksRead is not null)
        {
            read.Add(error.Message, "start_date");
            return new Refusal.Invalid(read.Errors);
        }
    }

    private static async Task<Answered<ClickPage>> ListClicks(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        ScopeFinder scopes,
        ClickPages pages,
        PublicAddress address,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        if (await scopes.OfLinkAsync(caller, id, cancel) is not { } scope)
            return new Refusal.Missing();

        var read = Reader(http);
        var question = pages.Read(caller, read);
        read.WarnOfUnknown();
        if (read.Errors is not [])
            return new Refusal.Invalid(read.Errors);

        var (clicks, next) = await pages.ListAsync(caller, scope.Id, question, cancel);
        return new ClickPage(
            clicks,
            new(question.Size, next) { Warnings = read.WarningsOrNull },
            new(next is { } at ? NextPage(http, $"{address.Url}/api/statistics/{scope.Id}/clicks", at) : null)
        );
    }

    /// <summary>The clicks of a link as a file.</summary>
    internal static async Task<IResult> ExportLink(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        ScopeFinder scopes,
        ExportReader reader,
        AuditLog audit,
        TimeProvider clock,
        CancellationToken cancel
    ) =>
        await scopes.OfLinkAsync(http.Caller(), id, cancel) is { } scope
            ? FileOf(http, Reader(http), scope, reader, audit, clock)
            : ApiResult.NotFound;

    internal static async Task<IResult> ExportAll(
        HttpContext http,
        ScopeFinder scopes,
        ExportReader reader,
        AuditLog audit,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var read = Reader(http);
        var (project, domain) = ReadScope(read);
        if (read.Errors is not [])
            return ApiResult.Errors(400, read.Errors);
        return await scopes.OfAsync(http.Caller(), project, domain, cancel) is { } scope
            ? FileOf(http, read, scope, reader, audit, clock)
            : ApiResult.NotFound;
    }

    private static IResult FileOf(
        HttpContext http,
        FieldReader read,
        StatisticsScope scope,
        ExportReader reader,
        AuditLog audit,
        TimeProvider clock
    )
    {
        var caller = http.Caller();
        var today = Today(caller, clock);
        var asked = AskedStatistics.ReadClicks(read, caller.TimeZone, today, canWarn: false);
        var word = read.OneOf("format", "csv", "json", "ndjson").Value ?? "csv";
        if (read.Errors is not [])
            return ApiResult.Errors(400, read.Errors);

        var (name, told) = NamesOf(scope);
        var format = Enum.Parse<ExportFormat>(word, ignoreCase: true);
        var fileName = $"clicks-{name}-{DateSpan.Write(today)}.{word}";
        if (HttpMethods.IsHead(http.Request.Method))
        {
            ClickExport.SetHeaders(http.Response, format, fileName);
            return Results.Empty;
        }

        audit.AddLater(AuditLine.By(caller, AuditEvent.ClicksExported, caller.AccountId, $"{told}, {word}"));
        return new ClickExport(
            reader.ReadAsync(caller.AccountId, asked.About(scope, asked.Span), http.RequestAborted),
            format,
            caller.TimeZone,
            fileName
        );
    }

    /// <summary>The name of a scope in a file's name, and in the audit log.</summary>
    internal static (string Name, string Told) NamesOf(StatisticsScope scope) =>
        scope.Kind switch
        {
            ScopeKind.Link => ($"{scope.Id}", $"link {scope.Id}"),
            ScopeKind.Project => ($"project-{scope.Id}", $"project {scope.Id}"),
            ScopeKind.Domain => ($"domain-{scope.Id}", $"domain {scope.Id}"),
            ScopeKind.MainDomain => ("domain-0", "domain 0"),
            _ => ("all", "all links"),
        };

    private static async Task<IResult> FollowLive(
        HttpContext http,
        ScopeFinder scopes,
        LiveStream stream,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var read = Reader(http);
        var link = read.Number("link_id", FromOne);
        var (project, domain) = ReadScope(read);
        if (link.Value is not null && (project ?? domain) is not null)
            read.Add("link_id cannot be combined with project_id or domain_id.", link.As!);
        var after = 0L;
        var last = http.Request.Headers[LastEventId].ToString();
        if (last is not "" && !FieldText.TryNumber(last, out after))
            read.Add($"{LastEventId} must be the id of an event.", LastEventId);
        if (read.Errors is not [])
            return ApiResult.Errors(400, read.Errors);

        var found = link.Value is { } id
            ? await scopes.OfLinkAsync(caller, id, cancel)
            : await scopes.OfAsync(caller, project, domain, cancel);
        if (found is not null && HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = LiveStream.ContentType;
            return Results.Empty;
        }

        return found is { } scope
            ? await stream.RunAsync(http, scope, last is "" ? null : after) ?? Results.Empty
            : ApiResult.NotFound;
    }

    private static async Task<Answered<OrphanListResponse>> CountOrphans(
        HttpContext http,
        OrphanResponses orphans,
        CancellationToken cancel
    )
    {
        var read = Reader(http);
        var question = orphans.Read(read);
        var domain = question.DomainId ?? 0;
        read.WarnOfUnknown();
        if (read.Errors is not [])
            return new Refusal.Invalid(read.Errors);

        return await orphans.RefusalAsync(http.Caller(), domain, cancel) is { } why
            ? why
            : await orphans.AnswerAsync(domain, question.Asked, cancel) with
            {
                Meta = read.WarningsOrNull is { } warnings ? new(warnings) : null,
            };
    }

    private static FieldReader Reader(HttpContext http) => new(http.Query(), http.Caller().TimeZone);

    private static (long? Project, long? Domain) ReadScope(FieldReader read)
    {
        var project = read.Number("project_id", FromOne);
        var domain = read.Number("domain_id", _ => null);
        if (project.Value is not null && domain.Value is not null)
            read.Add("domain_id cannot be combined with project_id.", domain.As!);
        return (project.Value, domain.Value);
    }

    private static string? FromOne(long number) => number >= 1 ? null : "must be 1 or more";

    private static DateOnly Today(Caller caller, TimeProvider clock) => Today(caller.TimeZone, clock);

    private static DateOnly Today(TimeZoneInfo zone, TimeProvider clock) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);

    private static string NextPage(HttpContext http, string url, long cursor)
    {
        var others = FormBody
            .Pairs(http.Request.QueryString.Value ?? "")
            .Where(pair => pair.Name is not ("cursor" or ""))
            .Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}&");
        return string.Create(CultureInfo.InvariantCulture, $"{url}?{string.Concat(others)}cursor={cursor}");
    }
}
