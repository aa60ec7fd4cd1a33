using System.Buffers.Binary;
using System.Text;
using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>Reads the lines of one section of a rollup, and the cells of each, one after another.</summary>
internal ref struct LineReader
{
    private const int HeadSize = 5;
    private const ulong NoValue = 1;
    private const long MostClicks = long.MaxValue / 4;
    private static readonly byte[] Person = Encoding.UTF8.GetBytes(KindNames.Of(ClickKind.Person));

    private readonly int _slots;

    /// <summary>The rollup lacks the section: its persons' clicks are those without a value.</summary>
    private readonly bool _isLacking;
    private BytesReader _bytes;
    private ulong _kind;
    private int _cells;

    /// <param name="slots">Larger than each cell's number.</param>
    public LineReader(ReadOnlySpan<byte> rollup, byte section, int slots)
    {
        _slots = slots;
        _isLacking = !TryFindSection(rollup, section, out var lines) && section != RollupBytes.ByTime;
        _bytes = new BytesReader(_isLacking ? SectionOf(rollup, (byte)Dimension.Kind) : lines, 0);
    }

    public ReadOnlySpan<byte> Utf8 { get; private set; }

    public readonly bool IsOther => _kind == 0;

    public readonly bool HasValue => _kind > 1;

    public int Slot { get; private set; }

    public Count Count { get; private set; }

    /// <summary>The bytes of a section; none if the rollup lacks it.</summary>
    public static ReadOnlySpan<byte> SectionOf(ReadOnlySpan<byte> rollup, byte section) =>
        TryFindSection(rollup, section, out var lines) ? lines : [];

    private static bool TryFindSection(ReadOnlySpan<byte> rollup, byte section, out ReadOnlySpan<byte> lines)
    {
        if (
            rollup.Length < HeadSize
            || rollup[0] != RollupBytes.Version
            || RollupBytes.Checksum(rollup) != BinaryPrimitives.ReadUInt32LittleEndian(rollup[1..])
        )
            throw BytesReader.Damaged();

        BytesReader reader = new(rollup, HeadSize);
        var (skipped, wanted, found) = (0L, 0, false);
        for (var left = reader.CountOf(2); left > 0; left--)
        {
            var number = reader.Byte();
            var length = reader.Number(rollup.Length);
            if (number == section && !found)
                (found, wanted) = (true, length);
            else if (!found)
                skipped += length;
        }

        lines = [];
        if (!found)
            return false;
        if (skipped > reader.Left)
            throw BytesReader.Damaged();

        reader.Bytes((int)skipped);
        lines = reader.Bytes(wanted);
        return true;
    }

    public bool MoveNext()
    {
        if (!_isLacking)
            return MoveLine();

        while (MoveLine())
            if (Utf8.SequenceEqual(Person))
            {
                _kind = NoValue;
                Utf8 = [];
                return true;
            }
        return false;
    }

    private bool MoveLine()
    {
        while (MoveCell()) { }
        if (_bytes.Left == 0)
            return false;

        _kind = _bytes.Varint();
        if (_kind > (ulong)_bytes.Left + 2)
            throw BytesReader.Damaged();

        Utf8 = HasValue ? _bytes.Bytes((int)(_kind - 2)) : [];
        _cells = _bytes.CountOf(1);
        Slot = 0;
        return true;
    }

    public bool MoveCell()
    {
        if (_cells == 0)
            return false;

        _cells--;
        var head = _bytes.Varint();
        if (head >> 2 >= (ulong)(_slots - Slot))
            throw BytesReader.Damaged();

        Slot += (int)(head >> 2);
        Count = (head & 3) switch
        {
            0 => new Count(1, 1),
            1 => new Count(1, 0),
            2 => new Count(Clicks(), Clicks()),
            _ => throw BytesReader.Damaged(),
        };
        return true;
    }

    public readonly string? Text() => HasValue ? Encoding.UTF8.GetString(Utf8) : null;

    private long Clicks() =>
        _bytes.Varint() is var clicks and <= (ulong)MostClicks ? (long)clicks : throw BytesReader.Damaged();
}
