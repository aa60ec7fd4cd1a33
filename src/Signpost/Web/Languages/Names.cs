using System.Text.Json;

namespace Signpost.Web.Languages;

/// <summary>The names of countries, languages and continents in the languages of the pages.</summary>
internal static class Names
{
    private static readonly Lazy<Dictionary<string, Dictionary<string, string>>> CountryNames = new(() =>
        Read<Dictionary<string, string>>("country-names.json")
    );

    private static readonly Lazy<Dictionary<string, OtherNames>> Others = new(() =>
        Read<OtherNames>("language-names.json")
    );

    /// <summary>The country's name; the code itself if it has no name.</summary>
    public static string Country(string code, string language) =>
        CountryNames.Value.GetValueOrDefault(language)?.GetValueOrDefault(code) ?? code;

    /// <summary>Names by the codes of languages, as in <c>de</c> or <c>pt-BR</c>.</summary>
    public static IReadOnlyDictionary<string, string> Languages(string language) => Others.Value[language].Languages;

    /// <summary>Names by the codes of continents, as in <c>EU</c>.</summary>
    public static IReadOnlyDictionary<string, string> Continents(string language) => Others.Value[language].Continents;

    private static Dictionary<string, T> Read<T>(string resource)
    {
        using var stream = typeof(Names).Assembly.GetManifestResourceStream(resource)!;
        return JsonSerializer.Deserialize<Dictionary<string, T>>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record OtherNames(Dictionary<string, string> Languages, Dictionary<string, string> Continents);
}
