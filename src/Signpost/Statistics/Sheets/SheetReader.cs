using System.Text.Json.Nodes;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Statistics.Live;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;

namespace Signpost.Statistics.Sheets;

/// <summary>Reads the numbers of a page with statistics: by the same questions as the API, all from one moment.</summary>
internal sealed class SheetReader(
    IStatistics statistics,
    ScopeFinder scopes,
    StatisticsResponses responses,
    Backlog backlog,
    TimeProvider clock
)
{
    private const int Quarter = Dimensions.Quarter;

    /// <summary>Reads a sheet; null: the caller has no such link, project or domain.</summary>
    /// <exception cref="TooBusyException">Too many questions wait already.</exception>
    public async Task<StatisticsSheet?> ReadAsync(Caller caller, SheetQuestion asked, CancellationToken cancel)
    {
        if (await FindAsync(caller, asked.Scope, cancel) is not { } scope)
            return null;
        var (now, asOf) = (clock.GetUtcNow(), backlog.StoredUntil);
        var question = asked.Asked.About(scope, asked.Span);
        var earlier = Earlier(asked, scope, now);
        // The strip shows every kind, also if a filter chooses some of them.
        var kinds = question.Filters.Any(filter => filter.Dimension == Dimension.Kind)
            ? question with
            {
                Filters = [.. question.Filters.Where(filter => filter.Dimension != Dimension.Kind)],
            }
            : question;
        List<CountedBy> counts = [new(question, null), new(kinds, Dimension.Kind)];
        counts.AddRange(asked.Dimensions.Select(one => new CountedBy(question, one)));
        if (asked.VariantsFrom is { } since)
            counts.Add(new(From(question, since), Dimension.Variant));
        var sure = counts.Count;
        // If one of these takes too long, the rest of the page is shown without it. Links take less than the comparison, so they come first.
        counts.AddRange(
            asked.Links.Select(link => new CountedBy(
                asked.Asked.About(new(ScopeKind.Link, link), asked.Span),
                null,
                IsOptional: true
            ))
        );
        if (earlier is not null)
            counts.Add(new(earlier, null, IsOptional: true));

        IReadOnlyList<Counted> counted;
        try
        {
            counted = await statistics.CountEachAsync(counts, cancel);
        }
        catch (TooBusyException error) when (error.ClicksRead is not null)
        {
            return SheetOf(asked, [.. counts.Select(_ => new Counted([], []))], now) with { IsTooLarge = true };
        }

        Counted? before = earlier is null ? null : counted[^1];
        var links = counted.Skip(sure).Take(asked.Links.Count).ToList();
        return SheetOf(asked, counted, now) with
        {
            Links = links.Exists(one => one.IsMissing)
                ? null
                : [.. links.Select(one => TimeRows.Of(asked.Span, one.Quarters, now, asked.Asked.Granularity))],
            Earlier = before is { IsMissing: false } known ? Sum(known.Quarters) : null,
            EarlierTo = earlier?.To ?? 0,
            IsEarlierTooLarge = before?.IsMissing is true,
            Variants = asked.VariantsFrom is null ? [] : counted[sure - 1].Values,
            AsOf = asOf,
        };
    }

    /// <summary>The clicks by tag; null: the caller has no such project or domain.</summary>
    public async Task<IReadOnlyList<ValueCount>?> ReadTagsAsync(
        Caller caller,
        SheetQuestion asked,
        CancellationToken cancel
    )
    {
        if (await FindAsync(caller, asked.Scope, cancel) is not { } scope)
            return null;
        try
        {
            return await statistics.CountByTagAsync(asked.Asked.About(scope, asked.Span), cancel);
        }
        catch (TooBusyException error) when (error.ClicksRead is not null)
        {
            return null;
        }
    }

    /// <summary>One table as the API returns it, and the name of the scope in the name of a file; null: the caller has no such link, project or domain.</summary>
    public async Task<(JsonArray Rows, string Name)?> ReadTableAsync(
        Caller caller,
        SheetScope scope,
        AskedStatistics asked,
        CancellationToken cancel
    ) =>
        await FindAsync(caller, scope, cancel) is { } found
            ? (
                (JsonArray)(await responses.AnswerAsync(found, asked, warnings: null, cancel))["data"]!,
                StatisticsEndpoints.NamesOf(found).Name
            )
            : null;

    /// <summary>Sends the clicks of a scope as they happen; null: the caller has no such link, project or domain.</summary>
    public async Task<IResult?> FollowAsync(HttpContext http, SheetScope scope, LiveStream stream)
    {
        if (await FindAsync(http.Caller(), scope, http.RequestAborted) is not { } found)
            return null;
        var last = http.Request.Headers["Last-Event-ID"].ToString();
        return await stream.RunAsync(http, found, FieldText.TryNumber(last, out var after) ? after : null)
            ?? Results.Empty;
    }

    private static StatisticsSheet SheetOf(SheetQuestion asked, IReadOnlyList<Counted> counted, DateTimeOffset now)
    {
        var (span, quarters) = (asked.Span, counted[0].Quarters);
        var today = DateOnly.FromDateTime(LocalClock.At(now.ToUnixTimeSeconds(), span.Zone));
        return new()
        {
            Times = TimeRows.Of(span, quarters, now, asked.Asked.Granularity),
            Total = Sum(quarters),
            Days = Math.Max(1, Math.Min(span.End.DayNumber, today.DayNumber) - span.Start.DayNumber + 1),
            BestDay = BestOf(quarters, span.Zone),
            Hours = HourRow.Of(quarters, span.Zone, tellsWeekdays: false),
            WeekHours = HourRow.Of(quarters, span.Zone, tellsWeekdays: true),
            Kinds = counted[1].Values,
            Tables = asked
                .Dimensions.Select((one, at) => (one, counted[at + 2].Values))
                .ToDictionary(pair => pair.one, pair => pair.Values),
            AsOf = now,
        };
    }

    // The whole quarters of an hour after a moment.
    private static StatisticsQuestion From(StatisticsQuestion question, long since)
    {
        var from = (since + Quarter - 1) / Quarter * Quarter;
        return from <= question.From ? question
            : from < question.To ? question with { From = from }
            : question with { From = question.To };
    }

    // While today is in the range, the last of the earlier days is counted until the same time of day.
    private static StatisticsQuestion? Earlier(SheetQuestion asked, StatisticsScope scope, DateTimeOffset now)
    {
        if (asked.EarlierDays == 0)
            return null;
        var question = asked.Asked.About(scope, asked.Earlier);
        var seconds = now.ToUnixTimeSeconds();
        if (seconds < asked.Span.From || seconds >= asked.Span.To)
            return question;

        var local = LocalClock.At(seconds, asked.Span.Zone);
        var start = asked.Span.StartOf(DateOnly.FromDateTime(local).AddDays(-asked.EarlierDays));
        var to = start + (long)local.TimeOfDay.TotalSeconds / Quarter * Quarter;
        // Clocks may change on the earlier day.
        var shift = local.AddDays(-asked.EarlierDays) - LocalClock.At(to, asked.Span.Zone);
        to += (long)Math.Floor(shift.TotalSeconds / Quarter) * Quarter;
        to = Math.Max(to, start + Quarter);
        return question with { To = Math.Min(question.To, Math.Max(to, question.From + Quarter)) };
    }

    private static (DateOnly Day, Count Count)? BestOf(IReadOnlyList<QuarterCount> quarters, TimeZoneInfo zone)
    {
        LocalClock clock = new(zone);
        var days = quarters
            .Select(quarter => (Day: DateOnly.FromDateTime(clock.At(quarter.Start)), quarter.Count))
            .GroupBy(one => one.Day, one => one.Count)
            .Select(day => (Day: day.Key, Count: day.Aggregate(default(Count), (sum, one) => sum + one)))
            .Where(day => day.Count.Pageviews > 0)
            .ToList();
        return days is [] ? null : days.MaxBy(day => (day.Count.Pageviews, -day.Day.DayNumber));
    }

    private static Count Sum(IReadOnlyList<QuarterCount> quarters) =>
        quarters.Aggregate(default(Count), (sum, quarter) => sum + quarter.Count);

    private async Task<StatisticsScope?> FindAsync(Caller caller, SheetScope scope, CancellationToken cancel) =>
        scope.LinkId is { } link
            ? await scopes.OfLinkAsync(caller, link, cancel)
            : await scopes.OfAsync(caller, scope.ProjectId, scope.DomainId, cancel);
}
