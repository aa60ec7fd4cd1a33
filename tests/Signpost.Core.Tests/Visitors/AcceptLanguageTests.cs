using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Visitors;

namespace Signpost.Core.Tests.Visitors;

public sealed class AcceptLanguageTests
{
    [Theory]
    [InlineData("da, en-gb;q=0.8, en;q=0.7", "da en-gb en")]
    [InlineData("en;q=0.1,fr;q=0.9,de", "de fr en")]
    [InlineData("aa;q=0.5,ab;q=0.5,ae;q=0.5", "aa ab ae")]
    [InlineData("fr;q=0.999,de;q=1.000,en;q=1", "de en fr")]
    [InlineData("en;q=0,fr", "fr")]
    [InlineData("*,fr;q=0.5", "fr")]
    [InlineData("*;q=0.5", "")]
    [InlineData("  fr-CH\t;\tq=0.9 ,, en ;Q=0.95", "en fr-CH")]
    [InlineData("zh-Hant-TW,es-419;q=0.2", "zh-Hant-TW es-419")]
    [InlineData("en;q=1.5,fr;q=-1,de;q=0.1234,es;q=,it;q=.5,nl", "en nl it de")]
    [InlineData("en;q=1.001,fr;q=2,de;level=1,nl;q=0.5", "en fr nl")]
    [InlineData("en_US,d\u00e9,en-,-en,e--n,123,en-\u0661,abcdefghi,pt-abcdefghi,sv", "en_US sv")]
    [InlineData("en-us,", "en-us")]
    [InlineData(",", "")]
    [InlineData("", "")]
    public void Ranges_come_in_the_order_of_their_weights_and_what_breaks_the_grammar_is_passed_over(
        string header,
        string expected
    )
    {
        Assert.Equal(expected, string.Join(' ', Read(header)));
    }

    [Theory]
    [InlineData("fr-CH, en;q=0.8", "fr")]
    [InlineData("en;q=0.8, ZH-Hant", "zh")]
    [InlineData("iw-IL,iw;q=0.9,en;q=0.8", "he")]
    [InlineData("in-ID", "id")]
    [InlineData("tl", "fil")]
    [InlineData("no", "nb")]
    [InlineData("de_DE,en;q=0.8", "de")]
    [InlineData("en;q=.2,fr;q=.8", "fr")]
    [InlineData("C", null)]
    [InlineData("POSIX", null)]
    [InlineData("*", null)]
    [InlineData("", null)]
    public void The_first_is_the_primary_tag_of_what_is_wanted_most(string header, string? expected)
    {
        Assert.Equal(expected, AcceptLanguage.First(header));
    }

    [Theory]
    [InlineData("zh-Hant-TW", "zh-TW", true)]
    [InlineData("zh_hant", "zh-TW", true)]
    [InlineData("zh-HK", "zh-HK", true)]
    [InlineData("zh-Hant-MO", "zh-MO", true)]
    [InlineData("zh-Hans-TW", "zh-TW", false)]
    [InlineData("zh-Hans", "zh-CN", false)]
    [InlineData("zh", "zh", false)]
    [InlineData("EN-us", "en-US", false)]
    [InlineData("es-419", "es-419", false)]
    [InlineData("de-1996-CH", "de-CH", false)]
    [InlineData("iw_IL", "he-IL", false)]
    public void A_tag_has_one_spelling(string tag, string expected, bool isTraditional)
    {
        var buffer = new char[AcceptLanguage.LongestCanonical];

        Assert.Equal(expected, AcceptLanguage.Canonical(tag, buffer).ToString());
        Assert.Equal(isTraditional, AcceptLanguage.IsTraditionalChinese(tag));
    }

    [Fact]
    public void Of_thousands_of_languages_the_first_few_are_read()
    {
        var header = string.Join(',', Enumerable.Range(0, 5_000).Select(_ => "en;q=0.5"));

        Assert.Equal(AcceptLanguage.MostRanges, Read(header).Count);
    }

    [Fact]
    public void Whatever_is_sent_the_ranges_lie_in_the_header_and_are_in_order()
    {
        var headers =
            from pieces in Gen.Elements(
                    "en",
                    "fr-CH",
                    ";",
                    ";q=",
                    "0.5",
                    "1",
                    "q",
                    "=",
                    ",",
                    " ",
                    "*",
                    "-",
                    "\u00e9",
                    "\0"
                )
                .ArrayOf()
            select string.Concat(pieces);

        Prop.ForAll(
                headers.ToArbitrary(),
                header =>
                {
                    var ranges = new LanguageRange[AcceptLanguage.MostRanges];
                    var found = ranges[..AcceptLanguage.Read(header, ranges)];

                    return found.Zip(found.Skip(1)).All(pair => pair.First.Quality >= pair.Second.Quality)
                        && found.All(range => range.Quality > 0 && char.IsAsciiLetter(range.Of(header)[0]));
                }
            )
            .Check(Laws.Over(5_000));
    }

    private static List<string> Read(string header)
    {
        Span<LanguageRange> ranges = stackalloc LanguageRange[AcceptLanguage.MostRanges];
        List<string> tags = [];
        foreach (var range in ranges[..AcceptLanguage.Read(header, ranges)])
            tags.Add(range.Of(header).ToString());
        return tags;
    }
}
