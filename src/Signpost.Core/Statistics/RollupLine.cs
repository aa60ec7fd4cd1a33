namespace Signpost.Core.Statistics;

/// <summary>A count of one slot: of a day or of a quarter of an hour, numbered from the first of a rollup.</summary>
public readonly record struct RollupCell(int Slot, Count Count);

/// <summary>What a line of a rollup is about: a value, no value, or all that were too many.</summary>
public readonly record struct RollupKey(string? Value, bool IsOther)
{
    public static readonly RollupKey Other = new(null, true);
}
