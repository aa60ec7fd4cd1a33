using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Visitors.Agents;

namespace Signpost.Core.Tests.Visitors;

public sealed class RequiredTextTests
{
    [Theory]
    [InlineData("Chrome", "chrome")]
    [InlineData(@"(Opera)/(\d+)\.(\d+).{1,100}Opera Mobi", "opera mobi & opera/")]
    [InlineData("(Foo|Bar)-Baz", "bar-baz|foo-baz")]
    [InlineData(@"\b(Foo|Ba\d)x", "ba|foo")]
    [InlineData("[Bb]ot", "bot")]
    [InlineData(@"foo(?:\.(\d+)|)bar", "bar & foo")]
    [InlineData("foo(?:x|)bar", "foobar|fooxbar")]
    [InlineData("^a{2}b+c?$", "a & b")]
    [InlineData("(abc|)", "")]
    [InlineData("abc|[^d]", "")]
    [InlineData("(?i)abc", "")]
    [InlineData("abc(?!def)ghi", "abcghi")]
    [InlineData(@"a\x20b", "")]
    [InlineData("abcdefghijklmnop", "abcdefghij")]
    [InlineData(@"\+http", "+http")]
    [InlineData(@"(?<! cu)bots?(?:\b|_)", "bot|bot_|bots|bots_")]
    [InlineData(@"@[a-z][\w-]+\.", ". & @")]
    [InlineData(@"\b\w+/1\.0;", "/1.0;")]
    [InlineData("(?<name>a)bc", "")]
    [InlineData("ab[", "")]
    [InlineData("ab)", "")]
    public void What_no_match_can_do_without_is_read_from_the_expression(string pattern, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                " & ",
                RequiredText
                    .Of(pattern)
                    .Select(choice => string.Join('|', choice.Order(StringComparer.Ordinal)))
                    .Order(StringComparer.Ordinal)
            )
        );

    [Fact]
    public void Whatever_matches_passes_the_filter()
    {
        var cases =
            from pattern in Patterns(3)
            from text in Gen.Elements("a", "b", "C", "ab", "/", "1", " ").ListOf().Select(some => string.Concat(some))
            select (pattern, text);

        Check.One(
            Laws.Over(5_000),
            Prop.ForAll(
                cases.ToArbitrary(),
                one =>
                {
                    var filter = new ExpressionFilter([one.pattern]);
                    Span<ulong> found = [0];
                    filter.Find(one.text, found);
                    return found[0] == 1 || !Regex.IsMatch(one.text, one.pattern, RegexOptions.ECMAScript);
                }
            )
        );
    }

    private static Gen<string> Patterns(int depth)
    {
        var leaves = Gen.Elements("a", "b", "C", "ab", "/", ".", @"\d", "[aC]", "[^a]", @"\b", "^", "$");
        if (depth == 0)
            return leaves;

        var inner = Patterns(depth - 1);
        return Gen.OneOf(
            leaves,
            inner.SelectMany(_ => inner, (one, two) => one + two),
            inner.SelectMany(_ => inner, (one, two) => $"({one}|{two})"),
            inner.Select(one => $"(?:{one}|)"),
            inner.SelectMany(
                _ => Gen.Elements("?", "*", "+", "{2}", "{0,2}", "{1,3}?"),
                (one, often) => $"(?:{one}){often}"
            )
        );
    }
}
