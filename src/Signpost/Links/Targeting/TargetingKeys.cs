using System.Collections.Frozen;
using System.Globalization;
using Signpost.Core.Visitors;

namespace Signpost.Links.Targeting;

/// <summary>Returns the canonical spelling of each key; null for an invalid key.</summary>
internal static class TargetingKeys
{
    private static readonly FrozenSet<string> Continents = new[]
    {
        "AF",
        "AN",
        "AS",
        "EU",
        "NA",
        "OC",
        "SA",
    }.ToFrozenSet();
    private static readonly FrozenSet<string> Devices = new[] { "desktop", "mobile", "tablet" }.ToFrozenSet();

    public static string? Continent(string key) => Known(key.ToUpperInvariant(), Continents);

    public static string? Country(string key) => Countries.Find(key);

    public static string? Device(string key) => Known(key.ToLowerInvariant(), Devices);

    public static string? City(string key) => key.Length <= 128 ? key : null;

    public static string? System(string key) => AgentNames.FindSystem(key);

    /// <summary>Browsers without a name of ours keep the family name of uap-core.</summary>
    public static string? Browser(string key) => AgentNames.FindBrowser(key) ?? (key.Length <= 64 ? key : null);

    /// <summary>A language of two or three letters, and perhaps a region of two letters or three digits.</summary>
    public static string? Language(string key)
    {
        var dash = key.IndexOf('-', StringComparison.Ordinal);
        var language = dash < 0 ? key : key[..dash];
        if (language.Length is not (2 or 3) || !language.All(char.IsAsciiLetter))
            return null;
        if (dash < 0)
            return language.ToLowerInvariant();

        var region = key[(dash + 1)..];
        return
            (region.Length == 2 && region.All(char.IsAsciiLetter))
            || (region.Length == 3 && region.All(char.IsAsciiDigit))
            ? $"{language.ToLowerInvariant()}-{region.ToUpperInvariant()}"
            : null;
    }

    /// <summary>A number above 0, of at most nine digits before and six after the point.</summary>
    public static string? Weight(string key)
    {
        var point = key.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (key, "0") : (key[..point], key[(point + 1)..]);
        if (whole.Length is 0 or > 9 || fraction.Length is 0 or > 6)
            return null;
        if (!whole.All(char.IsAsciiDigit) || !fraction.All(char.IsAsciiDigit))
            return null;

        var weight = decimal.Parse($"{whole}.{fraction}", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return weight > 0 ? weight.ToString("0.######", CultureInfo.InvariantCulture) : null;
    }

    private static string? Known(string key, FrozenSet<string> keys) => keys.Contains(key) ? key : null;
}
