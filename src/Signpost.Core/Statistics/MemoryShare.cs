namespace Signpost.Core.Statistics;

/// <summary>
/// Limits for what is counted in memory. Visitors invent values, and memory must suffice whatever they invent. So a process
/// with less memory keeps fewer values apart; the sums stay right.
/// </summary>
public static class MemoryShare
{
    /// <summary>With so many bytes the limits are at their highest.</summary>
    private const long Plenty = 8L << 30;

    private const int Smallest = 32;

    /// <summary>The share of a limit that this process may use: all of it, or at least a thirty-second part.</summary>
    public static int Of(int most) => Of(most, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    internal static int Of(int most, long available) =>
        (int)Math.Clamp(most * (double)available / Plenty, most / Smallest, most);
}
