using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Dashboard.Explaining;
using Signpost.Statistics.Questions;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>The choices of people who add a filter: first a dimension, then its values.</summary>
internal static class FilterPickers
{
    public static FilterPicker Of(StatisticsAddress address, ValueNames names, PageTexts texts)
    {
        var picked = DimensionNames.All.Where(one => one.Name == address[StatisticsWords.Pick]).ToList();
        return new(
            [
                .. DimensionNames.All.Select(one =>
                    (address.With((StatisticsWords.Pick, one.Name)), names.Of(one), picked.Contains(one))
                ),
            ],
            picked is [var dimension] ? dimension.Name : null,
            picked is [var chosen] ? ValuesOf(chosen, names, texts) : []
        );
    }

    // Empty: the values are texts that people type.
    private static List<(string Value, string Text)> ValuesOf(Dimension dimension, ValueNames names, PageTexts texts)
    {
        IEnumerable<string> keys = dimension switch
        {
            Dimension.Kind => Enum.GetValues<ClickKind>().Select(KindNames.Of),
            Dimension.Trigger => [KindNames.Link, KindNames.Qr],
            _ => FieldNames.KeysOf(dimension.Name, texts.All).Select(one => one.Key),
        };
        List<(string Value, string Text)> values = [.. keys.Select(key => (key, names.Of(dimension, key)))];
        if (values is not [] && !dimension.IsNeverEmpty)
            values.Add((AskedStatistics.Nothing, names.Of(dimension, null)));
        return values;
    }
}
