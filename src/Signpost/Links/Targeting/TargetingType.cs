using System.Collections.Immutable;

namespace Signpost.Links.Targeting;

/// <summary>One property of visitors that targeting can use, and its valid keys.</summary>
/// <param name="Name">As in <c>targeting_type</c>.</param>
/// <param name="Expected">The description of a valid key, for errors: "must be …".</param>
/// <param name="Canonical">Returns the canonical spelling of a key; null for an invalid key.</param>
internal sealed record TargetingType(string Name, string Expected, Func<string, string?> Canonical)
{
    public const int MostRules = 100;

    public static ImmutableArray<TargetingType> All { get; } =
    [
        new("continent_code", "one of AF, AN, AS, EU, NA, OC, SA", TargetingKeys.Continent),
        new("country_code", "a country code of ISO 3166-1, two letters", TargetingKeys.Country),
        new("city_name", "the English name of a city, at most 128 characters", TargetingKeys.City),
        new("device_type", "desktop, mobile or tablet", TargetingKeys.Device),
        new("browser_language", "a language like en or en-US", TargetingKeys.Language),
        new("rotation", "a weight above 0", TargetingKeys.Weight),
        new("os_name", "Windows, OS X, iOS, Android, Chrome OS or Linux", TargetingKeys.System),
        new("browser_name", "the name of a browser, at most 64 characters", TargetingKeys.Browser),
    ];

    public static string[] Names { get; } = [.. All.Select(type => type.Name)];

    /// <summary>The field name of its lists in requests and responses.</summary>
    public string Field => $"targeting_{Name}";

    /// <summary>Weights may repeat: two halves are 50 and 50. With any other type, a second rule with the same key would never match.</summary>
    public bool KeysMayRepeat => Name == "rotation";
}
