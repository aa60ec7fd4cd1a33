namespace Signpost.Core.Clicks;

/// <summary>The bytes after the last valid frame of a segment.</summary>
public enum SegmentEnd
{
    /// <summary>Nothing, or zeros.</summary>
    Clean,

    /// <summary>The one record that a killed process had not finished, then zeros.</summary>
    Torn,

    /// <summary>Bytes that a killed process cannot leave.</summary>
    Damaged,
}

/// <summary>
/// Reads the valid frames of a segment one after another, and judges the bytes after them. The bytes are the
/// whole segment, so that positions in them are offsets.
/// </summary>
public ref struct JournalScan
{
    private readonly ReadOnlySpan<byte> _segment;
    private readonly uint _seed;

    public JournalScan(ReadOnlySpan<byte> segment, uint seed, int from)
    {
        _segment = segment;
        _seed = seed;
        Offset = Math.Min(from, segment.Length);
    }

    /// <summary>The end of the current frame, and of the valid prefix.</summary>
    public int Offset { get; private set; }

    /// <summary>The frame that <see cref="MoveNext"/> found.</summary>
    public JournalFrame Current { get; private set; }

    public bool MoveNext()
    {
        if (!IsFrameAt(Offset, out var frame))
            return false;

        Current = frame;
        Offset += frame.Size;
        return true;
    }

    /// <summary>
    /// Judges the bytes after <see cref="Offset"/>. Records are written one after another, so a killed process tears only
    /// the last one: no valid record follows it, and only zeros follow beyond the largest record.
    /// </summary>
    public readonly SegmentEnd Judge()
    {
        var rest = _segment[Offset..];
        if (!rest.ContainsAnyExcept((byte)0))
            return SegmentEnd.Clean;

        if (rest.Length > JournalFrame.MaxSize && rest[JournalFrame.MaxSize..].ContainsAnyExcept((byte)0))
            return SegmentEnd.Damaged;

        return NextFrame() < 0 ? SegmentEnd.Torn : SegmentEnd.Damaged;
    }

    /// <summary>The place of the next valid frame after invalid bytes; -1: there is none.</summary>
    public readonly int NextFrame()
    {
        for (
            var at = Offset + JournalFrame.MinSize;
            at <= _segment.Length - JournalFrame.MinSize;
            at += JournalFrame.Alignment
        )
            if (IsFrameAt(at, out _))
                return at;

        return -1;
    }

    /// <summary>Continues at <paramref name="offset"/>, which <see cref="NextFrame"/> found.</summary>
    public void SkipTo(int offset) => Offset = offset;

    private readonly bool IsFrameAt(int offset, out JournalFrame frame) =>
        JournalFrame.TryRead(_segment[offset..], _seed, offset, out frame) && frame.Size <= _segment.Length - offset;
}
