namespace Signpost.Web.Languages;

/// <summary>The texts of pages in one language.</summary>
/// <param name="language">Its tag, as in <c>en</c> or <c>pt-BR</c>.</param>
/// <param name="texts">The texts of its file, and English ones for those it lacks.</param>
internal sealed class PageTexts(string language, IReadOnlyDictionary<string, string> texts)
{
    public string Language => language;

    /// <summary>The texts for a page's <c>Texts</c> parameter. It is public because components are.</summary>
    public IReadOnlyDictionary<string, string> All => texts;

    /// <summary>The text of this name.</summary>
    public string this[string key] => texts[key];
}
