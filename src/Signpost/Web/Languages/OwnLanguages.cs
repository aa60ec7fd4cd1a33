using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Signpost.Web.Languages;

/// <summary>
/// The languages of the pages for people of the server: start page, first run, signing in, account. Each file in
/// <c>Web/Languages/OwnTexts</c> is one, embedded at build time.
/// </summary>
internal sealed partial class OwnLanguages
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

    /// <summary>
    /// Returns in another language a sentence that an editor says in English; in English if no table has it. The English text may have one
    /// blank such as <c>{teams}</c>, whose value stays as it is.
    /// </summary>
    public string Translate(string sentence, PageTexts texts)
    {
        foreach (var (key, english) in _tables.Default.All)
            if (key.StartsWith("error.", StringComparison.Ordinal) && ValueIn(sentence, english) is { } value)
                return Blank().Replace(texts[key], _ => value);
        return sentence;
    }

    // The value of the blank; null: this is not the sentence.
    private static string? ValueIn(string sentence, string english)
    {
        if (english == sentence)
            return "";
        if (Blank().Match(english) is not { Success: true } blank)
            return null;
        var (start, end) = (english[..blank.Index], english[(blank.Index + blank.Length)..]);
        return
            sentence.Length >= start.Length + end.Length
            && sentence.StartsWith(start, StringComparison.Ordinal)
            && sentence.EndsWith(end, StringComparison.Ordinal)
            ? sentence[start.Length..^end.Length]
            : null;
    }

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Blank();
}
