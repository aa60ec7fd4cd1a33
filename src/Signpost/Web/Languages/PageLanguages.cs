using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Signpost.Core.Visitors;

namespace Signpost.Web.Languages;

/// <summary>
/// The languages of the visitors' pages. Each file in <c>Web/Languages/Texts</c> is one, embedded at build time. The pages for people
/// of the server have tables of their own: <see cref="OwnLanguages"/>.
/// </summary>
internal sealed class PageLanguages
{
    private const string Fallback = "en";
    private const string Visitors = "texts/";
    private const string Traditional = "zh-Hant";

    private readonly FrozenDictionary<string, PageTexts> _byTag;

    public PageLanguages()
        : this(Visitors) { }

    /// <param name="prefix">The names of the tables begin with it, and go on with the tag of the language.</param>
    public PageLanguages(string prefix)
    {
        var english = Read(Fallback, prefix);
        Default = new(Fallback, Complete(Fallback, english, english));
        All =
        [
            .. typeof(PageLanguages)
                .Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => name[prefix.Length..])
                .Order(StringComparer.Ordinal)
                .Select(tag =>
                    tag == Fallback ? Default : new PageTexts(tag, Complete(tag, Read(tag, prefix), english))
                ),
        ];
        _byTag = All.ToFrozenDictionary(texts => texts.Language, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>English, if the visitor asks for none of our languages.</summary>
    public PageTexts Default { get; }

    public ImmutableArray<PageTexts> All { get; }

    /// <summary>
    /// The texts in the language of the account of a person who is signed in, otherwise in the first of the browser's languages that
    /// we have.
    /// </summary>
    public PageTexts For(HttpContext http) =>
        http.Features.Get<AccountLanguage>() is { Tag: var tag } && _byTag.TryGetValue(tag, out var texts)
            ? texts
            : For($"{http.Request.Headers.AcceptLanguage}");

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
    public static Dictionary<string, string> Read(string tag, string prefix = Visitors)
    {
        using var stream = typeof(PageLanguages).Assembly.GetManifestResourceStream(prefix + tag)!;
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
