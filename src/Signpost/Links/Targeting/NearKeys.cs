using System.Collections.Frozen;
using System.Globalization;
using Signpost.Api.Bodies;
using Signpost.Core.Visitors;

namespace Signpost.Links.Targeting;

/// <summary>Finds the key that a wrong key probably means, such as <c>FR</c> for <c>France</c>.</summary>
internal static class NearKeys
{
    private static readonly Lazy<FrozenDictionary<string, FrozenDictionary<string, string>>> ByType = new(Make);

    public static string? Find(TargetingType type, string key)
    {
        if (type.Canonical(key.Replace('_', '-')) is { } spelled)
            return spelled;
        if (!ByType.Value.TryGetValue(type.Name, out var keys))
            return null;
        return keys.TryGetValue(key, out var exact) ? exact
            : NearNames.Find(key, keys.Keys) is { } near ? keys[near]
            : null;
    }

    private static FrozenDictionary<string, FrozenDictionary<string, string>> Make() =>
        new Dictionary<string, IEnumerable<(string Name, string Key)>>
        {
            ["continent_code"] =
            [
                ("Africa", "AF"),
                ("Antarctica", "AN"),
                ("Asia", "AS"),
                ("Europe", "EU"),
                ("North America", "NA"),
                ("Oceania", "OC"),
                ("Australia", "OC"),
                ("South America", "SA"),
            ],
            ["country_code"] = CountryNames(),
            ["device_type"] =
            [
                ("phone", "mobile"),
                ("smartphone", "mobile"),
                ("iphone", "mobile"),
                ("ipad", "tablet"),
                ("computer", "desktop"),
                ("laptop", "desktop"),
                ("pc", "desktop"),
                ("desktop", "desktop"),
                ("mobile", "mobile"),
                ("tablet", "tablet"),
            ],
            ["browser_language"] = CultureInfo
                .GetCultures(CultureTypes.NeutralCultures)
                .Where(culture => culture.Name.Length is 2 or 3)
                .Select(culture => (culture.EnglishName, culture.Name)),
            ["os_name"] = ((string[])["Windows", "OS X", "iOS", "Android", "Chrome OS", "Linux"]).Select(name =>
                (name, name)
            ),
        }.ToFrozenDictionary(
            type => type.Key,
            type =>
                type.Value.DistinctBy(one => one.Name, StringComparer.OrdinalIgnoreCase)
                    .ToFrozenDictionary(one => one.Name, one => one.Key, StringComparer.OrdinalIgnoreCase)
        );

    private static IEnumerable<(string Name, string Key)> CountryNames() =>
        CultureInfo
            .GetCultures(CultureTypes.SpecificCultures)
            .Select(culture => new RegionInfo(culture.Name))
            .Where(region => Countries.Codes.Contains(region.TwoLetterISORegionName))
            .SelectMany(region =>
                new[]
                {
                    (region.EnglishName, region.TwoLetterISORegionName),
                    (region.ThreeLetterISORegionName, region.TwoLetterISORegionName),
                }
            );
}
