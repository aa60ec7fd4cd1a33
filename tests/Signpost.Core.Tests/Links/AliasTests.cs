using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Links;

namespace Signpost.Core.Tests.Links;

public sealed class AliasTests
{
    private const string WrongSign = "The alias may hold letters, digits, emoji, - _ . ~ and / between segments.";
    private const string WrongSegment = "No segment of the alias may be empty, . or ..";

    // Pieces that meet in nasty ways: marks that reorder and compose, letters that fold, grow or vanish.
    private static readonly string[] Pieces =
    [
        .. "a Z 7 - _ . ~ / .. q\u0323\u0307 \u0301 \u0345 \u0308 \u0344 \u05BC \u0E31".Split(' '),
        .. "\u212A \u017F \u00DF \u1E9E \u0130 \u0131 \u03A3 \u03C2 \u0390 \u1F82 \uFB2C \u0958 \u1100 \u1161 \u11A8".Split(
            ' '
        ),
        .. "\uAC00 \uF900 \u13A0 \uAB70 \u1C90 \u0660 \u3042 \u304B \u3099 \u0915\u094D \U00010400 \U0001D400".Split(
            ' '
        ),
        .. "\u200C \u094D \u0628 \u0651 \u2764 \U0001F680 \U0001F3FD \U0001F1EB 1\uFE0F\u20E3 \u24C2 \u0DD9\u0DCA".Split(
            ' '
        ),
        .. "\u00AD \u200D \u3164 \uFE0F \U000E0041 \uD800 \uDC00 % + \u0000 \u2028 \u00B2 \U0001F468".Split(' '),
    ];

    private static readonly Arbitrary<string> Texts = Gen.Choose(1, 6)
        .SelectMany(count => Gen.Elements(Pieces).ListOf(count))
        .Select(string.Concat)
        .ToArbitrary();

    [Theory]
    [InlineData("a", "a")]
    [InlineData("docs", "docs")]
    [InlineData("Docs/Start_Here-2~.v1", "docs/start_here-2~.v1")]
    [InlineData("123456", "123456")]
    [InlineData("undefined", "undefined")]
    [InlineData("...", "...")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("\u00C9t\u00E9", "\u00E9t\u00E9")]
    [InlineData("E\u0301te\u0301", "\u00E9t\u00E9")]
    [InlineData("\u0130", "\u0130")]
    [InlineData("I\u0307", "\u0130")]
    [InlineData("\u212Bngstr\u00F6m", "\u00E5ngstr\u00F6m")]
    [InlineData("STRASSE", "strasse")]
    [InlineData("STRA\u1E9EE", "stra\u00DFe")]
    [InlineData("\u039F\u0394\u039F\u03A3", "\u03BF\u03B4\u03BF\u03C3")]
    [InlineData("\u043F\u0440\u0438\u0432\u0435\u0442", "\u043F\u0440\u0438\u0432\u0435\u0442")]
    [InlineData("\u0430dmin", "\u0430dmin")]
    [InlineData("\uFF41\uFF42\uFF43", "\uFF41\uFF42\uFF43")]
    [InlineData("\u65E5\u672C/\u8A9E", "\u65E5\u672C/\u8A9E")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\u0661\u0662", "\u0661\u0662")]
    [InlineData("\u0939\u093F\u0928\u094D\u0926\u0940", "\u0939\u093F\u0928\u094D\u0926\u0940")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u0958", "\u0915\u093C")]
    public void An_alias_keeps_its_text_and_is_compared_by_its_key(string text, string key)
    {
        Assert.True(Alias.TryParse(text, out var alias, out var problem));

        Assert.Equal((text, key, ""), (alias.Text, FoldedKeyOf(text), problem));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("abc\n")]
    [InlineData("a\r\nX: y")]
    [InlineData("a\0")]
    [InlineData("100%")]
    [InlineData("a%2Fb")]
    [InlineData("abc?x=1")]
    [InlineData("abc#x")]
    [InlineData("a\\b")]
    [InlineData("a+b")]
    [InlineData("a&b")]
    [InlineData("a@b")]
    [InlineData("a:b")]
    [InlineData("{{7*7}}")]
    [InlineData("a' OR '1'='1")]
    [InlineData("<b>")]
    [InlineData("a=b;c,d!$(e)*")]
    [InlineData("\uFEFFabc")]
    [InlineData("ab\u00ADc")]
    [InlineData("ab\u200Dc")]
    [InlineData("ab\u200Cc")]
    [InlineData("ab\u202Ec")]
    [InlineData("\u3164")]
    [InlineData("\uFFA0")]
    [InlineData("\u115F")]
    [InlineData("a\u1160")]
    [InlineData("a\u034F")]
    [InlineData("a\u17B4")]
    [InlineData("\u1820\u180B")]
    [InlineData("a\uFE0F")]
    [InlineData("\u845B\U000E0100")]
    [InlineData("\U00013441")]
    [InlineData("a\U000E0041")]
    [InlineData("\u0301")]
    [InlineData("7\u0301")]
    [InlineData("a/\u0301")]
    [InlineData("a-\u0301")]
    [InlineData("a\u20DD")]
    [InlineData("\u00B2")]
    [InlineData("\u2160")]
    [InlineData("\u200D\U0001F469")]
    [InlineData("\U0001F468\u200D")]
    [InlineData("\U0001F468\u200Da")]
    [InlineData("a\u200D\U0001F468")]
    [InlineData("\U0001F468\u200D\u200D\U0001F469")]
    [InlineData("\U0001F468\u200C\U0001F469")]
    [InlineData("\U0001F468\uFE0F\uFE0F")]
    [InlineData("\U0001F468\u0301")]
    [InlineData("1\uFE0F")]
    [InlineData("a\u20E3")]
    [InlineData("\U0001F3F4\U000E0067\U000E0062")]
    [InlineData("\U0001F3F3\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F")]
    [InlineData("\u0643\u200D\u0646")]
    [InlineData("\u0627\u200C\u0628")]
    [InlineData("\u0628\u200C")]
    [InlineData("\u0915\u200D\u0937")]
    [InlineData("\u0915\u094D\u0951\u200D\u0937")]
    [InlineData("\u0DD9\u0DCA\u200D\u0DC1")]
    [InlineData("\uFFFD")]
    [InlineData("\uFFFF")]
    [InlineData("\U0001FFFF")]
    public void Other_signs_are_refused(string text)
    {
        Assert.False(Alias.TryParse(text, out _, out var problem));

        Assert.Equal(WrongSign, problem);
        Assert.False(Alias.TryGetKey(text, AliasCase.Ignored, new char[Alias.LongestText], out _));
    }

    [Theory]
    [InlineData("\U0001F680", "\U0001F680")]
    [InlineData("\u2764\uFE0F", "\u2764")]
    [InlineData("Sale\u2B50\uFE0F/x", "sale\u2B50/x")]
    [InlineData("\U0001F44D\U0001F3FD", "\U0001F44D\U0001F3FD")]
    [InlineData("\U0001F1EB\U0001F1F7", "\U0001F1EB\U0001F1F7")]
    [InlineData("1\uFE0F\u20E3", "1\u20E3")]
    [InlineData("\u24C2\uFE0F", "\u24DC")]
    [InlineData("\u2139\uFE0F", "\u2139")]
    [InlineData("\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F468\u200D\U0001F469\u200D\U0001F467")]
    [InlineData("\U0001F3F3\uFE0F\u200D\U0001F308", "\U0001F3F3\u200D\U0001F308")]
    [InlineData("\U0001F469\U0001F3FD\u200D\U0001F680", "\U0001F469\U0001F3FD\u200D\U0001F680")]
    [InlineData(
        "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F",
        "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F"
    )]
    public void Emoji_are_signs_of_an_alias_and_their_colour_makes_no_difference(string text, string key)
    {
        Assert.True(Alias.TryParse(text, out var alias, out var problem), problem);

        Assert.Equal((text, key), (alias.Text, FoldedKeyOf(text)));
        CheckLaws(text);
    }

    // RFC 5892, appendix A: after a virama; and a non-joiner between letters that would join, also over marks.
    [Theory]
    [InlineData("\u0915\u094D\u200D\u0937")]
    [InlineData("\u0915\u094D\u200C\u0937")]
    [InlineData("\u0915\u094D\u093C\u200D\u0937")]
    [InlineData("\u0DC1\u0DCA\u200D\u0DBB\u0DD3")]
    [InlineData("\u0646\u0627\u0645\u0647\u200C\u0627\u06CC")]
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645")]
    [InlineData("\u0628\u064E\u200C\u0651\u0628")]
    [InlineData("\uA872\u200C\uA840")]
    public void A_joiner_stands_where_its_script_needs_it(string text)
    {
        Assert.True(Alias.TryParse(text, out var alias, out var problem), problem);

        Assert.Contains(FoldedKeyOf(alias.Text), sign => sign is '\u200C' or '\u200D');
        CheckLaws(text);
    }

    // No attribute: those cannot carry half a surrogate pair.
    [Fact]
    public void Broken_text_is_refused()
    {
        foreach (var text in (string[])["\uD800", "a\uDC00b", "\uDC00\uD800", "\u00E9\uD835"])
        {
            Assert.False(Alias.TryParse(text, out _, out var problem));
            Assert.Equal(WrongSign, problem);
            Assert.False(Alias.TryGetKey(text, AliasCase.Ignored, [], out _));
        }
    }

    [Theory]
    [InlineData("/abc")]
    [InlineData("abc/")]
    [InlineData("a//b")]
    [InlineData("/")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("../../etc/passwd")]
    [InlineData("\u00E9/../x")]
    public void Improper_segments_are_refused(string text)
    {
        Assert.False(Alias.TryParse(text, out _, out var problem));

        Assert.Equal(WrongSegment, problem);
    }

    [Fact]
    public void An_alias_has_1_to_256_units()
    {
        Assert.True(Alias.TryParse(new string('a', 256), out _, out _));
        Assert.True(Alias.TryParse(string.Concat(Enumerable.Repeat("\U00010400", 128)), out _, out _));

        Assert.False(Alias.TryParse(new string('a', 257), out _, out var tooLong));
        Assert.False(Alias.TryParse("", out _, out var empty));
        Assert.False(Alias.TryParse(null, out _, out _));

        Assert.Equal("The alias may be at most 256 characters long.", tooLong);
        Assert.Equal("The alias must not be empty.", empty);
    }

    [Theory]
    [InlineData("docs", "docs")]
    [InlineData("docs/", "docs")]
    [InlineData("DOCS", "docs")]
    [InlineData("Docs/V1.2/", "docs/v1.2")]
    [InlineData("E\u0301t\u00C9", "\u00E9t\u00E9")]
    [InlineData("docs.", "docs.")]
    public void A_path_is_looked_up_by_its_key(string path, string expected)
    {
        Assert.True(Alias.TryGetKey(path, AliasCase.Ignored, new char[Alias.LongestText], out var key));

        Assert.Equal(expected, key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("docs//")]
    [InlineData("/docs")]
    [InlineData("docs/..")]
    [InlineData("docs/../")]
    [InlineData("wp-login.php?x")]
    [InlineData("\u00E9//")]
    public void A_path_that_no_alias_can_have_is_not_looked_up(string path)
    {
        Assert.False(Alias.TryGetKey(path, AliasCase.Ignored, new char[Alias.LongestText], out var key));

        Assert.True(key.IsEmpty);
    }

    [Fact]
    public void A_hostile_length_is_not_looked_up()
    {
        Assert.False(Alias.TryGetKey(new string('a', 257), AliasCase.Ignored, new char[Alias.LongestText], out _));
        Assert.False(Alias.TryGetKey(new string('a', 100_000), AliasCase.Ignored, new char[Alias.LongestText], out _));
        Assert.False(
            Alias.TryGetKey(new string('\u00E9', 100_000), AliasCase.Ignored, new char[Alias.LongestText], out _)
        );
    }

    [Fact]
    public void A_short_buffer_costs_memory_but_changes_nothing()
    {
        Assert.True(Alias.TryGetKey("DOCS", AliasCase.Ignored, [], out var key));

        Assert.Equal("docs", key);
    }

    [Fact]
    public void Looking_up_an_ASCII_path_allocates_nothing()
    {
        var buffer = new char[Alias.LongestText];

        Assert.Equal(0, Allocations.Of(LookUp));

        void LookUp()
        {
            _ = Alias.TryGetKey("x7k2p9q", AliasCase.Ignored, buffer, out _);
            _ = Alias.TryGetKey("Docs/Start", AliasCase.Ignored, buffer, out _);
            _ = Alias.TryGetKey("docs/v1.2/", AliasCase.Ignored, buffer, out _);
            _ = Alias.TryGetKey("wp-admin/../x?", AliasCase.Ignored, buffer, out _);
            _ = Alias.TryGetKey("Docs/v1.2/", AliasCase.Kept, buffer, out _);
            _ = Alias.IsInCaseOf("/Docs/v1.2/", "docs/v1.2");
        }
    }

    [Fact]
    public void Every_sign_that_is_accepted_is_found_by_text_and_by_key()
    {
        for (var value = 0; value < 0x110000; value++)
        {
            if (!Rune.IsValid(value))
                continue;

            CheckLaws($"{new Rune(value)}");
            CheckLaws($"a{new Rune(value)}");
        }
    }

    [Fact]
    public void Signs_together_are_found_by_text_and_by_key()
    {
        var accepted = 0;
        Check.One(Laws.Over(3_000), Prop.ForAll(Texts, text => accepted += CheckLaws(text) ? 1 : 0));

        Assert.InRange(accepted, 300, 3_000);
    }

    [Theory]
    [InlineData("\u1F82")]
    [InlineData("\uFB2C")]
    [InlineData("\uD55C")]
    public void The_longest_alias_is_found_however_its_signs_are_composed(string sign)
    {
        CheckLaws(string.Concat(Enumerable.Repeat(sign, Alias.LongestText)));
    }

    [Theory]
    [InlineData("Docs/Start", "Docs/Start")]
    [InlineData("E\u0301t\u00E9", "\u00C9t\u00E9")]
    [InlineData("\u03A3\u03C2", "\u03A3\u03C2")]
    [InlineData("\u212A", "K")]
    [InlineData("Sale\u2B50\uFE0F", "Sale\u2B50")]
    [InlineData("\u24C2\uFE0F", "\u24C2")]
    public void Where_case_is_kept_spellings_in_another_case_have_other_keys(string text, string key)
    {
        Assert.Equal(key, Alias.KeyOf(text, AliasCase.Kept));
        Assert.NotEqual(key, Alias.KeyOf(text, AliasCase.Ignored));
        CheckLaws(text);
    }

    [Theory]
    [InlineData("/Sale", "Sale", true)]
    [InlineData("/Sale/", "Sale", true)]
    [InlineData("/sale", "Sale", false)]
    [InlineData("/SALE/", "Sale", false)]
    [InlineData("/_signpost/unlock/Sale/", "Sale", true)]
    [InlineData("/_signpost/unlock/sale", "Sale", false)]
    [InlineData("/E\u0301te\u0301", "\u00C9t\u00E9", true)]
    [InlineData("/\u00E9t\u00E9", "\u00C9t\u00E9", false)]
    [InlineData("/Docs/v1.2", "Docs/v1.2", true)]
    [InlineData("/docs/V1.2", "Docs/v1.2", false)]
    public void A_path_tells_whether_it_has_the_case_of_the_alias(string path, string alias, bool expected) =>
        Assert.Equal(expected, Alias.IsInCaseOf(path, alias));

    [Theory]
    [InlineData(AliasCase.Ignored, "^[23456789abcdefghjkmnpqrstuvwxyz]{7}$", 31)]
    [InlineData(AliasCase.Kept, "^[23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ]{7}$", 55)]
    public void A_drawn_alias_is_seven_clear_signs(AliasCase rule, string expected, int signs)
    {
        var next = 0;

        var drawn = Enumerable.Range(0, 100).Select(_ => Alias.DrawRandom(rule, bound => next++ % bound)).ToList();

        Assert.All(drawn, alias => Assert.Matches(expected, alias));
        Assert.All(drawn, alias => Assert.Equal(alias, Alias.KeyOf(alias, rule)));
        Assert.Equal(signs, drawn.SelectMany(alias => alias).Distinct().Count());
        Assert.Equal("2345678", drawn[0]);
    }

    // True: it was accepted.
    private static bool CheckLaws(string text)
    {
        var isAccepted = CheckLaws(text, AliasCase.Ignored);
        Assert.Equal(isAccepted, CheckLaws(text, AliasCase.Kept));
        // A key of the one rule is enough to make the key of the other.
        if (isAccepted)
            Assert.Equal(FoldedKeyOf(text), FoldedKeyOf(Alias.KeyOf(text, AliasCase.Kept)));
        return isAccepted;
    }

    private static bool CheckLaws(string text, AliasCase rule)
    {
        var buffer = new char[Alias.LongestText];
        var found = Alias.TryGetKey(text, rule, buffer, out var key);
        if (!Alias.TryParse(text, out _, out var problem))
        {
            Assert.NotEqual("", problem);
            Assert.False(found && text is not [.., '/'] && text.Length <= Alias.LongestText, text);
            return false;
        }

        var stored = Alias.KeyOf(text, rule);
        Assert.True(found, text);
        Assert.Equal(stored, key);
        Assert.True(Alias.TryGetKey(stored, rule, buffer, out var again), text);
        Assert.Equal(stored, again);
        var asked = text.Normalize(NormalizationForm.FormD) + "/";
        Assert.True(Alias.TryGetKey(asked, rule, buffer, out var decomposed), text);
        Assert.Equal(stored, decomposed);
        Assert.True(stored.IsNormalized());
        Assert.True(Alias.IsInCaseOf("/" + asked, text), text);
        return true;
    }

    private static string FoldedKeyOf(string text) => Alias.KeyOf(text, AliasCase.Ignored);
}
