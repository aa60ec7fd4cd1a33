namespace Signpost.Core.Statistics;

/// <summary>
/// How often, and by how many. A visitor is counted once a UTC day in each line of an answer; so visitors of several days
/// are the sum of the days'.
/// </summary>
public readonly record struct Count(long Pageviews, long Visitors)
{
    public static Count operator +(Count left, Count right) =>
        new(left.Pageviews + right.Pageviews, left.Visitors + right.Visitors);
}

/// <summary>A line of an answer.</summary>
/// <param name="Value">Null: the clicks that have no such value.</param>
/// <param name="IsOther">The sum of all the values beyond the <see cref="Dimensions.MostValues"/> that a day keeps; it has no value.</param>
public readonly record struct ValueCount(string? Value, bool IsOther, Count Count);

/// <summary>The clicks of a quarter of an hour. Here a visitor is counted once a UTC day, at the first click.</summary>
/// <param name="Start">The quarter's first second, since 1970-01-01 UTC: a multiple of 900.</param>
public readonly record struct QuarterCount(long Start, Count Count);

/// <summary>What is common to all dimensions.</summary>
public static class Dimensions
{
    /// <summary>A link and day keeps so many values of each dimension, the most frequent; the rest is summed up as other.</summary>
    public const int MostValues = 1_000;

    /// <summary>Seconds in the smallest span that counts are kept for.</summary>
    public const int Quarter = 900;
}
