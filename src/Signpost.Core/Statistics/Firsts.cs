namespace Signpost.Core.Statistics;

/// <summary>Finds each visitor's first click of a day, with each value.</summary>
internal static class Firsts
{
    /// <summary>Marks these clicks.</summary>
    /// <param name="slots">The clicks' quarters, in order, counted from the start of some day.</param>
    /// <param name="visitors">The clicks' visitors; 0: none.</param>
    /// <param name="codes">The clicks' values; below 0: does not count. Empty: all have the same.</param>
    /// <param name="values">Larger than each code.</param>
    public static void Mark(
        ReadOnlySpan<int> slots,
        ReadOnlySpan<ulong> visitors,
        ReadOnlySpan<int> codes,
        int values,
        VisitorSet seen,
        Span<bool> firsts
    )
    {
        firsts.Clear();
        for (int start = 0, end; start < slots.Length; start = end)
        {
            var next = (slots[start] / Days.Quarters + 1) * Days.Quarters;
            for (end = start + 1; end < slots.Length && slots[end] < next; )
                end++;

            // The number of values that fit beside a visitor at a time; nearly always one round is enough.
            for (var page = 0; page == 0 || page < values; page += VisitorSet.Values)
            {
                seen.Start(end - start);
                for (var row = start; row < end; row++)
                {
                    var value = codes.IsEmpty ? 0 : codes[row] - page;
                    if ((uint)value < VisitorSet.Values && visitors[row] != 0)
                        firsts[row] |= seen.Add(visitors[row], value);
                }
            }
        }
    }
}
