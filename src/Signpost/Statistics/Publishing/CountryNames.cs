using System.Text.Json;

namespace Signpost.Statistics.Publishing;

/// <summary>The names of countries in the languages of the pages.</summary>
internal static class CountryNames
{
    private static readonly Lazy<Dictionary<string, Dictionary<string, string>>> ByLanguage = new(Read);

    /// <summary>The country's name; the code itself if it has no name.</summary>
    public static string Of(string code, string language) =>
        ByLanguage.Value.GetValueOrDefault(language)?.GetValueOrDefault(code) ?? code;

    private static Dictionary<string, Dictionary<string, string>> Read()
    {
        using var stream = typeof(CountryNames).Assembly.GetManifestResourceStream("country-names.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(stream)!;
    }
}
