namespace Signpost.Core.Statistics;

/// <summary>
/// Pageviews and visitors. A visitor is counted once a UTC day in each row of a response; so visitors of several days
/// are the sum of the days.
/// </summary>
public readonly record struct Count(long Pageviews, long Visitors)
{
    public static Count operator +(Count left, Count right) =>
        new(left.Pageviews + right.Pageviews, left.Visitors + right.Visitors);
}

/// <summary>A row of a response.</summary>
/// <param name="Value">Null: the clicks without a value.</param>
/// <param name="IsOther">The sum of all values beyond the <see cref="Dimensions.MostValues"/> of a day; it has no value.</param>
public readonly record struct ValueCount(string? Value, bool IsOther, Count Count);

/// <summary>The clicks of a quarter of an hour. Here a visitor is counted once a UTC day, at the first click.</summary>
/// <param name="Start">The quarter's first second, since 1970-01-01 UTC: a multiple of 900.</param>
public readonly record struct QuarterCount(long Start, Count Count);

/// <summary>The rules for all dimensions.</summary>
public static class Dimensions
{
    /// <summary>The number of most frequent values that a link and day keeps of each dimension; the rest is summed up.</summary>
    public const int MostValues = 1_000;

    /// <summary>Seconds in the smallest span of counts.</summary>
    public const int Quarter = 900;
}
