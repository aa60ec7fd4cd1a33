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
/// <param name="Value">A <see cref="ValueKey"/>; null: the clicks without a value.</param>
/// <param name="IsOther">The sum of all values beyond the <see cref="Dimensions.MostValues"/> of a day; it has no value.</param>
public readonly record struct ValueCount(string? Value, bool IsOther, Count Count)
{
    /// <summary>The order of rows: the most pageviews first, then by value; no value comes first among equals, other comes last.</summary>
    public static int Compare(ValueCount left, ValueCount right)
    {
        var byCount = right.Count.Pageviews.CompareTo(left.Count.Pageviews);
        if (byCount != 0)
            return byCount;

        return left.IsOther != right.IsOther
            ? left.IsOther.CompareTo(right.IsOther)
            : string.CompareOrdinal(left.Value, right.Value);
    }

    /// <summary>The first values of ordered rows. All further ones are in the row of other values, so that the sum stays the same.</summary>
    /// <param name="most">The number of values, besides the row of other values.</param>
    public static IReadOnlyList<ValueCount> Shorten(IReadOnlyList<ValueCount> rows, int most)
    {
        List<ValueCount> kept = [];
        Count other = default;
        foreach (var row in rows)
            if (!row.IsOther && kept.Count < most)
                kept.Add(row);
            else
                other += row.Count;
        if (other != default)
            kept.Add(new(null, true, other));
        kept.Sort(Compare);
        return kept;
    }
}

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

    /// <summary>The dimensions whose values tell equal values of this one apart, as the country does for cities; mostly none.</summary>
    public static IReadOnlyList<Dimension> ParentsOf(Dimension dimension) =>
        dimension switch
        {
            Dimension.CityName => [Dimension.CountryCode],
            Dimension.ReferrerPath => [Dimension.ReferrerHost],
            Dimension.UtmMedium => [Dimension.UtmSource],
            Dimension.UtmCampaign => [Dimension.UtmSource, Dimension.UtmMedium],
            _ => [],
        };
}
