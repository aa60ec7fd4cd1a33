using Signpost.Core.Statistics;

namespace Signpost.Core.Tests.Statistics;

/// <summary>Shares beside their weights: the interval, and the warning for a split that cannot be chance.</summary>
public sealed class SplitsTests
{
    [Theory]
    [InlineData(0, 10, 0, 0.278)]
    [InlineData(5, 10, 0.237, 0.763)]
    [InlineData(10, 10, 0.722, 1)]
    [InlineData(250, 1_000, 0.224, 0.278)]
    public void The_interval_is_the_one_of_Wilson(long count, long total, double from, double to)
    {
        var interval = Splits.Interval(count, total);

        Assert.Equal(from, interval.From, 3);
        Assert.Equal(to, interval.To, 3);
    }

    // From tables of the distribution.
    [Theory]
    [InlineData(3.841, 1, 0.05)]
    [InlineData(10.828, 1, 0.001)]
    [InlineData(5.991, 2, 0.05)]
    [InlineData(11.345, 3, 0.01)]
    [InlineData(18.467, 4, 0.001)]
    [InlineData(31.264, 11, 0.001)]
    public void The_probability_of_a_distance_is_that_of_the_tables(double distance, int freedom, double expected) =>
        Assert.Equal(expected, Splits.Beyond(distance, freedom), expected / 100);

    [Theory]
    [InlineData(new double[] { 50, 50 }, 200)]
    [InlineData(new double[] { 90, 10 }, 60)]
    [InlineData(new double[] { 50, 30, 15, 5 }, 2_000)]
    public void Chance_alone_warns_in_at_most_one_of_a_hundred_cases(double[] weights, int clicks)
    {
        const int cases = 2_000;
        Random chance = new(20_261_127);

        var warned = Enumerable.Range(0, cases).Count(_ => Splits.IsDoubtful(Draw(weights, clicks, chance)));

        Assert.InRange(warned, 0, cases / 100);
    }

    [Fact]
    public void A_split_that_cannot_be_chance_warns_and_few_clicks_do_not()
    {
        Assert.True(Splits.IsDoubtful([(50, 1_200), (50, 1_000)]));
        Assert.False(Splits.IsDoubtful([(50, 1_050), (50, 1_000)]));
        Assert.False(Splits.IsDoubtful([(50, 6), (50, 0)]));
        Assert.True(Splits.IsDoubtful([(100, 40), (0, 1)]));
        Assert.False(Splits.IsDoubtful([(100, 40)]));
    }

    private static List<(double, long)> Draw(double[] weights, int clicks, Random chance)
    {
        var counts = new long[weights.Length];
        for (var click = 0; click < clicks; click++)
        {
            var (lot, at) = (chance.NextDouble() * weights.Sum(), 0);
            while (at < weights.Length - 1 && (lot -= weights[at]) >= 0)
                at++;
            counts[at]++;
        }

        return [.. weights.Zip(counts)];
    }
}
