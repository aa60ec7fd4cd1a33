using Signpost.Api;
using Signpost.ClickStore;
using Signpost.Core.Statistics;
using Signpost.Hosting;

namespace Signpost.Links;

/// <summary>Reads the clicks of several links by days, for small charts in lists.</summary>
internal sealed class LinkTrends(IStatistics statistics, TimeProvider clock)
{
    /// <summary>The days of a trend; the last one is today.</summary>
    public const int Days = 30;

    /// <summary>A list does not wait longer for its charts.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The persons' clicks of each link by days of the zone, in the order of the links; null: the server is too busy to count them now. The caller
    /// may see these links.
    /// </summary>
    public async Task<IReadOnlyList<long[]>?> ReadAsync(
        IReadOnlyList<long> links,
        TimeZoneInfo zone,
        CancellationToken cancel
    )
    {
        if (links is [])
            return [];
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).Date);
        long[] starts = [.. Enumerable.Range(1 - Days, Days + 1).Select(day => StartOf(today.AddDays(day), zone))];
        var questions = links.Select(link => new CountedBy(
            new(new(ScopeKind.Link, link), starts[0], starts[Days], []),
            Dimension: null
        ));
        try
        {
            var counts = await statistics.CountEachAsync([.. questions], cancel).WaitAsync(LongestWait, clock, cancel);
            return [.. counts.Select(one => ByDay(one.Quarters, starts))];
        }
        catch (Exception error) when (error is TooBusyException or TimeoutException)
        {
            return null;
        }
    }

    // Some zones were minutes off in the past; counts are by quarters of an hour.
    private static long StartOf(DateOnly day, TimeZoneInfo zone) =>
        LocalTime.StartOf(day, zone) / 1_000 / Dimensions.Quarter * Dimensions.Quarter;

    private static long[] ByDay(IReadOnlyList<QuarterCount> quarters, long[] starts)
    {
        var days = new long[Days];
        var day = 0;
        foreach (var (start, count) in quarters)
        {
            while (start >= starts[day + 1])
                day++;
            days[day] += count.Pageviews;
        }

        return days;
    }
}
