using System.Globalization;
using Signpost.Core.Statistics;
using Signpost.Statistics.Questions;

namespace Signpost.Statistics.Responses;

/// <summary>The clicks of an hour, a day, a week or a month.</summary>
/// <param name="Label">As in <c>2026-11-22 13:00:00</c>, <c>2026-11-22</c> or <c>2026-11</c>; of a week its first day.</param>
/// <param name="Start">Its first second, since 1970-01-01 UTC.</param>
internal readonly record struct TimeRow(string Label, long Start, Count Count);

/// <summary>Adds up UTC quarters of an hour to the hours, days, weeks or months of a time zone.</summary>
internal static class TimeRows
{
    public const int MostDaysByHour = 2;
    public const int MostDaysByDay = 100;
    private const int Quarter = Dimensions.Quarter;

    /// <summary>
    /// Each hour, day, week or month that has begun, in order; also those without clicks. Later ones are there up to the last click, which lies in
    /// the future if a clock was wrong.
    /// </summary>
    public static TimeRow[] Of(
        DateSpan span,
        IReadOnlyList<QuarterCount> quarters,
        DateTimeOffset now,
        Granularity? granularity = null
    )
    {
        var until = Math.Max(now.ToUnixTimeSeconds(), quarters.Count > 0 ? quarters[^1].Start : 0);
        var rows = Empty(span, granularity ?? UsualOf(span)).TakeWhile(row => row.Start <= until).ToArray();
        var at = 0;
        foreach (var quarter in quarters)
        {
            // If two begin at the same time, the first has no length: the zone skipped that day.
            while (at + 1 < rows.Length && rows[at + 1].Start <= quarter.Start)
                at++;
            if (at < rows.Length)
                rows[at] = rows[at] with { Count = rows[at].Count + quarter.Count };
        }

        return rows;
    }

    /// <summary>The granularity of a span unless another is asked for.</summary>
    public static Granularity UsualOf(DateSpan span) =>
        span.Days <= MostDaysByHour ? Granularity.Hour
        : span.Days <= MostDaysByDay ? Granularity.Day
        : Granularity.Month;

    private static IEnumerable<TimeRow> Empty(DateSpan span, Granularity granularity) =>
        granularity switch
        {
            Granularity.Hour => Hours(span),
            Granularity.Day => Days(span, day => day.AddDays(1)),
            Granularity.Week => Days(span, MondayAfter),
            _ => Months(span),
        };

    // An hour usually has 60 minutes. When clocks go back by an hour, that hour comes twice and gets two rows.
    // When they go back by half an hour, the hour is longer.
    private static IEnumerable<TimeRow> Hours(DateSpan span)
    {
        var last = "";
        for (var at = span.From; at < span.To; at += Quarter)
        {
            var local = LocalClock.At(at, span.Zone);
            var label = local.ToString("yyyy-MM-dd HH':00:00'", CultureInfo.InvariantCulture);
            if (label == last && local.Minute != 0)
                continue;
            last = label;
            yield return new(label, at, default);
        }
    }

    private static IEnumerable<TimeRow> Days(DateSpan span, Func<DateOnly, DateOnly> next)
    {
        for (var day = span.Start; day <= span.End; day = next(day))
            yield return new(DateSpan.Write(day), span.StartOf(day), default);
    }

    private static DateOnly MondayAfter(DateOnly day) => day.AddDays(7 - ((int)day.DayOfWeek + 6) % 7);

    private static IEnumerable<TimeRow> Months(DateSpan span)
    {
        for (var day = span.Start; day <= span.End; day = new DateOnly(day.Year, day.Month, 1).AddMonths(1))
            yield return new(day.ToString("yyyy-MM", CultureInfo.InvariantCulture), span.StartOf(day), default);
    }
}
