using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Signpost.Core.Visitors;
using Signpost.Links.Targeting;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Links.Form.LinkFormPage;
using static Signpost.Dashboard.Links.Form.LinkFormPage.LinkFormView;

namespace Signpost.Dashboard.Links.Form;

/// <summary>The keys of targeting rules as people read them.</summary>
internal static partial class RuleKeys
{
    private static readonly ConcurrentDictionary<(string, string), IReadOnlyList<Option>> Lists = new();

    /// <summary>The keys of a type in the language of the page; empty: there are too many to list.</summary>
    public static IReadOnlyList<Option> Of(string type, IReadOnlyDictionary<string, string> texts) =>
        Lists.GetOrAdd((type, texts["language"]), _ => Read(type, texts));

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

    /// <summary>The name of a key.</summary>
    public static string NameOf(string type, string key, IReadOnlyDictionary<string, string> texts) =>
        Of(type, texts).FirstOrDefault(one => one.Value == key)?.Text ?? key;

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

    private static Option[] Read(string type, IReadOnlyDictionary<string, string> texts)
    {
        var language = texts["language"];
        return type switch
        {
            "continent_code" => Sorted(Names.Continents(language), language),
            "country_code" => Sorted(
                Countries.Codes.Select(code => KeyValuePair.Create(code, Names.Country(code, language))),
                language
            ),
            "browser_language" => Sorted(Names.Languages(language), language),
            "device_type" =>
            [
                .. ((string[])["desktop", "mobile", "tablet"]).Select(key => new Option(
                    key,
                    texts[$"link.device.{key}"]
                )),
            ],
            "os_name" => [.. AgentNames.Systems.Select(name => new Option(name, name))],
            _ => [],
        };
    }

    private static Option[] Sorted(IEnumerable<KeyValuePair<string, string>> names, string language) =>
        [
            .. names
                .Select(name => new Option(name.Key, name.Value))
                .OrderBy(
                    option => option.Text,
                    StringComparer.Create(CultureInfo.GetCultureInfo(language), ignoreCase: true)
                ),
        ];

    [GeneratedRegex(@"(\{key\}|\{value\})")]
    private static partial Regex Field();
}
