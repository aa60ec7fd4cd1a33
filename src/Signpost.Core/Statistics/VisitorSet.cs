using System.Buffers;

namespace Signpost.Core.Statistics;

/// <summary>Visitors with values, for one day at a time: a visitor's 48 bits above sixteen bits of a value.</summary>
internal sealed class VisitorSet : IDisposable
{
    /// <summary>The number of values that fit beside a visitor.</summary>
    public const int Values = 1 << 16;

    private const int Smallest = 64;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private ulong[] _slots = ArrayPool<ulong>.Shared.Rent(Smallest);
    private int _shift;
    private int _mask;

    /// <summary>The part of a visitor, of so many parts, a power of two.</summary>
    public static int PartOf(ulong visitor, int parts) => (int)((visitor * Multiplier) >> 40) & (parts - 1);

    /// <summary>Removes all, and makes room for <paramref name="most"/>.</summary>
    public void Start(int most)
    {
        var size = Smallest;
        var bits = 6;
        for (; size < most * 2L && bits < 30; bits++)
            size *= 2;

        if (_slots.Length < size)
        {
            ArrayPool<ulong>.Shared.Return(_slots);
            _slots = ArrayPool<ulong>.Shared.Rent(size);
        }

        _slots.AsSpan(0, size).Clear();
        _mask = size - 1;
        _shift = 64 - bits;
    }

    /// <summary>Adds an item that is not 0; false if it was there.</summary>
    public bool Add(ulong visitor, int value)
    {
        var key = (visitor << 16) | (ushort)value;
        var slots = _slots;
        // The visitor's bits come from a keyed hash: nobody can choose their place.
        for (var at = (int)((key * Multiplier) >> _shift); ; at = (at + 1) & _mask)
        {
            var found = slots[at];
            if (found == key)
                return false;
            if (found != 0)
                continue;

            slots[at] = key;
            return true;
        }
    }

    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_slots);
        _slots = [];
    }
}
