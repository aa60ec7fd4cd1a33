using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Tests.ClickStore;

/// <summary>The simplest correct counts, to compare with.</summary>
internal static class NaiveStatistics
{
    private const long Day = 86_400;

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
            Dimension.Host => row.Host,
            _ => row.IsQr ? "qr" : "link",
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

    /// <summary>For each value, a visitor counts once per UTC day, at the first click of that day.</summary>
    public static List<ValueCount> ByValue(
        IEnumerable<ClickRow> rows,
        Dimension dimension,
        long from,
        long to,
        params ValueFilter[] filters
    ) =>
        [
            .. Counted(rows, filters, dimension != Dimension.Kind)
                .ToLookup(row => KeyOf(row, dimension))
                .Select(of => new ValueCount(of.Key, false, CountOf(of, from, to)))
                .Where(count => count.Count.Pageviews > 0)
                .OrderByDescending(count => count.Count.Pageviews)
                .ThenBy(count => count.Value, StringComparer.Ordinal),
        ];

    public static List<QuarterCount> ByTime(
        IEnumerable<ClickRow> rows,
        long from,
        long to,
        params ValueFilter[] filters
    )
    {
        var counted = Counted(rows, filters, personsOnly: true).ToList();
        var firsts = FirstsOf(counted).ToLookup(at => at / 900 * 900);
        return
        [
            .. counted
                .GroupBy(row => row.AtSeconds / 900 * 900)
                .Where(quarter => quarter.Key >= from && quarter.Key < to)
                .OrderBy(quarter => quarter.Key)
                .Select(quarter => new QuarterCount(quarter.Key, new(quarter.Count(), firsts[quarter.Key].Count()))),
        ];
    }

    private static Count CountOf(IEnumerable<ClickRow> rows, long from, long to)
    {
        var all = rows.ToList();
        return new(
            all.Count(row => row.AtSeconds >= from && row.AtSeconds < to),
            FirstsOf(all).Count(at => at >= from && at < to)
        );
    }

    /// <summary>When each visitor of each UTC day came first.</summary>
    private static IEnumerable<long> FirstsOf(IEnumerable<ClickRow> rows) =>
        rows.Where(row => row.Visitor != 0)
            .GroupBy(row => (row.AtSeconds / Day, row.Visitor))
            .Select(visits => visits.Min(row => row.AtSeconds));

    private static IEnumerable<ClickRow> Counted(IEnumerable<ClickRow> rows, ValueFilter[] filters, bool personsOnly) =>
        rows.Where(row =>
            filters.All(filter => filter.Values.Contains(ValueOf(row, filter.Dimension)) != filter.IsExcluding)
            && (
                !personsOnly
                || row.Kind == ClickKind.Person
                || filters.Any(filter => filter.Dimension == Dimension.Kind)
            )
        );
}
