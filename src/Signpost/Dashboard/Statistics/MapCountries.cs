using Signpost.Core.Statistics;
using Signpost.Dashboard.Explaining;
using Signpost.Web.Components;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>Shades countries by their clicks. Each shade has twice the clicks of the one before, so that small countries differ, too.</summary>
internal static class MapCountries
{
    private const int Darkest = 5;

    /// <summary>The countries of rows; null: no country is known.</summary>
    public static IReadOnlyDictionary<string, MapCountry>? Of(
        IReadOnlyList<ValueCount> rows,
        StatisticsAddress address,
        ValueNames names,
        PageTexts texts
    )
    {
        var known = rows.Where(row => row.Value is not null).ToList();
        if (known is [])
            return null;
        var most = known.Max(row => row.Count.Pageviews);
        return known.ToDictionary(
            row => row.Value!,
            row => new MapCountry(
                Math.Max(1, Darkest - (int)Math.Log2((double)most / row.Count.Pageviews)),
                $"{names.Of(Dimension.CountryCode, row.Value)}: {Shown.Number(row.Count.Pageviews, texts.All)}",
                address.Plus(ValueNames.FiltersOf(Dimension.CountryCode, row))
            )
        );
    }
}
