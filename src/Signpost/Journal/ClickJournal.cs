using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Signpost.Core.Clicks;
using Signpost.Hosting;

namespace Signpost.Journal;

/// <summary>
/// Keeps clicks in segment files until they are stored (docs/journal-format.md). Any thread appends; one reader
/// (<c>JournalReader</c>) follows. A full disk never stops the process: the click is not recorded, and the journal tries
/// every second to get room again.
/// </summary>
internal sealed partial class ClickJournal : IDisposable
{
    /// <summary>The time after its first click in which a segment takes others, if it is not full before.</summary>
    private static readonly TimeSpan LongestUse = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly JournalSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<ClickJournal> _logger;
    private readonly JournalDirectory _directory;
    private readonly SegmentRemoval _removal;

    /// <summary>Protects the segment in use, and the list of closed ones.</summary>
    private readonly Lock _lock = new();
    private readonly SortedList<long, ClosedSegment> _closed = [];
    private SegmentWriter? _active;
    private JournalPosition _stored;
    private long _unrecorded;

    /// <summary>Null: not open yet, or closed for good.</summary>
    private SegmentSupply? _supply;

    /// <summary>Null: not open yet, or there was no room for it.</summary>
    private SegmentEnds? _ends;

    /// <summary>Closed, but their files are still open; with <see cref="ClickDurability.Disk"/> not yet flushed.</summary>
    private readonly ConcurrentQueue<SegmentWriter> _retired = [];
    private ITimer? _timer;
    private bool _disposed;

    public ClickJournal(JournalSettings settings, TimeProvider clock, ILogger<ClickJournal> logger)
    {
        (_settings, _clock, _logger) = (settings, clock, logger);
        _directory = new JournalDirectory(settings.Directory, settings.Disk);
        _removal = new SegmentRemoval(settings.Disk, logger);
    }

    /// <summary>The journal's own id; known after <see cref="Identify"/>.</summary>
    public Guid Id { get; private set; }

    public JournalState State
    {
        get
        {
            lock (_lock)
            {
                var writable =
                    _failure is null
                    && _supply is { } supply
                    && (_active is { HasRoom: true } || supply.IsReady || supply.Trouble is null);
                return new(
                    writable,
                    _failure ?? _supply?.Trouble,
                    Interlocked.Read(ref _unrecorded),
                    _closed.Count + (_active is null ? 0 : 1),
                    UnreadRanges(_stored).Sum(range => range.Length),
                    _removal.LeftCount
                );
            }
        }
    }

    /// <summary>Reads or creates the journal's id, under which the store keeps its position.</summary>
    /// <param name="known">The journals that the store knows.</param>
    /// <exception cref="JournalDamagedException">There are segments, but no id; or the store knows another journal.</exception>
    public Guid Identify(IReadOnlyCollection<Guid>? known = null) =>
        Id = new JournalRecovery(_directory, _removal, _logger).Identify(known ?? []);

    /// <summary>Reads the segments of earlier processes after <paramref name="stored"/>, and opens a new segment.</summary>
    /// <exception cref="JournalDamagedException">A segment holds bytes that a killed process cannot leave.</exception>
    public void Open(JournalPosition stored)
    {
        // This comes before any file is deleted: a number is never used twice.
        var last = Math.Max(_directory.Segments().Select(segment => segment.Number).LastOrDefault(), stored.Segment);
        foreach (var segment in new JournalRecovery(_directory, _removal, _logger).Recover(Id, stored))
            _closed.Add(segment.Number, segment);

        _stored = stored;
        _ends = SegmentEnds.TryCreate(_directory, Id, _settings.Durability is ClickDurability.Disk, _closed.Values);
        if (_settings.Durability is ClickDurability.Disk)
            _commit = new GroupCommit(Flush, _settings.Threads);
        _supply = new SegmentSupply(_directory, _settings, Id, last, _clock, _logger);
        Upkeep();
        _timer = _clock.CreateTimer(_ => Tick(), null, RetryPause, RetryPause);
    }

    /// <summary>Records a click. When this returns, a killed process cannot lose it; false: it could not be recorded.</summary>
    // The buffer is written before it is read; clearing it first would cost more than everything else.
    [SkipLocalsInit]
    public bool TryAppend(in Click click, in ClickFacts facts, out Appended appended)
    {
        // Everything except the seal is done before the lock is taken: the seal depends on the place.
        Span<byte> buffer = stackalloc byte[JournalFrame.MaxSize];
        var length = ClickCodec.Write(click, facts, buffer[JournalFrame.HeadLength..]);
        var frame = buffer[..JournalFrame.SizeOf(length)];
        frame[(JournalFrame.HeadLength + length)..].Clear();
        lock (_lock)
        {
            if ((_active is { } active && TryAppendTo(active, frame, length)) || TryAppendToNext(frame, length))
            {
                appended = new(_active!, _active!.Tail);
                return true;
            }
        }

        Interlocked.Increment(ref _unrecorded);
        appended = default;
        return false;
    }

    /// <inheritdoc cref="TryAppend(in Click, in ClickFacts, out Appended)"/>
    public bool TryAppend(in Click click, in ClickFacts facts = default) => TryAppend(click, facts, out _);

    /// <summary>
    /// The disk is full, and clicks cannot be stored: gives the reserve to the database, until <see cref="StoredAll"/>. False: there is
    /// none.
    /// </summary>
    public bool MakeRoom() => _settings.Reserve?.GiveUp() ?? false;

    /// <summary>Clicks can be stored: the reserve may be taken again.</summary>
    public void StoredAll() => _settings.Reserve?.MayReturn();

    /// <summary>The position after the last record that can be read.</summary>
    public JournalPosition End
    {
        get
        {
            lock (_lock)
                return UnreadRanges(_stored)
                    .Select(range => new JournalPosition(range.Number, range.End))
                    .LastOrDefault(_stored);
        }
    }

    /// <summary>The clicks in the journal after <paramref name="from"/>, in order.</summary>
    public IReadOnlyList<SegmentRange> Unread(JournalPosition from)
    {
        lock (_lock)
            return [.. UnreadRanges(from).Where(range => range.Length > 0)];
    }

    /// <summary>Opens a segment to read.</summary>
    public IDiskFile OpenToRead(in SegmentRange range) => _settings.Disk.OpenToRead(range.Path);

    /// <summary>
    /// Deletes the segments whose clicks are all stored. The segment in use is closed soon after its first click for this, as
    /// long as storing keeps up: the visitor's data must not stay here.
    /// </summary>
    public void Forget(JournalPosition stored)
    {
        List<ClosedSegment> gone;
        lock (_lock)
        {
            _stored = stored;
            gone = TakeStored();
            if (
                _closed.Count == 0
                && _active is { IsEmpty: false } active
                && IsDue(active)
                && _supply is { IsReady: true }
            )
            {
                Retire(active);
                _active = TakeNext();
                gone.AddRange(TakeStored());
            }
        }

        _removal.Delete(gone.Select(segment => segment.Path));
    }

    /// <summary>Takes no more clicks, flushes, and closes the files. Clicks that are not stored stay for the next start.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        StopAppending()?.Dispose();
        _timer?.Dispose();
        _commit?.Dispose();
        if (_commit is null)
            CloseRetired();
        else
            Flush();
        Forget(_stored);
        lock (_lock)
            _ends?.Dispose();
    }

    private bool TryAppendTo(SegmentWriter segment, Span<byte> frame, int length)
    {
        try
        {
            if (segment.IsEmpty)
                segment.FirstAt = _clock.GetTimestamp();
            if (!segment.TryAppend(frame, ClickCodec.Version, length))
                return false;

            if (_commit is null)
                _ends?.Set(segment.Number, segment.Tail);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Half a record may be there: finishing the segment cuts it off.
            _supply?.Complain(error);
            return false;
        }
    }

    private bool TryAppendToNext(Span<byte> frame, int length)
    {
        if (_failure is not null)
            return false;
        if (_active is { } full)
            Retire(full);
        _active = TakeNext();
        return _active is { } next && TryAppendTo(next, frame, length);
    }

    private void Retire(SegmentWriter segment)
    {
        _closed.Add(segment.Number, Closed(segment) with { IsPending = _commit is not null });
        _retired.Enqueue(segment);
    }

    private SegmentWriter? TakeNext()
    {
        var next = _supply?.Take();
        if (next is not null)
            _settings.Threads.Queue(Upkeep);
        return next;
    }

    private void Tick()
    {
        Upkeep();
        _removal.Retry();
    }

    private void Upkeep()
    {
        if (_commit is null)
            CloseRetired();
        else if (NeedsFlush)
            _commit.Begin();
        Volatile.Read(ref _supply)?.Refill();
    }

    // From here on no click is taken; earlier ones are closed.
    private SegmentSupply? StopAppending()
    {
        lock (_lock)
        {
            if (_active is { } active)
                Retire(active);
            _active = null;
            return Interlocked.Exchange(ref _supply, null);
        }
    }

    private void CloseRetired()
    {
        while (_retired.TryDequeue(out var segment))
            Finish(segment, segment.Tail);
    }

    private void Finish(SegmentWriter segment, int end)
    {
        try
        {
            using (segment)
                segment.Finish(end);
        }
        catch (IOException error)
        {
            LogUnfinished(error, segment.Path);
        }
    }

    // The part of a segment that can be read: with durability "disk", only the bytes that were flushed.
    private ClosedSegment Closed(SegmentWriter segment) =>
        new(segment.Number, segment.Path, _commit is null ? segment.Tail : segment.DurableEnd);

    private bool IsDue(SegmentWriter segment) => _clock.GetElapsedTime(segment.FirstAt) >= LongestUse;

    private List<ClosedSegment> TakeStored()
    {
        List<ClosedSegment> stored = [.. _closed.Values.Where(segment => segment.IsStored(_stored))];
        foreach (var segment in stored)
            _closed.Remove(segment.Number);
        return stored;
    }

    private IEnumerable<SegmentRange> UnreadRanges(JournalPosition from)
    {
        foreach (var segment in _closed.Values)
        {
            if (!segment.IsStored(from))
                yield return segment.Unread(from);
            if (segment.IsPending)
                yield break;
        }

        if (_active is { } active)
            yield return Closed(active).Unread(from);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Path} could not be closed properly; its clicks are still stored"
    )]
    private partial void LogUnfinished(Exception error, string path);
}
