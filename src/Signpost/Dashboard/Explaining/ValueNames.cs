using System.Globalization;
using System.Text.RegularExpressions;
using Signpost.Core.Statistics;
using Signpost.Statistics.Questions;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Explaining;

/// <summary>The values of clicks as people read them.</summary>
internal sealed partial class ValueNames(PageTexts texts)
{
    /// <summary>The name of a dimension, as in <c>Country</c>.</summary>
    public string Of(Dimension dimension) => texts[$"by.{dimension.Name}"];

    /// <summary>The name of a value; null: the clicks without a value.</summary>
    public string Of(Dimension dimension, string? value) =>
        (dimension, value) switch
        {
            (Dimension.ReferrerHost or Dimension.ReferrerPath, null) => texts["stats.direct"],
            (Dimension.Variant, null) => texts["stats.no_rule"],
            (>= Dimension.UtmSource and <= Dimension.UtmCampaign, null) => texts["stats.none"],
            (Dimension.UtmTerm or Dimension.UtmContent, null) => texts["stats.none"],
            (_, null) => texts["explain.any"],
            (Dimension.CountryCode, _) => Names.Country(value, texts.Language),
            (Dimension.ContinentCode, _) => Names.Continents(texts.Language).GetValueOrDefault(value, value),
            (Dimension.BrowserLanguage, _) => Names.Languages(texts.Language).GetValueOrDefault(value, value),
            (Dimension.DeviceType, _) => texts.All.GetValueOrDefault($"device.{value}", value),
            (Dimension.Kind, _) => texts.All.GetValueOrDefault($"stats.kind.{value}", value),
            (Dimension.Trigger, _) => texts[value is KindNames.Qr ? "stats.trigger.qr" : "stats.trigger.link"],
            // Apple's name since 2016.
            (Dimension.OsName, "OS X") => "macOS",
            (Dimension.Destination, _) => WithoutScheme(value),
            (Dimension.Variant, _) => OfVariant(value),
            _ => value,
        };

    /// <summary>The name of a row, and what tells it from other rows with this name.</summary>
    public (string Name, string? Detail) Of(Dimension dimension, ValueCount row)
    {
        if (row.IsOther)
            return (texts["stats.other"], null);
        var parents = Dimensions.ParentsOf(dimension);
        var values = ValueKey.Split(row.Value, parents.Count);
        if (dimension is Dimension.ReferrerPath && values is [{ } path, { } host])
            return (host + path, null);
        var details = parents
            .Select((parent, at) => values[at + 1] is { } value ? Of(parent, value) : null)
            .OfType<string>()
            .ToList();
        return (Of(dimension, values[0]), details is [] ? null : string.Join(" / ", details));
    }

    /// <summary>The filters that lead to the clicks of a row; empty: there are none.</summary>
    public static IReadOnlyList<(string Name, string Value)> FiltersOf(Dimension dimension, ValueCount row)
    {
        if (row.IsOther)
            return [];
        var parents = Dimensions.ParentsOf(dimension);
        var values = ValueKey.Split(row.Value, parents.Count);
        return [.. parents.Prepend(dimension).Select((one, at) => (one.Name, values[at] ?? AskedStatistics.Nothing))];
    }

    private string OfVariant(string value)
    {
        if (Variant().Match(value) is not { Success: true } found)
            return value;
        var number = int.Parse(found.Groups["index"].ValueSpan, CultureInfo.InvariantCulture) + 1;
        var type = found.Groups["type"].Value;
        return $"{texts.All.Fill("stats.rule", ("number", $"{number}"))} ({texts.All.GetValueOrDefault($"by.{type}", type)})";
    }

    private static string WithoutScheme(string address)
    {
        var end = address.IndexOf("://", StringComparison.Ordinal);
        return end < 0 ? address : address[(end + "://".Length)..];
    }

    [GeneratedRegex(@"\Atargeting_(?<type>[a-z_]+)\[(?<index>[0-9]{1,6})\]\z")]
    private static partial Regex Variant();
}
