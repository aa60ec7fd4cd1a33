using Signpost.Core.Visitors.Expressions;

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
    [InlineData("abc(?!def)ghi", "abcghi")]
    [InlineData("abcdefghijklmnop", "abcdefghij")]
    [InlineData(@"\+http", "+http")]
    [InlineData(@"(?<! cu)bots?(?:\b|_)", "bot|bot_|bots|bots_")]
    [InlineData(@"@[a-z][\w-]+\.", ". & @")]
    [InlineData(@"\b\w+/1\.0;", "/1.0;")]
    public void What_no_match_can_do_without_is_read_from_the_expression(string pattern, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                " & ",
                RequiredText
                    .Of(ExpressionReader.Read(pattern))
                    .Select(choice => string.Join('|', choice.Order(StringComparer.Ordinal)))
                    .Order(StringComparer.Ordinal)
            )
        );
}
