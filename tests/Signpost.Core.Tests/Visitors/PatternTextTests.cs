using Signpost.Core.Visitors;

namespace Signpost.Core.Tests.Visitors;

public sealed class PatternTextTests
{
    [Theory]
    [InlineData("crawl", "crawl")]
    [InlineData(@"pinterest\.com\/bot", "pinterest.com/bot")]
    [InlineData(@"\(\)", "()")]
    [InlineData("^bot", null)]
    [InlineData(@"rss\b", null)]
    [InlineData("ptst[ /]", null)]
    [InlineData(@"broken\", null)]
    public void Plain_text_is_told_from_an_expression(string pattern, string? expected)
    {
        Assert.Equal(expected is not null, PatternText.IsLiteral(pattern, out var literal));
        Assert.Equal(expected, literal);
    }

    [Theory]
    [InlineData("(?:^|[^g])news(?!sapphire)", "news")]
    [InlineData(@"(?<! cu)bots?(?:\b|_)", "bot")]
    [InlineData(@"@[a-z][\w-]+\.", "@")]
    [InlineData(@"\b\w+/1\.0;", "/1.0;")]
    [InlineData("abc+de", "abc")]
    [InlineData("ab?cd", "cd")]
    [InlineData(@"^\d+\b", null)]
    [InlineData("one|two", null)]
    public void What_every_match_contains_is_known_without_running_it(string pattern, string? expected) =>
        Assert.Equal(expected, PatternText.Needle(pattern));
}
