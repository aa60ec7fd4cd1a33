using System.Globalization;
using System.Text.RegularExpressions;
using Signpost.Dashboard.Explaining;
using Signpost.Links.Targeting;
using static Signpost.Dashboard.Links.Form.LinkFormPage;
using static Signpost.Dashboard.Links.Form.LinkFormPage.LinkFormView;

namespace Signpost.Dashboard.Links.Form;

/// <summary>The targeting rules of the form as people read them.</summary>
internal static partial class RuleKeys
{
    /// <summary>The keys of a type in the language of the page; empty: people write them.</summary>
    public static IReadOnlyList<Option> Of(string type, IReadOnlyDictionary<string, string> texts) =>
        type is "browser_name" ? [] : [.. FieldNames.KeysOf(type, texts).Select(one => new Option(one.Key, one.Name))];

    /// <summary>The options of one rule. A key that is not in the list is its own text.</summary>
    public static IEnumerable<Option> Shown(IReadOnlyList<Option> choices, string key, bool isWhole)
    {
        var own = choices.FirstOrDefault(one => one.Value == key);
        if (own is null && key is not "")
            own = new(key, key);
        if (!isWhole)
            return own is null ? [] : [own];
        return own is null || choices.Contains(own) ? choices : [own, .. choices];
    }

    /// <summary>The sentence of a rule, cut at the places of its two fields.</summary>
    public static IEnumerable<string> PartsOfSentence(string type, IReadOnlyDictionary<string, string> texts)
    {
        var kind = type switch
        {
            "continent_code" or "country_code" or "city_name" => "place",
            "browser_language" => "language",
            "rotation" => "rotation",
            _ => "agent",
        };
        return Field().Split(texts[$"link.rule.{kind}"]).Select(part => part.Trim()).Where(part => part is not "");
    }

    /// <summary>The share of all visitors that a weight means; null: it is no weight.</summary>
    public static string? Percent(
        LinkValues.Rule rule,
        IEnumerable<LinkValues.Rule> all,
        IReadOnlyDictionary<string, string> texts
    )
    {
        var sum = all.Sum(one => WeightOf(one) ?? 0);
        return WeightOf(rule) is { } weight && sum > 0
            ? Web.Components.Shown.Percent((double)(weight / sum), texts)
            : null;
    }

    private static decimal? WeightOf(LinkValues.Rule rule) =>
        TargetingKeys.Weight(rule.Key) is { } weight ? decimal.Parse(weight, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"(\{key\}|\{value\})")]
    private static partial Regex Field();
}
