namespace Signpost.Core.Statistics;

/// <summary>UTC days, counted since 1970-01-01.</summary>
public static class Days
{
    public const int Seconds = 86_400;

    /// <summary>Quarters of an hour in a day.</summary>
    public const int Quarters = Seconds / Dimensions.Quarter;

    /// <summary>The day that an instant is in.</summary>
    public static int Of(long seconds) => (int)Math.Clamp(FloorDivide(seconds, Seconds), int.MinValue, int.MaxValue);

    /// <summary>A day's first second.</summary>
    public static long StartOf(int day) => (long)day * Seconds;

    internal static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((-(value + 1)) / by) - 1;
}
