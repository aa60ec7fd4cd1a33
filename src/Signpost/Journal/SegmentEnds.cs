using System.Buffers.Binary;
using Signpost.Core.Clicks;

namespace Signpost.Journal;

/// <summary>
/// The file <c>journal.ends</c>: the end of the records of each segment. An end is written after its record. So records are lost
/// if a segment ends earlier at the next start, or is missing. Callers of <see cref="Set"/> hold a lock.
/// </summary>
internal sealed unsafe class SegmentEnds : IDisposable
{
    // | magic, 8 | journal id, 16 | boot id, 16 | zeros | entries of a number and an end, 8 bytes each
    private const int HeaderSize = 64;
    private const int EntrySize = 16;
    private const int Slots = 1_000;
    private const int Size = HeaderSize + (Slots * EntrySize);

    private readonly IDiskFile _file;
    private byte* _start;
    private bool _isClosed;

    private SegmentEnds(IDiskFile file, bool isMapped)
    {
        _file = file;
        _start = isMapped ? (byte*)file.Map(Size) : null;
    }

    private static ReadOnlySpan<byte> Magic => "SPENDS01"u8;

    /// <summary>Replaces the file by a new one, which knows these segments. Null: there is no room for it.</summary>
    /// <param name="isFlushed">Whether an end is only set when its record is on the disk.</param>
    public static SegmentEnds? TryCreate(
        JournalDirectory directory,
        Guid journal,
        bool isFlushed,
        IEnumerable<ClosedSegment> segments
    )
    {
        IDiskFile? file = null;
        try
        {
            var known = Read(directory, journal);
            file = directory.CreateUnfinished(directory.EndsPath);
            Span<byte> header = stackalloc byte[HeaderSize];
            header.Clear();
            Magic.CopyTo(header);
            journal.TryWriteBytes(header[8..], bigEndian: true, out _);
            (isFlushed ? Guid.Empty : directory.Disk.BootId).TryWriteBytes(header[24..], bigEndian: true, out _);
            var isMapped = file.IsMappable && file.TryReserve(Size);
            file.SetLength(Size);
            file.Write(header, 0);
            var ends = new SegmentEnds(file, isMapped);
            foreach (var segment in segments)
                // A killed process may have left records that it had not flushed.
                ends.Set(segment.Number, isFlushed ? known.FlushedOf(segment.Number) : segment.End);
            file.Sync();
            directory.Finish(directory.EndsPath);
            return ends;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The former file stays: its ends are still true.
            file?.Dispose();
            return null;
        }
    }

    /// <summary>The ends that were written for this journal, by the segment's number.</summary>
    public static KnownEnds Read(JournalDirectory directory, Guid journal)
    {
        Dictionary<long, long> ends = [];
        var bytes = directory.Disk.LengthOf(directory.EndsPath) is null
            ? []
            : directory.Disk.ReadAll(directory.EndsPath);
        if (
            bytes.Length != Size
            || !bytes.AsSpan().StartsWith(Magic)
            || new Guid(bytes.AsSpan(8, 16), bigEndian: true) != journal
        )
            return new(ends, AreSure: false, AreFlushed: false);

        for (var slot = 0; slot < Slots; slot++)
        {
            var entry = bytes.AsSpan(HeaderSize + (slot * EntrySize), EntrySize);
            var number = BinaryPrimitives.ReadInt64LittleEndian(entry);
            if (number > 0 && number % Slots == slot)
                ends[number] = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
        }

        var boot = new Guid(bytes.AsSpan(24, 16), bigEndian: true);
        var areFlushed = boot == Guid.Empty;
        return new(ends, AreSure: areFlushed || boot == directory.Disk.BootId, areFlushed);
    }

    /// <summary>Records of this segment end here.</summary>
    public void Set(long number, long end)
    {
        var place = HeaderSize + ((int)(number % Slots) * EntrySize);
        if (_start is null)
        {
            Append(place, number, end);
            return;
        }

        var entry = (long*)(_start + place);
        if (entry[0] != number)
        {
            entry[1] = SegmentHeader.Size;
            Volatile.Write(ref entry[0], number);
        }

        Volatile.Write(ref entry[1], end);
    }

    public void Dispose()
    {
        if (_start is not null)
            _file.Unmap((nint)_start, Size);
        _start = null;
        _isClosed = true;
        _file.Dispose();
    }

    private void Append(int place, long number, long end)
    {
        if (_isClosed)
            return;

        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt64LittleEndian(entry, number);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], end);
        try
        {
            _file.Write(entry, place);
        }
        catch (IOException)
        {
            // There is no room: the earlier end stays, and is still true.
        }
    }
}

/// <summary>The ends of the records of segments.</summary>
/// <param name="AreSure">
/// False: the machine was started again since. Then records may be missing although no file was touched, because a power cut may
/// lose what was not flushed.
/// </param>
/// <param name="AreFlushed">Whether an end was set after each flush, and before any response to its clicks left.</param>
internal sealed record KnownEnds(IReadOnlyDictionary<long, long> ByNumber, bool AreSure, bool AreFlushed)
{
    /// <summary>
    /// Whether no flush has reached this byte of a segment. A power cut may lose one page there and keep the next one, and no response had
    /// left for any click after it.
    /// </summary>
    public bool IsUnflushed(long number, long offset) => AreFlushed && offset >= Of(number);

    /// <summary>The end of a segment's records; 0: not known.</summary>
    public long Of(long number) => ByNumber.GetValueOrDefault(number);

    /// <summary>The end of those records of a segment that are on the disk for sure; 0: not known.</summary>
    public long FlushedOf(long number) => AreFlushed ? Of(number) : 0;

    /// <summary>The segments with records that are not stored, in order.</summary>
    public IEnumerable<long> After(JournalPosition stored) =>
        ByNumber
            .Where(known => known.Value > SegmentHeader.Size && new JournalPosition(known.Key, known.Value) > stored)
            .Select(known => known.Key)
            .Order();
}
