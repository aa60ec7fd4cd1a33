namespace Signpost.Core.Visitors;

/// <summary>The types of the data section; the numbers are the format's.</summary>
internal enum MmdbType : byte
{
    Extended = 0,
    Pointer = 1,
    Text = 2,
    Double = 3,
    Bytes = 4,
    UInt16 = 5,
    UInt32 = 6,
    Map = 7,
    Int32 = 8,
    UInt64 = 9,
    UInt128 = 10,
    Array = 11,
    Container = 12,
    End = 13,
    Boolean = 14,
    Float = 15,
}

/// <summary>The head of a value.</summary>
/// <param name="Size">Bytes of the payload; for maps and arrays the number of entries; for booleans the value.</param>
/// <param name="Start">The start of the payload; for pointers the place that they point to.</param>
/// <param name="Next">The start of the next value; for maps and arrays that of their first one.</param>
internal readonly record struct MmdbField(MmdbType Type, int Size, int Start, int Next)
{
    public int Payload => Type is MmdbType.Map or MmdbType.Array or MmdbType.Boolean or MmdbType.Pointer ? 0 : Size;
}

/// <summary>
/// Reads values of a data section (https://maxmind.github.io/MaxMind-DB/, "Output Data Section"). With invalid bytes
/// it returns false instead of reading beyond them, and it gives up on a value with more parts than any record has.
/// <code>
/// control byte  TTTSSSSS   type 1–7, size below 29; type 0: the type is 7 + the next byte
///                          size 29: 29 + 1 byte, 30: 285 + 2 bytes, 31: 65,821 + 3 bytes
/// pointer       001SSVVV   11, 19 + 2,048 or 27 + 526,336 bits with VVV first, or 32 bits without
/// </code>
/// </summary>
internal ref struct MmdbData(ReadOnlySpan<byte> section)
{
    private const int MostParts = 4096;

    private readonly ReadOnlySpan<byte> _section = section;
    private int _partsLeft = MostParts;

    public readonly ReadOnlySpan<byte> Payload(MmdbField field) => _section.Slice(field.Start, field.Payload);

    /// <summary>Reads one value's head, without following a pointer.</summary>
    public readonly bool TryReadField(int at, out MmdbField field)
    {
        field = default;
        if ((uint)at >= (uint)_section.Length)
            return false;

        int control = _section[at++];
        var type = (MmdbType)(control >> 5);
        if (type == MmdbType.Pointer)
            return TryReadPointer(control, at, out field);
        if (type == MmdbType.Extended)
        {
            if (at >= _section.Length)
                return false;
            var extended = 7 + _section[at++];
            if (extended is <= (int)MmdbType.Map or > (int)MmdbType.Float)
                return false;
            type = (MmdbType)extended;
        }

        if (!TryReadSize(control & 0b11111, ref at, out var size) || !IsAllowed(type, size))
            return false;

        field = new(type, size, at, at);
        var payload = field.Payload;
        if (payload > _section.Length - at)
            return false;
        field = field with { Next = at + payload };
        return true;
    }

    /// <summary>Reads the value at a place, or at the target of a pointer there; moves to the value after it.</summary>
    /// <remarks>After a map or an array in place, that is its first entry.</remarks>
    public readonly bool TryReadValue(ref int at, out MmdbField value)
    {
        if (!TryReadField(at, out value))
            return false;
        at = value.Next;
        // A pointer to a pointer is not allowed.
        return value.Type != MmdbType.Pointer
            || (TryReadField(value.Start, out value) && value.Type != MmdbType.Pointer);
    }

    /// <summary>Reads a map's key, and moves to its value.</summary>
    public bool TryReadKey(ref int at, out ReadOnlySpan<byte> key)
    {
        key = default;
        if (--_partsLeft < 0 || !TryReadValue(ref at, out var field) || field.Type != MmdbType.Text)
            return false;
        key = Payload(field);
        return true;
    }

    /// <summary>Moves past the value at a place.</summary>
    public bool TrySkip(ref int at)
    {
        for (long open = 1; open > 0; open--)
        {
            if (--_partsLeft < 0 || !TryReadField(at, out var field))
                return false;
            at = field.Next;
            if (field.Type == MmdbType.Map)
                open += 2L * field.Size;
            else if (field.Type == MmdbType.Array)
                open += field.Size;
        }
        return true;
    }

    /// <summary>Finds a key's value in a map.</summary>
    public bool TryFind(in MmdbField map, ReadOnlySpan<byte> key, out MmdbField value)
    {
        value = default;
        if (map.Type != MmdbType.Map)
            return false;

        var at = map.Next;
        for (var i = 0; i < map.Size; i++)
        {
            if (!TryReadKey(ref at, out var found))
                return false;
            if (found.SequenceEqual(key))
                return TryReadValue(ref at, out value);
            if (!TrySkip(ref at))
                return false;
        }
        return false;
    }

    /// <summary>Reads an unsigned number of at most 64 bits.</summary>
    public readonly bool TryReadNumber(in MmdbField field, out ulong number)
    {
        number = 0;
        if (field.Type is not (MmdbType.UInt16 or MmdbType.UInt32 or MmdbType.UInt64))
            return false;
        foreach (var part in Payload(field))
            number = (number << 8) | part;
        return true;
    }

    private readonly bool TryReadSize(int size, ref int at, out int full)
    {
        var more = Math.Max(0, size - 28);
        full = size;
        if (more > _section.Length - at)
            return false;
        if (more > 0)
            full =
                (
                    more == 1 ? 29
                    : more == 2 ? 285
                    : 65_821
                ) + (int)BigEndian(_section.Slice(at, more));
        at += more;
        return true;
    }

    private readonly bool TryReadPointer(int control, int at, out MmdbField pointer)
    {
        pointer = default;
        var bytes = ((control >> 3) & 0b11) + 1;
        if (bytes > _section.Length - at)
            return false;

        var value = BigEndian(_section.Slice(at, bytes));
        var high = (uint)(control & 0b111) << (8 * bytes);
        long target = bytes switch
        {
            1 => high + value,
            2 => high + value + 2_048,
            3 => high + value + 526_336,
            _ => value,
        };
        if (target >= _section.Length)
            return false;
        pointer = new(MmdbType.Pointer, 0, (int)target, at + bytes);
        return true;
    }

    private static uint BigEndian(ReadOnlySpan<byte> bytes)
    {
        uint value = 0;
        foreach (var one in bytes)
            value = (value << 8) | one;
        return value;
    }

    private static bool IsAllowed(MmdbType type, int size) =>
        type switch
        {
            MmdbType.Double => size == 8,
            MmdbType.Float => size == 4,
            MmdbType.UInt16 => size <= 2,
            MmdbType.UInt32 or MmdbType.Int32 => size <= 4,
            MmdbType.UInt64 => size <= 8,
            MmdbType.UInt128 => size <= 16,
            MmdbType.Boolean => size <= 1,
            // These two types occur in no file.
            MmdbType.Container or MmdbType.End => false,
            _ => true,
        };
}
