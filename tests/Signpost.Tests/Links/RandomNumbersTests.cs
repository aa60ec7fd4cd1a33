using Signpost.Links;

namespace Signpost.Tests.Links;

/// <summary>The numbers of which random aliases are made.</summary>
public sealed class RandomNumbersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(62)]
    [InlineData(256)]
    public void Every_number_below_the_limit_is_drawn_and_none_much_more_often(int limit)
    {
        const int Each = 400;
        RandomNumbers random = new();
        var counts = new int[limit];

        for (var i = 0; i < Each * limit; i++)
            counts[random.Below(limit)]++;

        // The standard deviation is 20 at most, so chance does not come near the bounds.
        Assert.All(counts, count => Assert.InRange(count, Each / 2, Each * 3 / 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void A_limit_that_no_byte_can_serve_is_an_error(int limit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomNumbers().Below(limit));
}
