using System.Collections.Immutable;

namespace Signpost.Web.Languages;

/// <summary>
/// The languages of the pages for people of the server: start page, first run, signing in, account. Each file in
/// <c>Web/Languages/OwnTexts</c> is one, embedded at build time.
/// </summary>
internal sealed class OwnLanguages
{
    /// <summary>The names of the tables begin with it.</summary>
    public const string Prefix = "own-texts/";

    private readonly PageLanguages _tables = new(Prefix);

    public ImmutableArray<PageTexts> All => _tables.All;

    /// <inheritdoc cref="PageLanguages.For(HttpContext)"/>
    public PageTexts For(HttpContext http) => _tables.For(http);

    /// <summary>The tag of the language in which this request gets its pages, as in <c>pt</c>.</summary>
    public string TagFor(HttpContext http) => For(http).Language;

    /// <summary>The texts of a language, or English ones if there are none.</summary>
    public PageTexts In(string tag) => All.FirstOrDefault(texts => texts.Language == tag) ?? _tables.Default;

    /// <summary>The own name of a language of the tables, as in <c>Deutsch</c>.</summary>
    public string NameOf(string tag) => All.Single(texts => texts.Language == tag)["language.name"];

    /// <summary>Returns in another language a sentence that an editor says in English; in English if no table has it.</summary>
    public string Translate(string sentence, PageTexts texts)
    {
        foreach (var (key, english) in _tables.Default.All)
            if (english == sentence && key.StartsWith("error.", StringComparison.Ordinal))
                return texts[key];
        return sentence;
    }
}
