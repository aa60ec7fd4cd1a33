namespace Signpost.Core.Statistics;

/// <summary>Tells whether counts can have come about by chance from set weights.</summary>
public static class Splits
{
    /// <summary>A warning for a split that comes about by chance less often than this. People look often, so it is rare.</summary>
    public const double Doubtful = 0.001;

    /// <summary>With fewer expected counts of a part, the test says nothing.</summary>
    private const double FewestExpected = 5;

    /// <summary>The standard normal distribution holds 95 % between the negative and the positive of this.</summary>
    private const double Normal95 = 1.959963984540054;

    /// <summary>The interval that holds the true share of a part in 95 of 100 cases (Wilson), from 0 to 1.</summary>
    /// <param name="total">At least 1.</param>
    public static (double From, double To) Interval(long count, long total)
    {
        var (share, z2) = ((double)count / total, Normal95 * Normal95);
        var middle = (share + z2 / (2 * total)) / (1 + z2 / total);
        var half = Normal95 * Math.Sqrt((share * (1 - share) + z2 / (4 * total)) / total) / (1 + z2 / total);
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>
    /// Tells whether counts differ from their weights by more than chance explains (chi-square test). Counts of parts without weight are never
    /// chance. With few counts it is false.
    /// </summary>
    /// <param name="parts">The weight, 0 or more, and the count of each part.</param>
    public static bool IsDoubtful(IReadOnlyList<(double Weight, long Count)> parts)
    {
        if (parts.Any(part => part is { Weight: 0, Count: > 0 }))
            return true;
        var weighted = parts.Where(part => part.Weight > 0).ToList();
        var (weights, total) = (weighted.Sum(part => part.Weight), weighted.Sum(part => part.Count));
        if (weighted.Count < 2 || weighted.Any(part => total * part.Weight / weights < FewestExpected))
            return false;
        var distance = weighted.Sum(part =>
        {
            var expected = total * part.Weight / weights;
            return (part.Count - expected) * (part.Count - expected) / expected;
        });
        return Beyond(distance, weighted.Count - 1) < Doubtful;
    }

    /// <summary>The probability that a chi-square variable is larger than this.</summary>
    /// <param name="freedom">The degrees of freedom, at least 1.</param>
    internal static double Beyond(double distance, int freedom)
    {
        // Upwards from 1 or 2 degrees, which have closed forms: Q(a + 1, x) = Q(a, x) + x^a e^-x / Γ(a + 1).
        var x = distance / 2;
        var isEven = freedom % 2 == 0;
        var tail = isEven ? Math.Exp(-x) : TailOfNormal(Math.Sqrt(distance));
        var step = isEven ? Math.Exp(-x) * x : 2 * Math.Sqrt(x / Math.PI) * Math.Exp(-x);
        for (var half = isEven ? 1.0 : 0.5; half < freedom / 2.0; half++)
        {
            tail += step;
            step *= x / (half + 1);
        }

        return Math.Clamp(tail, 0, 1);
    }

    // Both tails of the standard normal distribution (Abramowitz and Stegun 7.1.26; the error is below 2e-7).
    private static double TailOfNormal(double distance)
    {
        var z = distance / Math.Sqrt(2);
        var t = 1 / (1 + 0.3275911 * z);
        var series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
        return series * Math.Exp(-z * z);
    }
}
