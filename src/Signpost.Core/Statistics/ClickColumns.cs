using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>Consecutive rows of one link.</summary>
public readonly record struct LinkRun(long Link, int Start, int Count);

/// <summary>
/// Clicks as columns: an immutable block of bytes that includes the texts of its rows. Sorted by link,
/// a block of many links is small too. Texts that are not valid UTF-16 are kept with replacement characters. Numbers are varints
/// where no size is given; a sign is in the lowest bit.
/// <code>
/// 0         1        5
/// | version | CRC32C | rows | links                        | times           | visitors
///                             runs, each: link's step, rows  each: time's step  0 or 6, then so many bytes each
///
/// | texts                      | place … host (7 groups)                     | outcome                              | link's version
///   number, lengths, all UTF-8   entries, each text of all (0: none), codes    entries (kind, status:2, QR), codes    entries, codes
/// </code>
/// A row's code in a group takes no byte if the group has one entry, one byte up to 256 entries, two beyond. Version 1 has no hosts;
/// versions 1 and 2 have three texts of utm instead of five, and no versions of links.
/// </summary>
public sealed class ClickColumns : IEntryTexts
{
    /// <summary>The most rows of one block.</summary>
    public const int MostRows = 65_536;

    /// <summary>The texts of a block are kept as strings up to this number and these bytes. Visitors can invent more.</summary>
    private const int MostKeptTexts = 1 << 15;
    private const int MostKeptBytes = 2 << 20;

    /// <summary>The entries of a group are kept as objects up to this number in any case.</summary>
    private const int FewEntries = 256;

    internal const byte Version = 3;
    private const byte WithThreeOfUtm = 2;
    private const byte WithoutHosts = 1;
    private const int FormerTextsOfUtm = 3;
    internal const int VisitorSize = 6;
    private const int HeadSize = 5;
    private const ulong VisitorMask = (1UL << (8 * VisitorSize)) - 1;

    private readonly byte[] _bytes;
    private readonly LinkRun[] _runs;
    private readonly int _times;
    private readonly int _visitors;
    private readonly bool _hasVisitors;
    private readonly int[] _textEnds;
    private readonly int _textsStart;
    private readonly string?[] _texts;
    private readonly CodeColumn[] _groups = new CodeColumn[DimensionColumn.Groups];
    private readonly int[][] _references = new int[DimensionColumn.WordGroups][];
    private readonly ClickOutcome[] _outcomes;
    private readonly int[] _linkVersions = [0];
    private readonly CodeColumn _versionCodes = new(0, Width: 0, Entries: 1);
    private readonly object?[]?[] _objects = new object?[DimensionColumn.WordGroups][];
    private long[]? _at;

    private ClickColumns(byte[] bytes)
    {
        _bytes = bytes;
        if (
            bytes.Length < HeadSize
            || bytes[0] is not (Version or WithThreeOfUtm or WithoutHosts)
            || Checksum(bytes) != ReadChecksum(bytes)
        )
            throw BytesReader.Damaged();

        BytesReader reader = new(bytes, HeadSize);
        Count = reader.Number(MostRows);
        _runs = ReadRuns(ref reader);
        _times = reader.At;
        (FirstAt, LastAt) = ReadTimes(ref reader, []);
        _hasVisitors = reader.Number(VisitorSize) switch
        {
            0 => false,
            VisitorSize => true,
            _ => throw BytesReader.Damaged(),
        };
        _visitors = reader.At;
        reader.Bytes(_hasVisitors ? Count * VisitorSize : 0);
        _textEnds = ReadTexts(ref reader, out _textsStart);
        var textBytes = _textEnds is [.., var end] ? end : 0;
        KeepsTexts = _textEnds.Length <= MostKeptTexts && textBytes <= MostKeptBytes;
        _texts = KeepsTexts ? new string?[_textEnds.Length] : [];
        for (var group = 0; group < DimensionColumn.WordGroups; group++)
        {
            if (group == (int)ClickGroup.Host && bytes[0] == WithoutHosts)
            {
                (_references[group], _groups[group]) = ([0], new CodeColumn(0, Width: 0, Entries: 1));
                continue;
            }

            var entries = reader.CountOf(1);
            var texts = DimensionColumn.Texts[group];
            var there = group == (int)ClickGroup.Utm && bytes[0] < Version ? FormerTextsOfUtm : texts;
            _references[group] = ReadReferences(ref reader, entries, there, texts);
            _groups[group] = CodeColumn.Read(ref reader, Count, entries);
        }

        _outcomes = ReadOutcomes(ref reader);
        _groups[(int)ClickGroup.Outcome] = CodeColumn.Read(ref reader, Count, _outcomes.Length);
        if (bytes[0] == Version)
        {
            _linkVersions = ReadLinkVersions(ref reader);
            _versionCodes = CodeColumn.Read(ref reader, Count, _linkVersions.Length);
        }

        if (reader.Left != 0)
            throw BytesReader.Damaged();
        Memory = MemoryOf(textBytes);
    }

    public int Count { get; }

    /// <summary>The bytes that the block takes in memory at most, with all that reading it keeps.</summary>
    public long Memory { get; }

    /// <summary>Whether texts are kept as strings once they were read; not if there are very many.</summary>
    public bool KeepsTexts { get; }

    /// <summary>The earliest row's time; 0 if there is none.</summary>
    public long FirstAt { get; }

    /// <summary>The latest row's time; 0 if there is none.</summary>
    public long LastAt { get; }

    /// <summary>The rows' links, in their order.</summary>
    public ReadOnlySpan<LinkRun> Runs => _runs;

    /// <summary>The bytes that the rows take.</summary>
    public int Size => _bytes.Length;

    public ClickRow this[int row]
    {
        get
        {
            var outcome = _outcomes[CodeOf(ClickGroup.Outcome, row)];
            var language = CodeOf(ClickGroup.Language, row);
            return new ClickRow(
                LinkOf(row),
                AtOf(row),
                VisitorOf(row),
                outcome.Kind,
                outcome.Status,
                outcome.IsQr,
                Shared(ClickGroup.Place, row, static texts => new ClickPlace(texts[0], texts[1], texts[2])),
                Shared(ClickGroup.Agent, row, static texts => new ClickAgent(texts[0], texts[1], texts[2])),
                TextOf(ClickGroup.Language, language, 0),
                Shared(ClickGroup.Referrer, row, static texts => new ClickReferrer(texts[0], texts[1])),
                Shared(
                    ClickGroup.Utm,
                    row,
                    static texts => new ClickUtm(texts[0], texts[1], texts[2], texts[3], texts[4])
                ),
                Shared(ClickGroup.Target, row, static texts => new ClickTarget(texts[0], texts[1])),
                TextOf(ClickGroup.Host, CodeOf(ClickGroup.Host, row), 0),
                _linkVersions[_versionCodes.CodeOf(_bytes, row)]
            );
        }
    }

    /// <summary>The bytes alone, for callers that only store them.</summary>
    public static byte[] Encode(ReadOnlySpan<ClickRow> rows) => ClickColumnsWriter.Encode(rows);

    public static ClickColumns Of(ReadOnlySpan<ClickRow> rows) => new(ClickColumnsWriter.Encode(rows));

    /// <exception cref="FormatException">The bytes are damaged, or of another format.</exception>
    public static ClickColumns Read(ReadOnlySpan<byte> bytes) => new(bytes.ToArray());

    /// <summary>Like <see cref="Read"/>, over the array itself, which nobody may change any more.</summary>
    /// <exception cref="FormatException">The bytes are damaged, or of another format.</exception>
    public static ClickColumns Over(byte[] bytes) => new(bytes);

    /// <summary>The bytes themselves. Do not change them.</summary>
    public byte[] Write() => _bytes;

    /// <summary>A link's rows, if rows are sorted by link.</summary>
    public LinkRun RunOf(long link)
    {
        var (low, high) = (0, _runs.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_runs[middle].Link == link)
                return _runs[middle];
            if (_runs[middle].Link < link)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return new LinkRun(link, 0, 0);
    }

    public long LinkOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        var (low, high) = (0, _runs.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_runs[middle].Start <= row)
                low = middle;
            else
                high = middle - 1;
        }

        return _runs[low].Link;
    }

    public long AtOf(int row)
    {
        if (_at is null)
        {
            var at = new long[Count];
            CopyTimes(at);
            _at = at;
        }

        return _at[row];
    }

    /// <summary>Whether one of those rows is in a span.</summary>
    public bool HasWithin(LinkRun run, long from, long to)
    {
        if (run.Count > 0 && FirstAt >= from && LastAt < to)
            return true;

        for (var row = run.Start; row < run.Start + run.Count; row++)
            if (AtOf(row) >= from && AtOf(row) < to)
                return true;
        return false;
    }

    public ulong VisitorOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        return _hasVisitors
            // Eight bytes are read for six: at least two more bytes follow the last visitor.
            ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(_visitors + row * VisitorSize)) & VisitorMask
            : 0;
    }

    public ClickKind KindOf(int row) => _outcomes[CodeOf(ClickGroup.Outcome, row)].Kind;

    /// <summary>All rows' times, in order.</summary>
    public void CopyTimes(Span<long> into)
    {
        BytesReader reader = new(_bytes, _times);
        ReadTimes(ref reader, into[..Count]);
    }

    /// <summary>All rows' visitors, in order.</summary>
    public void CopyVisitors(Span<ulong> into)
    {
        into = into[..Count];
        if (!_hasVisitors)
        {
            into.Clear();
            return;
        }

        var bytes = _bytes.AsSpan(_visitors);
        for (var row = 0; row < into.Length; row++)
            into[row] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(row * VisitorSize)..]) & VisitorMask;
    }

    /// <summary>The number of entries of a group: its codes are smaller.</summary>
    public int EntriesOf(ClickGroup group) => _groups[(int)group].Entries;

    public int CodeOf(ClickGroup group, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        return _groups[(int)group].CodeOf(_bytes, row);
    }

    /// <summary>All rows' codes, in order.</summary>
    public void CopyCodes(ClickGroup group, Span<ushort> into) => _groups[(int)group].CopyTo(into[..Count], _bytes);

    /// <summary>A text of a code. Kind and trigger have texts too, as in the API.</summary>
    public string? TextOf(ClickGroup group, int code, int text) =>
        group != ClickGroup.Outcome ? TextOf(_references[(int)group][text * EntriesOf(group) + code])
        : text == 0 ? KindNames.Of(_outcomes[code].Kind)
        : KindNames.OfTrigger(_outcomes[code].IsQr);

    public string? TextOf(DimensionColumn column, int code) => TextOf(column.Group, code, column.Text);

    // In any group but outcomes.
    bool IEntryTexts.TryRead(ClickGroup group, int code, int text, out ReadOnlySpan<byte> utf8)
    {
        var reference = _references[(int)group][text * EntriesOf(group) + code];
        utf8 = reference == 0 ? default : Utf8Of(reference - 1);
        return reference != 0;
    }

    /// <summary>The outcome of a code of <see cref="ClickGroup.Outcome"/>.</summary>
    public ClickOutcome OutcomeOf(int code) => _outcomes[code];

    internal static int WidthOf(int entries) =>
        entries switch
        {
            <= 1 => 0,
            <= 256 => 1,
            _ => 2,
        };

    /// <summary>Writes the checksum into the head.</summary>
    internal static void Seal(Span<byte> bytes) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[1..], Checksum(bytes));

    private static uint ReadChecksum(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);

    private static uint Checksum(ReadOnlySpan<byte> bytes) => Checksums.Of(bytes[HeadSize..]);

    private long MemoryOf(int textBytes)
    {
        const int ofString = 40;
        const int ofEntry = 48;
        var references = 0L;
        foreach (var group in _references)
            references += group.Length;
        var kept = KeepsTexts ? 2L * textBytes + (long)ofString * _textEnds.Length + ofEntry * references : 0;
        return _bytes.Length
            + sizeof(int) * (_textEnds.Length + references + _linkVersions.Length)
            + sizeof(long) * (long)Count
            + kept;
    }

    private LinkRun[] ReadRuns(ref BytesReader reader)
    {
        var runs = new LinkRun[reader.CountOf(2)];
        var (link, start) = (0L, 0);
        for (var run = 0; run < runs.Length; run++)
        {
            link = unchecked(link + reader.Signed());
            var count = reader.Number(Count - start);
            if (count == 0)
                throw BytesReader.Damaged();
            runs[run] = new LinkRun(link, start, count);
            start += count;
        }

        return start == Count ? runs : throw BytesReader.Damaged();
    }

    private (long First, long Last) ReadTimes(ref BytesReader reader, Span<long> into)
    {
        if (Count == 0)
            return (0, 0);

        var (at, first, last) = (0L, long.MaxValue, long.MinValue);
        for (var row = 0; row < Count; row++)
        {
            at = unchecked(at + reader.Signed());
            if (row < into.Length)
                into[row] = at;
            first = Math.Min(first, at);
            last = Math.Max(last, at);
        }

        return (first, last);
    }

    private static int[] ReadTexts(ref BytesReader reader, out int start)
    {
        var ends = new int[reader.CountOf(1)];
        var end = 0;
        for (var index = 0; index < ends.Length; index++)
            ends[index] = end += reader.Number(reader.Left - end);

        start = reader.At;
        var bytes = reader.Bytes(end);
        if (!Utf8.IsValid(bytes))
            throw BytesReader.Damaged();

        // All bytes together are valid, so each text is valid if none begins within a character.
        foreach (var at in ends)
            if (at < end && (bytes[at] & 0xC0) == 0x80)
                throw BytesReader.Damaged();
        return ends;
    }

    // Texts that a former version did not have stay absent.
    private int[] ReadReferences(ref BytesReader reader, int entries, int there, int texts)
    {
        if (entries > reader.Left / there || entries > MostRows)
            throw BytesReader.Damaged();

        var references = new int[entries * texts];
        for (var at = 0; at < entries * there; at++)
            references[at] = reader.Number(_textEnds.Length);
        return references;
    }

    private static int[] ReadLinkVersions(ref BytesReader reader)
    {
        var versions = new int[reader.CountOf(1)];
        for (var entry = 0; entry < versions.Length; entry++)
            versions[entry] = reader.Number(int.MaxValue);
        return versions;
    }

    private static ClickOutcome[] ReadOutcomes(ref BytesReader reader)
    {
        var outcomes = new ClickOutcome[reader.CountOf(4)];
        if (outcomes.Length > MostRows)
            throw BytesReader.Damaged();

        for (var code = 0; code < outcomes.Length; code++)
            outcomes[code] = new((ClickKind)reader.Byte(), reader.Int16(), reader.Byte() != 0);
        return outcomes;
    }

    private string? TextOf(int reference)
    {
        if (reference == 0)
            return null;

        var index = reference - 1;
        if (KeepsTexts && _texts[index] is { } known)
            return known;

        var text = Encoding.UTF8.GetString(Utf8Of(index));
        return KeepsTexts ? _texts[index] = text : text;
    }

    private ReadOnlySpan<byte> Utf8Of(int index)
    {
        var start = index == 0 ? 0 : _textEnds[index - 1];
        return _bytes.AsSpan(_textsStart + start, _textEnds[index] - start);
    }

    // Two threads may make the same text twice: they are equal, and one of them stays.
    private T Shared<T>(ClickGroup group, int row, Func<string?[], T> make)
        where T : class
    {
        var code = CodeOf(group, row);
        var keeps = KeepsTexts || EntriesOf(group) <= FewEntries;
        var objects = keeps ? _objects[(int)group] ??= new object?[EntriesOf(group)] : null;
        if (objects?[code] is T known)
            return known;

        var texts = new string?[DimensionColumn.Texts[(int)group]];
        for (var text = 0; text < texts.Length; text++)
            texts[text] = TextOf(group, code, text);
        var made = make(texts);
        if (objects is not null)
            objects[code] = made;
        return made;
    }
}
