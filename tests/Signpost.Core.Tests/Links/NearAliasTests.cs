using Signpost.Core.Links;

namespace Signpost.Core.Tests.Links;

public sealed class NearAliasTests
{
    private static readonly string[] Keys = ["poster", "posters", "summer-sale", "go", "straße", "x"];

    [Theory]
    [InlineData("postre", "poster")]
    [InlineData("possters", "posters")]
    [InlineData("psters", "posters")]
    [InlineData("summersale", "summer-sale")]
    [InlineData("sumer-sael", "summer-sale")]
    [InlineData("og", "go")]
    [InlineData("strasse", "straße")]
    [InlineData("poster", null)]
    [InlineData("posters", null)]
    [InlineData("winter-sale", null)]
    [InlineData("mo", "go")]
    [InlineData("me", null)]
    [InlineData("", "x")]
    [InlineData("sretsop", null)]
    public void The_alias_that_is_the_fewest_edits_away_is_found(string asked, string? expected)
    {
        var at = new NearAlias(Keys).IndexOf(asked);

        Assert.Equal(expected, at < 0 ? null : Keys[at]);
    }

    [Fact]
    public void An_alias_that_is_far_or_too_long_has_no_nearest_one_among_many()
    {
        NearAlias near = new(Enumerable.Range(0, 5_000).Select(i => $"abcdef{i:D4}"));

        Assert.Equal(-1, near.IndexOf("uvwxyzuvwx"));
        Assert.Equal(-1, near.IndexOf(new string('a', Alias.LongestText + 1)));
        Assert.Equal(1243, near.IndexOf("abcdef1243x"));
    }
}
