using System.Globalization;
using Microsoft.Extensions.Caching.Hybrid;
using Signpost.ClickStore;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;
using Signpost.Storage;

namespace Signpost.Statistics.Publishing;

/// <summary>
/// Counts public statistics, for one of a few periods that end today. They reveal neither the destination nor the exact page from which a
/// visitor came.
/// </summary>
internal sealed class PublicStatistics(IStatistics statistics, HybridCache cache, TimeProvider clock) : IDisposable
{
    private const int MostRows = 8;
    private const string Usual = "30";

    private static readonly (string Name, Dimension Dimension)[] Shown =
    [
        ("countries", Dimension.CountryCode),
        ("referrers", Dimension.ReferrerHost),
        ("systems", Dimension.OsName),
        ("browsers", Dimension.BrowserName),
        ("devices", Dimension.DeviceType),
    ];

    public SharedReads Reads { get; } = new(cache, clock, "statistics");

    /// <param name="days">The wanted period; null or one that the owner does not show: the usual one.</param>
    /// <exception cref="TooBusyException">Too many others are counted at the moment.</exception>
    public async Task<PublicNumbers> CountAsync(Published published, string? days, CancellationToken cancel)
    {
        // Only a few periods, so that few answers are computed and kept.
        var (periods, shows) = (PublicParts.Periods.Read(published.Periods), PublicParts.Shows.Read(published.Shows));
        var period = int.Parse(
            periods.FirstOrDefault(one => one == days)
                ?? periods.FirstOrDefault(one => one == Usual)
                ?? periods.FirstOrDefault(Usual),
            CultureInfo.InvariantCulture
        );
        var counted = await Reads.GetAsync(
            $"{published.Scope.Kind}/{published.Scope.Id}/{period}/{published.TimeZone}",
            unwanted => CountAsync(published, period, clock.GetUtcNow(), unwanted),
            cancel
        );
        return counted with
        {
            Periods = [.. periods.Select(one => int.Parse(one, CultureInfo.InvariantCulture))],
            Lists = [.. counted.Lists.Where(list => shows.Contains(list.Name))],
        };
    }

    public void Dispose() => Reads.Dispose();

    private async Task<PublicNumbers> CountAsync(
        Published published,
        int period,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(published.TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var span = new DateSpan(today.AddDays(1 - period), today, zone);
        var question = new StatisticsQuestion(published.Scope, span.From, span.To, []);
        var days = TimeRows.Of(span, await statistics.CountByTimeAsync(question, cancel), now);
        List<PublicList> lists = [];
        foreach (var (name, dimension) in Shown)
            lists.Add(new(name, Shorten(await statistics.CountByValueAsync(question, dimension, cancel))));
        return new(
            [.. days.Select((day, at) => (span.Start.AddDays(at), day.Count.Pageviews, day.Count.Visitors))],
            lists
        );
    }

    // One row for the rest comes last.
    private static List<PublicRow> Shorten(IReadOnlyList<ValueCount> counts) =>
        [
            .. ValueCount
                .Shorten(counts, MostRows)
                .OrderBy(count => count.IsOther)
                .Select(count => new PublicRow(count.Value, count.IsOther, count.Count.Pageviews)),
        ];
}
