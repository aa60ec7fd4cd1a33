namespace Signpost.Core.Statistics;

/// <summary>The count of one slot: of a day or of a quarter of an hour, numbered from the first of a rollup.</summary>
public readonly record struct RollupCell(int Slot, Count Count);

/// <summary>The subject of a line of a rollup: a value, no value, or the sum of the others.</summary>
/// <param name="Value">A <see cref="ValueKey"/>.</param>
public readonly record struct RollupKey(string? Value, bool IsOther)
{
    public static readonly RollupKey Other = new(null, true);
}
