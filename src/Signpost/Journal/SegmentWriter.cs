using Signpost.Core.Clicks;

namespace Signpost.Journal;

/// <summary>
/// The segment in use. Not safe for two threads at once: callers hold the journal's lock.
/// </summary>
internal abstract class SegmentWriter(IDiskFile file, string path, Guid journal, long number, int size) : IDisposable
{
    private readonly uint _seed = JournalFrame.SeedOf(journal, number);
    private int _durableEnd = SegmentHeader.Size;

    public string Path => path;

    public long Number => number;

    /// <summary>The offset of the next record; all bytes before it are written.</summary>
    public int Tail { get; private set; } = SegmentHeader.Size;

    public bool IsEmpty => Tail == SegmentHeader.Size;

    /// <summary>Records before this offset are on the disk; kept only with <see cref="Hosting.ClickDurability.Disk"/>.</summary>
    public int DurableEnd
    {
        get => Volatile.Read(ref _durableEnd);
        set => Volatile.Write(ref _durableEnd, value);
    }

    /// <summary>
    /// A flush failed. The system may have dropped the bytes after <see cref="DurableEnd"/>, and another flush would succeed
    /// without them.
    /// </summary>
    public bool IsBroken { get; set; }

    /// <summary>Whether a record of any length still fits.</summary>
    public bool HasRoom => size - Tail >= JournalFrame.MaxSize;

    /// <summary>The time of the first record, as the clock's timestamp.</summary>
    public long FirstAt { get; set; }

    protected IDiskFile File => file;

    /// <summary>Seals a record and writes it after the others; false: there is no room left in this segment.</summary>
    /// <param name="frame">Its payload and zeros are in their places already.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public bool TryAppend(Span<byte> frame, byte version, int payloadLength)
    {
        if (size - Tail < frame.Length)
            return false;

        JournalFrame.Seal(frame, _seed, Tail, version, payloadLength);
        Write(frame, Tail);
        Tail += frame.Length;
        return true;
    }

    /// <summary>Waits until all written bytes are on the disk.</summary>
    /// <exception cref="IOException">They may not be on the disk.</exception>
    public void Sync() => file.Sync();

    /// <summary>Writes and flushes a record that says nothing. It shows that clicks can be flushed.</summary>
    /// <exception cref="IOException">They cannot.</exception>
    public void Try()
    {
        Span<byte> nothing = stackalloc byte[JournalFrame.MinSize];
        nothing.Clear();
        TryAppend(nothing, JournalFrame.GapVersion, JournalFrame.MinSize - JournalFrame.HeadLength);
        Sync();
        DurableEnd = Tail;
    }

    /// <summary>Cuts the file at <paramref name="end"/>: gives back reserved bytes that were not used. No record may follow.</summary>
    public virtual void Finish(int end) => file.SetLength(end);

    public virtual void Dispose() => file.Dispose();

    protected abstract void Write(ReadOnlySpan<byte> frame, int offset);
}

/// <summary>Writes by copying into a mapped file whose blocks are all reserved.</summary>
internal sealed unsafe class MappedSegment(IDiskFile file, string path, Guid journal, long number, int size)
    : SegmentWriter(file, path, journal, number, size)
{
    private readonly int _size = size;
    private byte* _start = (byte*)file.Map(size);

    public override void Finish(int end)
    {
        // The mapping comes first: touching a page after the file's end raises a signal.
        Unmap();
        base.Finish(end);
    }

    public override void Dispose()
    {
        Unmap();
        base.Dispose();
    }

    protected override void Write(ReadOnlySpan<byte> frame, int offset)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        frame.CopyTo(new Span<byte>(_start + offset, frame.Length));
    }

    private void Unmap()
    {
        if (_start is not null)
            File.Unmap((nint)_start, _size);
        _start = null;
    }
}

/// <summary>Writes at the end of a growing file, one system call each.</summary>
internal sealed class AppendedSegment(IDiskFile file, string path, Guid journal, long number, int size)
    : SegmentWriter(file, path, journal, number, size)
{
    protected override void Write(ReadOnlySpan<byte> frame, int offset) => File.Write(frame, offset);
}
