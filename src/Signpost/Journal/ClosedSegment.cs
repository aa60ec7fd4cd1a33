using Signpost.Core.Clicks;

namespace Signpost.Journal;

/// <summary>A segment that takes no more records; its records end at <paramref name="End"/>.</summary>
internal readonly record struct ClosedSegment(long Number, string Path, long End)
{
    /// <summary>
    /// More of its records may still get to the disk. Until then it stays, and nothing after it is read: clicks are stored in order.
    /// </summary>
    public bool IsPending { get; init; }

    /// <summary>Whether all its clicks are stored.</summary>
    public bool IsStored(JournalPosition stored) =>
        !IsPending && (End <= SegmentHeader.Size || new JournalPosition(Number, End) <= stored);

    /// <summary>The number of its bytes that are not stored yet.</summary>
    public SegmentRange Unread(JournalPosition stored) =>
        new(
            Number,
            Path,
            stored.Segment == Number ? Math.Max(stored.Offset, SegmentHeader.Size) : SegmentHeader.Size,
            End
        );
}

/// <summary>Records of one segment, from one offset to another.</summary>
internal readonly record struct SegmentRange(long Number, string Path, long Start, long End)
{
    public long Length => Math.Max(0, End - Start);
}

/// <summary>The place of a click in the journal.</summary>
internal readonly record struct Appended(SegmentWriter Segment, int End)
{
    /// <summary>Whether a flush after the click succeeded.</summary>
    public bool IsOnDisk => Segment.DurableEnd >= End;
}
