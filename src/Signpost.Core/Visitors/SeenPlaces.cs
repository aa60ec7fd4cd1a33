namespace Signpost.Core.Visitors;

/// <summary>
/// Remembers the places of records of a geo file. A record has four possible places in memory, and a new one replaces
/// one of the four: so memory is bounded (five megabytes with the longest names), and nothing is locked or swept.
/// </summary>
internal sealed class SeenPlaces
{
    private const int Places = 1 << 14;
    private const int Choices = 4;

    private readonly Entry?[] _entries = new Entry?[Places];
    private uint _turn;

    public bool TryFind(uint record, out Place place)
    {
        foreach (var entry in ChoicesOf(record))
        {
            if (entry is not null && entry.Record == record)
            {
                place = entry.Place;
                return true;
            }
        }

        place = default;
        return false;
    }

    public void Remember(uint record, Place place)
    {
        var choices = ChoicesOf(record);
        var free = choices.IndexOf((Entry?)null);
        // Two threads may choose the same place or store the same record twice: it is only a cache.
        choices[free >= 0 ? free : (int)(_turn++ % Choices)] = new Entry(record, place);
    }

    private Span<Entry?> ChoicesOf(uint record)
    {
        const uint Multiplier = 0x9E37_79B9;
        return _entries.AsSpan((int)((record * Multiplier) >> 18) & ~(Choices - 1), Choices);
    }

    // A class, not a struct, because it is stored in one step.
    private sealed record Entry(uint Record, Place Place);
}
