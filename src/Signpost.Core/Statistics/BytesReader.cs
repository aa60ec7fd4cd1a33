using System.Buffers.Binary;

namespace Signpost.Core.Statistics;

/// <summary>Reads numbers and bytes one after another. Invalid bytes raise a <see cref="FormatException"/>.</summary>
internal ref struct BytesReader(ReadOnlySpan<byte> bytes, int at)
{
    private const int LongestVarint = 10;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The place of the next byte.</summary>
    public int At { get; private set; } = at;

    public readonly int Left => _bytes.Length - At;

    public byte Byte() => At < _bytes.Length ? _bytes[At++] : throw Damaged();

    public short Int16() => BinaryPrimitives.ReadInt16LittleEndian(Bytes(sizeof(short)));

    /// <summary>Seven bits a byte, the lowest first; the high bit says that more follow.</summary>
    public ulong Varint()
    {
        var first = Byte();
        if (first < 0x80)
            return first;

        var value = (ulong)(first & 0x7F);
        for (var read = 1; read < LongestVarint; read++)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << (7 * read);
            if (next < 0x80)
                return value;
        }

        throw Damaged();
    }

    /// <summary>A number with a sign, small if it is near zero.</summary>
    public long Signed()
    {
        var folded = Varint();
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }

    /// <summary>A number from 0 to <paramref name="most"/>.</summary>
    public int Number(int most)
    {
        var value = Varint();
        return most >= 0 && value <= (ulong)most ? (int)value : throw Damaged();
    }

    /// <summary>The number of items that follow, of which each takes <paramref name="size"/> bytes at least.</summary>
    public int CountOf(int size) => Number(Left / size);

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > Left)
            throw Damaged();

        var bytes = _bytes.Slice(At, count);
        At += count;
        return bytes;
    }

    public static FormatException Damaged() => new("The stored clicks are damaged.");
}
