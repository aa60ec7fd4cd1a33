using System.Buffers.Binary;
using System.Text;

namespace Signpost.Core.Statistics;

/// <summary>A stored rollup: by days for long ranges, by quarters of an hour for ranges that cut a UTC day.</summary>
public readonly record struct StoredRollup(int Days, byte[] Totals, byte[] Quarters);

/// <summary>
/// Writes rollups as bytes, and reads them. Both kinds have the same layout, in which one dimension is read without the others. Numbers
/// are varints where no size is given.
/// <code>
/// 0         1        5       6
/// | version | CRC32C | sections | each: dimension:1, length | the sections' lines
///
/// line: 0 other, 1 no value, else the text's length + 2 and the text | cells | each: head, and where the head says so
///                                                                             pageviews, visitors
/// head: slots since the cell before, times 4, and 0: one click of a visitor, 1: one click, 2: the counts follow
/// </code>
/// A section with number 0 has the persons' clicks by quarters, of all values together. A rollup from before a dimension existed has no section
/// for it: then no click has a value.
/// </summary>
public static class RollupBytes
{
    internal const byte Version = 1;
    internal const byte ByTime = 0;
    private const int HeadSize = 5;
    private const ulong Other = 0;
    private const ulong NoValue = 1;

    /// <summary>Writes a rollup with the values that are kept.</summary>
    public static StoredRollup Write(Rollup rollup)
    {
        var kept = rollup.Capped();
        return new StoredRollup(rollup.Days, Write(kept, Days.Quarters), Write(kept, 1));
    }

    /// <summary>Reads a whole rollup.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static Rollup Read(StoredRollup stored)
    {
        Rollup rollup = new(stored.Days);
        foreach (var dimension in Rollup.Order)
        {
            var lines = new LineReader(stored.Quarters, (byte)dimension, stored.Days * Days.Quarters);
            while (lines.MoveNext())
            {
                var key = lines.IsOther ? RollupKey.Other : new RollupKey(lines.Text(), false);
                while (lines.MoveCell())
                    rollup.Add(dimension, key, lines.Slot, lines.Count);
            }
        }

        return rollup;
    }

    /// <summary>Adds a dimension's counts of whole days, from the first to the last, both numbered from the rollup's first.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static void AddDays(byte[] totals, Dimension dimension, int days, int first, int end, ValueSums into) =>
        Add(new LineReader(totals, (byte)dimension, days), first, end, into);

    /// <summary>Adds a dimension's counts of quarters.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static void AddQuarters(
        byte[] quarters,
        Dimension dimension,
        int days,
        int first,
        int end,
        ValueSums into
    ) => Add(new LineReader(quarters, (byte)dimension, days * Days.Quarters), first, end, into);

    /// <summary>Adds the persons' clicks by quarters, from the totals.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static void AddByTime(byte[] totals, int days, long start, long from, long to, QuarterSums into)
    {
        var lines = new LineReader(totals, ByTime, days * Days.Quarters);
        while (lines.MoveNext())
        while (lines.MoveCell())
        {
            var at = start + (long)lines.Slot * Dimensions.Quarter;
            if (at >= from && at < to)
                into.Add(at, lines.Count);
        }
    }

    /// <summary>The dimensions in which two rollups differ.</summary>
    public static IReadOnlyList<Dimension> Differences(StoredRollup left, StoredRollup right)
    {
        if (left.Quarters.AsSpan().SequenceEqual(right.Quarters))
            return [];

        // An older one may lack sections.
        (left, right) = (Write(Read(left)), Write(Read(right)));
        return
        [
            .. Rollup.Order.Where(dimension =>
                !LineReader
                    .SectionOf(left.Quarters, (byte)dimension)
                    .SequenceEqual(LineReader.SectionOf(right.Quarters, (byte)dimension))
            ),
        ];
    }

    internal static uint Checksum(ReadOnlySpan<byte> bytes) => Checksums.Of(bytes[HeadSize..]);

    private static void Add(LineReader lines, int first, int end, ValueSums into)
    {
        while (lines.MoveNext())
        {
            Count sum = default;
            while (lines.MoveCell())
                if (lines.Slot >= first && lines.Slot < end)
                    sum += lines.Count;
            if (sum == default)
                continue;

            if (lines.IsOther)
                into.AddOther(sum);
            else
                into.Add(lines.HasValue ? into.CodeOf(lines.Utf8) : into.CodeOf(value: null), sum);
        }
    }

    private static byte[] Write(Rollup rollup, int quartersInSlot)
    {
        List<(byte Number, BytesWriter Lines)> sections = [];
        if (quartersInSlot > 1)
            sections.Add((ByTime, WriteByTime(rollup)));
        foreach (var dimension in Rollup.Order)
            sections.Add(((byte)dimension, WriteLines(rollup, dimension, quartersInSlot)));

        BytesWriter bytes = new(sections.Sum(section => section.Lines.Length) + 128);
        bytes.Byte(Version);
        bytes.Take(sizeof(uint));
        bytes.Number(sections.Count);
        foreach (var (number, lines) in sections)
        {
            bytes.Byte(number);
            bytes.Number(lines.Length);
        }

        foreach (var (_, lines) in sections)
            bytes.Bytes(lines.Written);

        var result = bytes.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(1), Checksum(result));
        return result;
    }

    private static BytesWriter WriteByTime(Rollup rollup)
    {
        BytesWriter bytes = new();
        RollupKey person = new(KindNames.Of(Clicks.ClickKind.Person), false);
        if (rollup.LinesOf(Dimension.Kind).TryGetValue(person, out var cells))
            WriteLine(bytes, new RollupKey(null, false), cells, 1);
        return bytes;
    }

    private static BytesWriter WriteLines(Rollup rollup, Dimension dimension, int quartersInSlot)
    {
        BytesWriter bytes = new();
        // Always in the same order, so that equal counts are equal bytes.
        foreach (
            var (key, cells) in rollup
                .LinesOf(dimension)
                .OrderBy(line => line.Key.IsOther)
                .ThenBy(line => line.Key.Value, StringComparer.Ordinal)
        )
            WriteLine(bytes, key, cells, quartersInSlot);
        return bytes;
    }

    private static void WriteLine(BytesWriter bytes, RollupKey key, SortedList<int, Count> cells, int quartersInSlot)
    {
        if (key.IsOther || key.Value is null)
        {
            bytes.Varint(key.IsOther ? Other : NoValue);
        }
        else
        {
            var length = Encoding.UTF8.GetByteCount(key.Value);
            bytes.Varint((ulong)length + 2);
            Encoding.UTF8.GetBytes(key.Value, bytes.Take(length));
        }

        List<RollupCell> slots = [];
        foreach (var (quarter, count) in cells)
        {
            var slot = quarter / quartersInSlot;
            if (slots is [.., var last] && last.Slot == slot)
                slots[^1] = last with { Count = last.Count + count };
            else
                slots.Add(new RollupCell(slot, count));
        }

        bytes.Number(slots.Count);
        var before = 0;
        foreach (var (slot, count) in slots)
        {
            var shape = count switch
            {
                (1, 1) => 0UL,
                (1, 0) => 1UL,
                _ => 2UL,
            };
            bytes.Varint(((ulong)(slot - before) << 2) | shape);
            before = slot;
            if (shape != 2)
                continue;

            bytes.Varint((ulong)count.Pageviews);
            bytes.Varint((ulong)count.Visitors);
        }
    }
}
