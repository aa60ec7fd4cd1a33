using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Core.Tests.Statistics;

/// <summary>The plainest answers that are right, to compare with.</summary>
internal static class Naive
{
    public static string? ValueOf(ClickRow row, Dimension dimension) =>
        dimension switch
        {
            Dimension.Kind => KindNames.Of(row.Kind),
            Dimension.ContinentCode => row.Place.ContinentCode,
            Dimension.CountryCode => row.Place.CountryCode,
            Dimension.CityName => row.Place.CityName,
            Dimension.OsName => row.Agent.OsName,
            Dimension.BrowserName => row.Agent.BrowserName,
            Dimension.DeviceType => row.Agent.DeviceType,
            Dimension.BrowserLanguage => row.Language,
            Dimension.ReferrerHost => row.Referrer.Host,
            Dimension.ReferrerPath => row.Referrer.Path,
            Dimension.UtmSource => row.Utm.Source,
            Dimension.UtmMedium => row.Utm.Medium,
            Dimension.UtmCampaign => row.Utm.Campaign,
            Dimension.UtmTerm => row.Utm.Term,
            Dimension.UtmContent => row.Utm.Content,
            Dimension.Destination => row.Target.Destination,
            Dimension.Variant => row.Target.Variant,
            Dimension.Trigger => row.IsQr ? "qr" : "link",
            Dimension.Host => row.Host,
            _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
        };

    /// <summary>The value, and the values that tell equal ones apart.</summary>
    public static string? KeyOf(ClickRow row, Dimension dimension) =>
        dimension switch
        {
            Dimension.CityName => ValueKey.Of(row.Place.CityName, row.Place.CountryCode),
            Dimension.ReferrerPath => ValueKey.Of(row.Referrer.Path, row.Referrer.Host),
            Dimension.UtmMedium => ValueKey.Of(row.Utm.Medium, row.Utm.Source),
            Dimension.UtmCampaign => ValueKey.Of(row.Utm.Campaign, row.Utm.Source, row.Utm.Medium),
            _ => ValueOf(row, dimension),
        };

    public static IReadOnlyList<ValueCount> ByValue(
        IReadOnlyList<ClickRow> rows,
        Dimension dimension,
        long from,
        long to,
        IReadOnlyList<ValueFilter> filters
    )
    {
        var counted = Counted(rows, filters, dimension != Dimension.Kind).ToList();
        return
        [
            .. counted
                .Where(row => row.AtSeconds >= from && row.AtSeconds < to)
                .GroupBy(row => (Value: KeyOf(row, dimension), 0))
                .Select(group => new ValueCount(
                    group.Key.Value,
                    false,
                    new Count(
                        group.Count(),
                        FirstsOf(counted.Where(row => KeyOf(row, dimension) == group.Key.Value), from, to).Count()
                    )
                ))
                .OrderByDescending(count => count.Count.Pageviews)
                .ThenBy(count => count.Value, StringComparer.Ordinal),
        ];
    }

    public static IReadOnlyList<QuarterCount> ByTime(
        IReadOnlyList<ClickRow> rows,
        long from,
        long to,
        IReadOnlyList<ValueFilter> filters
    )
    {
        var counted = Counted(rows, filters, personsOnly: true).ToList();
        var firsts = FirstsOf(counted, from, to).ToLookup(at => at / 900 * 900);
        return
        [
            .. counted
                .Where(row => row.AtSeconds >= from && row.AtSeconds < to)
                .GroupBy(row => row.AtSeconds / 900 * 900)
                .OrderBy(quarter => quarter.Key)
                .Select(quarter => new QuarterCount(
                    quarter.Key,
                    new Count(quarter.Count(), firsts[quarter.Key].Count())
                )),
        ];
    }

    /// <summary>When each visitor of each UTC day came first, where that is in the window.</summary>
    private static IEnumerable<long> FirstsOf(IEnumerable<ClickRow> rows, long from, long to) =>
        rows.Where(row => row.Visitor != 0)
            .GroupBy(row => (row.AtSeconds / MadeClicks.Day, row.Visitor))
            .Select(visits => visits.Min(row => row.AtSeconds))
            .Where(at => at >= from && at < to);

    private static IEnumerable<ClickRow> Counted(
        IEnumerable<ClickRow> rows,
        IReadOnlyList<ValueFilter> filters,
        bool personsOnly
    ) =>
        rows.Where(row =>
            filters.All(filter => filter.Values.Contains(ValueOf(row, filter.Dimension)) != filter.IsExcluding)
            && (
                !personsOnly
                || row.Kind == ClickKind.Person
                || filters.Any(filter => filter.Dimension == Dimension.Kind)
            )
        );
}
