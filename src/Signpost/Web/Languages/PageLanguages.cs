using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Signpost.Core.Visitors;

namespace Signpost.Web.Languages;

/// <summary>
/// The languages of the visitors' pages. Each file in <c>Web/Languages/Texts</c> is one, embedded at build time.
/// </summary>
internal sealed class PageLanguages
{
    private const string Fallback = "en";
    private const string Prefix = "texts/";
    private const string Traditional = "zh-Hant";

    private readonly FrozenDictionary<string, PageTexts> _byTag;

    public PageLanguages()
    {
        var english = Read(Fallback);
        Default = new(Fallback, Complete(Fallback, english, english));
        All =
        [
            .. typeof(PageLanguages)
                .Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(name => name[Prefix.Length..])
                .Order(StringComparer.Ordinal)
                .Select(tag => tag == Fallback ? Default : new PageTexts(tag, Complete(tag, Read(tag), english))),
        ];
        _byTag = All.ToFrozenDictionary(texts => texts.Language, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>English, if the visitor asks for none of our languages.</summary>
    public PageTexts Default { get; }

    public ImmutableArray<PageTexts> All { get; }

    /// <summary>The texts in the first of the visitor's languages that we have.</summary>
    public PageTexts For(HttpContext http) => For($"{http.Request.Headers.AcceptLanguage}");

    /// <param name="acceptLanguage">The header; several lines joined with commas.</param>
    public PageTexts For(ReadOnlySpan<char> acceptLanguage)
    {
        if (acceptLanguage.IsEmpty)
            return Default;

        Span<char> buffer = stackalloc char[AcceptLanguage.LongestCanonical];
        Span<LanguageRange> ranges = stackalloc LanguageRange[AcceptLanguage.MostRanges];
        var tags = _byTag.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var range in ranges[..AcceptLanguage.Read(acceptLanguage, ranges)])
        {
            var tag = range.Of(acceptLanguage);
            if (AcceptLanguage.IsTraditionalChinese(tag))
                tag = Traditional;
            if (
                tags.TryGetValue(tag, out var texts)
                || tags.TryGetValue(AcceptLanguage.Primary(AcceptLanguage.Canonical(tag, buffer)), out texts)
            )
                return texts;
        }

        return Default;
    }

    /// <summary>The content of a language's file.</summary>
    public static Dictionary<string, string> Read(string tag)
    {
        using var stream = typeof(PageLanguages).Assembly.GetManifestResourceStream(Prefix + tag)!;
        using var json = JsonDocument.Parse(stream);
        return json
            .RootElement.EnumerateObject()
            .ToDictionary(text => text.Name, text => text.Value.GetString()!, StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, string> Complete(
        string tag,
        Dictionary<string, string> texts,
        Dictionary<string, string> english
    )
    {
        Dictionary<string, string> all = new(english, StringComparer.Ordinal) { ["language"] = tag };
        foreach (var (name, text) in texts)
            all[name] = text;
        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
