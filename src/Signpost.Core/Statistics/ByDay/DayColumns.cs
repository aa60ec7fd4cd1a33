using System.Buffers.Binary;

namespace Signpost.Core.Statistics.ByDay;

/// <summary>
/// The clicks of a group on one UTC day, each column in bytes of its own, so that a question reads only the columns that it needs. Rows
/// are in the order of quarters of an hour; the order within a quarter means nothing. Each column begins with its version and a
/// CRC32C. Numbers are varints where no size is given.
/// <code>
/// 0 head      rows | rows of each quarter of an hour
/// 1 links     number | each link's step, in order | codes
/// 2 visitors  number of those who were seen again | codes: 0 none, 1 seen once, from 2 on one who was seen again
/// 3 hashes    each visitor as it is, 6 bytes
/// 4 …         a group of columns: number of entries | texts of each: 0, or length + 1 and the text | codes
/// </code>
/// A code takes no byte if there is one entry, one byte up to 256 entries, two up to 65,536, four beyond.
/// </summary>
public sealed class DayColumns
{
    /// <summary>The number of columns.</summary>
    public const int Columns = FirstGroup + DimensionColumn.Groups;

    /// <summary>The column without which the others mean nothing.</summary>
    public const int Head = 0;

    internal const byte Version = 1;
    internal const int SeenOnce = 1;
    internal const int FirstSeenAgain = 2;
    private const int Links = 1;
    private const int Numbers = 2;
    private const int Hashes = 3;
    private const int FirstGroup = 4;
    private const int HeadSize = 5;

    private readonly Func<int, byte[]> _read;
    private readonly int[] _ends = new int[Days.Quarters];
    private DayGroup? _group;

    /// <param name="head">The bytes of column <see cref="Head"/>.</param>
    /// <param name="read">Reads the bytes of another column.</param>
    /// <exception cref="FormatException">The bytes are damaged, or of another format.</exception>
    public DayColumns(byte[] head, Func<int, byte[]> read)
    {
        _read = read;
        var reader = Open(head);
        Count = reader.Number(int.MaxValue);
        var end = 0;
        for (var slot = 0; slot < Days.Quarters; slot++)
            _ends[slot] = end += reader.Number(Count - end);
        if (end != Count || reader.Left != 0)
            throw BytesReader.Damaged();
    }

    /// <summary>The number of clicks.</summary>
    public int Count { get; }

    /// <summary>The end of the rows of each quarter of an hour.</summary>
    internal ReadOnlySpan<int> Ends => _ends;

    /// <summary>The links, in order, and each row's place among them.</summary>
    internal (long[] Links, int[] Codes) ReadLinks()
    {
        var reader = Open(_read(Links));
        var links = new long[reader.CountOf(1)];
        var link = 0L;
        for (var at = 0; at < links.Length; at++)
            links[at] = link = unchecked(link + (long)reader.Varint());
        return (links, ReadCodes(ref reader, links.Length));
    }

    /// <summary>Each row's visitor, and the number of those who were seen again.</summary>
    internal (int[] Numbers, int SeenAgain) ReadVisitors()
    {
        var reader = Open(_read(Numbers));
        var again = reader.Number(Count);
        return (ReadCodes(ref reader, FirstSeenAgain + again), again);
    }

    /// <summary>Each row's visitor as it is; 0: none.</summary>
    internal ulong[] ReadHashes()
    {
        var reader = Open(_read(Hashes));
        var hashes = new ulong[Count];
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        for (var row = 0; row < hashes.Length; row++)
        {
            reader.Bytes(ClickColumns.VisitorSize).CopyTo(eight);
            hashes[row] = BinaryPrimitives.ReadUInt64LittleEndian(eight);
        }

        return hashes;
    }

    /// <summary>A group of columns. The last one is kept.</summary>
    internal DayGroup Read(ClickGroup group)
    {
        if (_group?.Group == group)
            return _group;

        _group = null;
        var bytes = _read(FirstGroup + (int)group);
        var reader = Open(bytes);
        var texts = DayGroup.TextsOf(group);
        var starts = new int[reader.CountOf(texts) * texts + 1];
        for (var text = 0; text < starts.Length - 1; text++)
        {
            starts[text] = reader.At;
            if (reader.Number(reader.Left) is > 0 and var length)
                reader.Bytes(length - 1);
        }

        starts[^1] = reader.At;
        return _group = new(group, bytes, starts, ReadCodes(ref reader, (starts.Length - 1) / texts));
    }

    /// <summary>Writes all columns.</summary>
    /// <param name="slots">Each row's quarter of the day, in order.</param>
    /// <param name="linkCodes">Each row's link, as its place among the links.</param>
    /// <param name="group">Writes a group of columns.</param>
    internal static byte[][] Write(
        ReadOnlySpan<int> slots,
        ReadOnlySpan<ulong> visitors,
        IReadOnlyList<long> links,
        ReadOnlySpan<int> linkCodes,
        Func<ClickGroup, byte[]> group
    )
    {
        var columns = new byte[Columns][];
        columns[Head] = DayColumnsWriter.Head(slots);
        columns[Links] = DayColumnsWriter.Links(links, linkCodes);
        (columns[Numbers], columns[Hashes]) = DayColumnsWriter.Visitors(visitors);
        for (var number = 0; number < DimensionColumn.Groups; number++)
            columns[FirstGroup + number] = group((ClickGroup)number);
        return columns;
    }

    internal static int WidthOf(int entries) =>
        entries switch
        {
            <= 1 => 0,
            <= 1 << 8 => 1,
            <= 1 << 16 => 2,
            _ => 4,
        };

    private static BytesReader Open(byte[] bytes)
    {
        if (
            bytes.Length < HeadSize
            || bytes[0] != Version
            || Checksums.Of(bytes.AsSpan(HeadSize)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(1))
        )
            throw BytesReader.Damaged();
        return new BytesReader(bytes, HeadSize);
    }

    // The codes are the last part of a column.
    private int[] ReadCodes(ref BytesReader reader, int entries)
    {
        var width = WidthOf(entries);
        var bytes = reader.Bytes(Count * width);
        if (reader.Left != 0 || (Count > 0 && entries == 0))
            throw BytesReader.Damaged();

        var (codes, most) = (new int[Count], 0);
        if (width == 1)
            for (var row = 0; row < codes.Length; row++)
                most = Math.Max(most, codes[row] = bytes[row]);
        else if (width == 2)
            for (var row = 0; row < codes.Length; row++)
                most = Math.Max(most, codes[row] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * row)..]));
        else if (width == 4)
            for (var row = 0; row < codes.Length; row++)
                most = Math.Max(
                    most,
                    codes[row] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * row)..]) & int.MaxValue
                );
        if (most >= entries && width > 0)
            throw BytesReader.Damaged();
        return codes;
    }
}

/// <summary>Columns whose texts occur together, on one day.</summary>
/// <param name="starts">Where each text of each entry begins, and where the last one ends.</param>
internal sealed class DayGroup(ClickGroup group, byte[] bytes, int[] starts, int[] codes) : IEntryTexts
{
    private readonly int _texts = TextsOf(group);

    public ClickGroup Group => group;

    /// <summary>Each row's entry.</summary>
    public int[] Codes => codes;

    /// <summary>The number of entries.</summary>
    public int Count => (starts.Length - 1) / _texts;

    /// <summary>Outcomes have the texts of their two dimensions.</summary>
    public static int TextsOf(ClickGroup group) => group == ClickGroup.Outcome ? 2 : DimensionColumn.Texts[(int)group];

    /// <inheritdoc/>
    public bool TryRead(ClickGroup _, int code, int text, out ReadOnlySpan<byte> utf8) => TryRead(code, text, out utf8);

    /// <summary>Reads the bytes of a text; false: no text.</summary>
    public bool TryRead(int entry, int text, out ReadOnlySpan<byte> utf8)
    {
        BytesReader reader = new(bytes, starts[entry * _texts + text]);
        var length = reader.Number(reader.Left);
        utf8 = length == 0 ? default : reader.Bytes(length - 1);
        return length != 0;
    }
}
