using System.Collections.Concurrent;
using System.Globalization;
using Signpost.Core.Visitors;
using Signpost.Explain;
using Signpost.Links.Targeting;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Explaining;

/// <summary>The fields of a link and the keys of its targeting rules as people read them.</summary>
internal static class FieldNames
{
    private const string Utm = "utm_";

    private static readonly ConcurrentDictionary<(string, string), IReadOnlyList<(string, string)>> Sorted = new();

    /// <summary>The name of a field of the API.</summary>
    public static string Of(string field, IReadOnlyDictionary<string, string> texts) =>
        field switch
        {
            "password" => texts["field.password"],
            "tags" => texts["nav.tags"],
            "pixels_ids" => texts["nav.pixels"],
            _ when field.StartsWith(Utm, StringComparison.Ordinal) => field,
            _ when TargetingType.All.FirstOrDefault(type => type.Field == field) is { } type =>
                $"{texts["fact.targeting"]}: {OfType(type.Name, texts)}",
            _ => texts.GetValueOrDefault($"fact.{field}", field),
        };

    /// <summary>The name of a property of visitors, as in <c>country_code</c>.</summary>
    public static string OfType(string type, IReadOnlyDictionary<string, string> texts) => texts[$"by.{type}"];

    /// <summary>The name of a key of targeting rules.</summary>
    public static string OfKey(string type, string key, IReadOnlyDictionary<string, string> texts) =>
        type switch
        {
            "continent_code" => Names.Continents(texts["language"]).GetValueOrDefault(key, key),
            "country_code" => Names.Country(key, texts["language"]),
            "browser_language" => Names.Languages(texts["language"]).GetValueOrDefault(key, key),
            "device_type" => texts.GetValueOrDefault($"device.{key}", key),
            _ => key,
        };

    /// <summary>The keys of a type that people choose from, with their names and in the order of these.</summary>
    public static IReadOnlyList<(string Key, string Name)> KeysOf(
        string type,
        IReadOnlyDictionary<string, string> texts
    ) =>
        type switch
        {
            "device_type" => [.. ChosenFacts.Devices.Keys.Order().Select(key => (key, OfKey(type, key, texts)))],
            "os_name" => [.. AgentNames.Systems.Select(Named)],
            "browser_name" => [.. AgentNames.Browsers.Select(Named)],
            "continent_code" or "country_code" or "browser_language" => Sorted.GetOrAdd(
                (type, texts["language"]),
                _ => InOrder(type, texts)
            ),
            _ => [],
        };

    private static (string Key, string Name) Named(string name) => (name, name);

    private static IReadOnlyList<(string, string)> InOrder(string type, IReadOnlyDictionary<string, string> texts)
    {
        var language = texts["language"];
        var keys = type switch
        {
            "continent_code" => Names.Continents(language).Keys,
            "country_code" => Countries.Codes,
            _ => Names.Languages(language).Keys,
        };
        return
        [
            .. keys.Select(key => (key, OfKey(type, key, texts)))
                .OrderBy(
                    one => one.Item2,
                    StringComparer.Create(CultureInfo.GetCultureInfo(language), ignoreCase: true)
                ),
        ];
    }
}
