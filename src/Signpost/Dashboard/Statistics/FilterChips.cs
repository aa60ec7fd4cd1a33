using Signpost.Dashboard.Explaining;
using Signpost.Statistics.Questions;
using Signpost.Storage;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>The filters of an address as chips.</summary>
internal static class FilterChips
{
    public static IReadOnlyList<FilterChip> Of(StatisticsAddress address, ValueNames names, PageTexts texts) =>
        [
            .. from one in DimensionNames.All
            from chip in Pair(
                address,
                one.Name,
                AskedStatistics.NotNameOf(one),
                names.Of(one),
                value => names.Of(one, value is AskedStatistics.Nothing ? null : one.Spell(value) ?? value)
            )
            select chip,
            .. Pair(
                address,
                TagFilter.Name,
                TagFilter.NotName,
                texts["links.tag"],
                value => value is AskedStatistics.Nothing ? texts["stats.none"] : value
            ),
        ];

    private static IEnumerable<FilterChip> Pair(
        StatisticsAddress address,
        string name,
        string opposite,
        string shown,
        Func<string, string> textOf
    )
    {
        foreach (var (one, other) in ((string, string)[])[(name, opposite), (opposite, name)])
        {
            var values = address.Words.Where(word => word.Name == one).Select(word => word.Value).ToList();
            if (values is not [])
                yield return new(
                    shown,
                    IsExcluding: one == opposite,
                    address.Renamed(one, other),
                    [.. values.Select(value => (textOf(value), address.Minus(one, value)))]
                );
        }
    }
}
