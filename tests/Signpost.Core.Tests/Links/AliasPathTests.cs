using System.Text;
using Signpost.Core.Links;

namespace Signpost.Core.Tests.Links;

public sealed class AliasPathTests
{
    [Theory]
    [InlineData("promo.", "promo", "")]
    [InlineData("promo).", "promo", "")]
    [InlineData("promo\u201D", "promo", "")]
    [InlineData("promo\u201C", "promo", "")]
    [InlineData("promo\u3002", "promo", "")]
    [InlineData("promo>", "promo", "")]
    [InlineData("promo**", "promo", "")]
    [InlineData("promo...", "promo", "")]
    [InlineData("promo ", "promo", "")]
    [InlineData(" promo\u00A0\u200B", "promo", "")]
    [InlineData("promo\r\n", "promo", "")]
    [InlineData("/promo", "promo", "")]
    [InlineData("//promo//", "promo", "")]
    [InlineData("a//b///c", "a/b/c", "")]
    [InlineData("a/b/.", "a/b", "")]
    [InlineData("promo/,", "promo", "")]
    [InlineData("promo&utm_source=x", "promo", "utm_source=x")]
    [InlineData("promo.&a=1&b=2", "promo", "a=1&b=2")]
    [InlineData("promo&", "promo", "")]
    [InlineData(".hidden).", ".hidden", "")]
    public void A_path_is_freed_of_what_was_copied_with_it(string path, string tidy, string query)
    {
        Assert.True(AliasPath.TryTidy(path, out var found, out var asked));

        Assert.Equal((tidy, query), (found, asked));
    }

    [Theory]
    [InlineData("")]
    [InlineData("promo")]
    [InlineData("promo/")]
    [InlineData("Docs/Start_Here-2~.v1")]
    [InlineData("promo_")]
    [InlineData("promo-")]
    [InlineData("(promo")]
    [InlineData("...")]
    [InlineData("&a=1")]
    [InlineData("/")]
    [InlineData("\u2764\uFE0F")]
    public void Other_paths_are_left_alone(string path)
    {
        Assert.False(AliasPath.TryTidy(path, out _, out _));
    }

    [Fact]
    public void Every_closing_sign_and_every_blank_is_taken_off_and_nothing_of_an_alias()
    {
        var taken = 0;
        for (var value = 0; value <= 0xFFFF; value++)
        {
            if (!Rune.IsValid(value) || value is '&' or '/')
                continue;

            var path = "promo" + (char)value;
            var isTidied = AliasPath.TryTidy(path, out var tidy, out _);
            var isAlias = Alias.TryParse(path, out _, out _);
            Assert.True(!isTidied || tidy == "promo", $"U+{value:X4}");
            Assert.True(
                value is '.' or 0x203C or 0x2049 or 0x303D || !isTidied || !isAlias,
                $"U+{value:X4} can end an alias, and was taken off"
            );
            taken += isTidied ? 1 : 0;
        }

        Assert.InRange(taken, 400, 1_500);
    }

    [Fact]
    public void A_tidy_path_is_never_tidied_again()
    {
        foreach (var path in (string[])["a.//b).", "//a/./", "x&y=1", " a . "])
        {
            Assert.True(AliasPath.TryTidy(path, out var tidy, out _), path);
            Assert.False(AliasPath.TryTidy(tidy, out _, out _), tidy);
        }
    }
}
