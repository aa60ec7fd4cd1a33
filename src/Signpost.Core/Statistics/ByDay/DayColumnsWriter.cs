using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Signpost.Core.Statistics.ByDay;

/// <summary>Writes the columns that <see cref="DayColumns"/> reads; its summary shows the format.</summary>
internal static class DayColumnsWriter
{
    private const int HeadSize = 5;

    /// <param name="slots">Each row's quarter of the day, in order.</param>
    public static byte[] Head(ReadOnlySpan<int> slots)
    {
        var bytes = Begin(2 * Days.Quarters);
        bytes.Number(slots.Length);
        var row = 0;
        for (var slot = 0; slot < Days.Quarters; slot++)
        {
            var start = row;
            while (row < slots.Length && slots[row] == slot)
                row++;
            bytes.Number(row - start);
        }

        return row == slots.Length ? Sealed(bytes) : throw new ArgumentException("Rows of one day, in order.");
    }

    /// <param name="links">The links' ids.</param>
    /// <param name="codes">Each row's link, as its place among the ids.</param>
    public static byte[] Links(IReadOnlyList<long> links, ReadOnlySpan<int> codes)
    {
        var (order, place) = Used(codes, links.Count, (left, right) => links[left].CompareTo(links[right]));
        var bytes = Begin(3 * order.Count + 4 * codes.Length);
        bytes.Number(order.Count);
        var before = 0L;
        foreach (var link in order)
        {
            bytes.Varint((ulong)(links[link] - before));
            before = links[link];
        }

        WriteCodes(bytes, codes, place, order.Count);
        return Sealed(bytes);
    }

    /// <summary>Writes the visitors: as numbers that need no table to tell them apart, and as they are.</summary>
    public static (byte[] Numbers, byte[] Hashes) Visitors(ReadOnlySpan<ulong> visitors)
    {
        // Above 0: seen once; below: the number of one who was seen again.
        Dictionary<ulong, int> known = new(visitors.Length);
        var again = 0;
        foreach (var visitor in visitors)
        {
            if (visitor == 0)
                continue;
            ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(known, visitor, out var isKnown);
            if (!isKnown)
                seen = 1;
            else if (seen > 0)
                seen = -++again;
        }

        var numbers = new int[visitors.Length];
        for (var row = 0; row < numbers.Length; row++)
            if (visitors[row] != 0)
                numbers[row] = known[visitors[row]] is < 0 and var number
                    ? DayColumns.FirstSeenAgain - number - 1
                    : DayColumns.SeenOnce;

        var bytes = Begin(4 * numbers.Length);
        bytes.Number(again);
        WriteCodes(bytes, numbers, default, DayColumns.FirstSeenAgain + again);

        var hashes = Begin(ClickColumns.VisitorSize * visitors.Length);
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        foreach (var visitor in visitors)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(eight, visitor);
            hashes.Bytes(eight[..ClickColumns.VisitorSize]);
        }

        return (Sealed(bytes), Sealed(hashes));
    }

    /// <param name="entries">The texts of each entry.</param>
    /// <param name="codes">Each row's entry. Entries without a row are left out.</param>
    public static byte[] Group(IReadOnlyList<string?[]> entries, ReadOnlySpan<int> codes)
    {
        // In order, most entries follow the same ones on each day, which makes finding them cheaper.
        var (order, place) = Used(codes, entries.Count, (left, right) => Compare(entries[left], entries[right]));
        var bytes = Begin(32 * order.Count + 2 * codes.Length);
        bytes.Number(order.Count);
        foreach (var entry in order)
        foreach (var text in entries[entry])
        {
            if (text is null)
            {
                bytes.Number(0);
                continue;
            }

            var length = Encoding.UTF8.GetByteCount(text);
            bytes.Number(length + 1);
            Encoding.UTF8.GetBytes(text, bytes.Take(length));
        }

        WriteCodes(bytes, codes, place, order.Count);
        return Sealed(bytes);
    }

    private static (List<int> Order, int[] Place) Used(ReadOnlySpan<int> codes, int entries, Comparison<int> compare)
    {
        var place = new int[entries];
        foreach (var code in codes)
            place[code] = 1;
        List<int> order = [];
        for (var entry = 0; entry < entries; entry++)
            if (place[entry] != 0)
                order.Add(entry);
        order.Sort(compare);
        for (var at = 0; at < order.Count; at++)
            place[order[at]] = at;
        return (order, place);
    }

    private static int Compare(string?[] left, string?[] right)
    {
        for (var text = 0; text < left.Length; text++)
            if (string.CompareOrdinal(left[text], right[text]) is not 0 and var order)
                return order;
        return 0;
    }

    /// <param name="place">What to write for each code; empty: the code itself.</param>
    private static void WriteCodes(BytesWriter bytes, ReadOnlySpan<int> codes, ReadOnlySpan<int> place, int entries)
    {
        var width = DayColumns.WidthOf(entries);
        var into = bytes.Take(codes.Length * width);
        for (var row = 0; row < codes.Length && width > 0; row++)
        {
            var code = place.IsEmpty ? codes[row] : place[codes[row]];
            if (width == 1)
                into[row] = (byte)code;
            else if (width == 2)
                BinaryPrimitives.WriteUInt16LittleEndian(into[(row * 2)..], (ushort)code);
            else
                BinaryPrimitives.WriteInt32LittleEndian(into[(row * 4)..], code);
        }
    }

    private static BytesWriter Begin(int capacity)
    {
        BytesWriter bytes = new(capacity + HeadSize + 16);
        bytes.Byte(DayColumns.Version);
        bytes.Take(sizeof(uint));
        return bytes;
    }

    private static byte[] Sealed(BytesWriter bytes)
    {
        var result = bytes.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(1), Checksums.Of(result.AsSpan(HeadSize)));
        return result;
    }
}
