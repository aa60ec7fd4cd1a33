using System.Numerics;
using System.Runtime.InteropServices;

namespace Signpost.Core.Statistics;

/// <summary>A group's codes. Each takes as many bytes as the number of entries needs.</summary>
internal readonly record struct CodeColumn(int Start, int Width, int Entries)
{
    public static CodeColumn Read(ref BytesReader reader, int rows, int entries)
    {
        if (rows > 0 && entries == 0)
            throw BytesReader.Damaged();

        CodeColumn column = new(reader.At, ClickColumns.WidthOf(entries), entries);
        var codes = reader.Bytes(rows * column.Width);
        var fits = column.Width switch
        {
            1 => AllAtMost(codes, (byte)(entries - 1)),
            2 => AllAtMost(MemoryMarshal.Cast<byte, ushort>(codes), (ushort)(entries - 1)),
            _ => true,
        };
        return fits ? column : throw BytesReader.Damaged();
    }

    public int CodeOf(ReadOnlySpan<byte> bytes, int row) =>
        Width switch
        {
            0 => 0,
            1 => bytes[Start + row],
            _ => bytes[Start + 2 * row] | (bytes[Start + 2 * row + 1] << 8),
        };

    public void CopyTo(Span<ushort> into, ReadOnlySpan<byte> bytes)
    {
        if (Width == 0)
        {
            into.Clear();
            return;
        }

        var codes = bytes.Slice(Start, into.Length * Width);
        if (Width == 2)
        {
            codes.CopyTo(MemoryMarshal.AsBytes(into));
            return;
        }

        var row = 0;
        for (; row <= codes.Length - Vector<byte>.Count; row += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(codes[row..]), out var low, out var high);
            low.CopyTo(into[row..]);
            high.CopyTo(into[(row + Vector<ushort>.Count)..]);
        }

        for (; row < codes.Length; row++)
            into[row] = codes[row];
    }

    private static bool AllAtMost<T>(ReadOnlySpan<T> codes, T most)
        where T : struct, INumber<T>
    {
        var row = 0;
        Vector<T> limit = new(most);
        for (; row <= codes.Length - Vector<T>.Count; row += Vector<T>.Count)
            if (Vector.GreaterThanAny(new Vector<T>(codes[row..]), limit))
                return false;

        for (; row < codes.Length; row++)
            if (codes[row] > most)
                return false;
        return true;
    }
}
