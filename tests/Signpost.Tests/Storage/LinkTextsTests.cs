using Signpost.Storage;

namespace Signpost.Tests.Storage;

/// <summary>The grams of a link.</summary>
public sealed class LinkTextsTests
{
    // Signs of two characters, the same text twice, one that is longer than any buffer at first, and the letters that stand for other signs.
    [Theory]
    [InlineData("abc", "https://example.org/", null, null, null)]
    [InlineData("\u00C9T\u00E9", "https://example.org/aaaa?b=%20", "https://Example.org/aaaa?b= ", "", "a")]
    [InlineData(
        "\U0001F600\U00010400x",
        "https://xn--mnchen-3ya.example/",
        "https://m\u00FCnchen.example/",
        "\u0700-",
        "-"
    )]
    [InlineData("long", "https://example.org/{long}", null, "{long}", "x\U0001F600y\U0001F600z")]
    public void A_document_holds_each_series_of_one_to_three_signs_once(
        string alias,
        string url,
        string? sent,
        string? title,
        string? note
    )
    {
        var filler = string.Concat(Enumerable.Range(0, 3_000).Select(number => $"{number:x}."));
        (url, title) = (
            url.Replace("{long}", filler, StringComparison.Ordinal),
            title?.Replace("{long}", filler, StringComparison.Ordinal)
        );

        var words = LinkTexts.Document(7, alias, url, sent, title, note).Split(' ');

        string[] expected =
        [
            "a7",
            .. Grams(LinkTexts.Alias, LinkTexts.FoldAlias(alias)),
            .. Grams(LinkTexts.Destination, LinkTexts.Fold(url), LinkTexts.Fold(sent ?? "")),
            .. Grams(LinkTexts.Title, LinkTexts.Fold(title ?? "")),
            .. Grams(LinkTexts.Note, LinkTexts.Fold(note ?? "")),
        ];
        Assert.Equal(expected, words);
    }

    private static IEnumerable<string> Grams(char text, params string[] spellings) =>
        spellings
            .SelectMany(spelling =>
            {
                string[] signs = [.. spelling.EnumerateRunes().Select(sign => LinkTexts.Word(sign).ToString())];
                return signs.SelectMany(
                    (_, start) =>
                        Enumerable
                            .Range(1, Math.Min(LinkTexts.LongestGram, signs.Length - start))
                            .Select(length => text + string.Concat(signs.Skip(start).Take(length)))
                );
            })
            .Distinct();
}
