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
    private readonly CancellationTokenSource _failed = new();

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
    private GroupCommit? _commit;
    private volatile string? _failure;
    private ITimer? _timer;
    private bool _disposed;

    public ClickJournal(JournalSettings settings, TimeProvider clock, ILogger<ClickJournal> logger)
    {
        (_settings, _clock, _logger) = (settings, clock, logger);
        _directory = new JournalDirectory(settings.Directory);
        _removal = new SegmentRemoval(logger);
    }

    /// <summary>The journal's own id; known after <see cref="Identify"/>.</summary>
    public Guid Id { get; private set; }

    /// <summary>Cancelled when a flush to disk failed. The journal takes no more clicks, and the process should end.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>Whether a click is as durable as the settings ask as soon as it is appended.</summary>
    public bool IsDurableAtOnce => _commit is null;

    public JournalState State
    {
        get
        {
            lock (_lock)
            {
                var writable =
                    _supply is { } supply && (_active is { HasRoom: true } || supply.IsReady || supply.Trouble is null);
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
            _commit = new GroupCommit(Flush, Fail);
        _supply = new SegmentSupply(_directory, _settings, Id, last, _clock, _logger);
        Upkeep();
        _timer = _clock.CreateTimer(_ => Tick(), null, RetryPause, RetryPause);
    }

    /// <summary>Records a click. When this returns, a killed process cannot lose it; false: it could not be recorded.</summary>
    // The buffer is written before it is read; clearing it first would cost more than everything else.
    [SkipLocalsInit]
    public bool TryAppend(in Click click, in ClickFacts facts = default)
    {
        // Everything except the seal is done before the lock is taken: the seal depends on the place.
        Span<byte> buffer = stackalloc byte[JournalFrame.MaxSize];
        var length = ClickCodec.Write(click, facts, buffer[JournalFrame.HeadLength..]);
        var frame = buffer[..JournalFrame.SizeOf(length)];
        frame[(JournalFrame.HeadLength + length)..].Clear();
        lock (_lock)
        {
            if (_active is { } active && TryAppendTo(active, frame, length))
                return true;
            if (TryAppendToNext(frame, length))
                return true;
        }

        Interlocked.Increment(ref _unrecorded);
        return false;
    }

    /// <summary>
    /// True when all clicks appended before this call are as durable as the settings ask; false: they are not, and never will be.
    /// </summary>
    public ValueTask<bool> DurableAsync() => _commit?.WaitAsync() ?? new(true);

    /// <summary>The position after the last record.</summary>
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
        while (_retired.TryDequeue(out var segment))
            TryFinish(segment, flush: _failure is null);
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
        if (_active is { } full)
            Retire(full);
        _active = TakeNext();
        return _active is { } next && TryAppendTo(next, frame, length);
    }

    private void Retire(SegmentWriter segment)
    {
        _closed.Add(segment.Number, new(segment.Number, segment.Path, segment.Tail));
        _retired.Enqueue(segment);
    }

    private SegmentWriter? TakeNext()
    {
        var next = _supply?.Take();
        if (next is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static journal => journal.Upkeep(), this, preferLocal: false);
        return next;
    }

    private void Tick()
    {
        Upkeep();
        _removal.Retry();
    }

    private void Upkeep()
    {
        if (_commit is not null && !_retired.IsEmpty)
            _commit.Begin();
        while (_commit is null && _retired.TryDequeue(out var segment))
            TryFinish(segment, flush: false);
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

    private void Flush()
    {
        SegmentWriter? active;
        int tail;
        List<SegmentWriter> retired = [];
        lock (_lock)
        {
            active = _active;
            tail = active?.Tail ?? 0;
            while (_retired.TryDequeue(out var segment))
                retired.Add(segment);
        }

        // Only this thread closes retired segments, so the active one stays open even if it is retired meanwhile.
        foreach (var segment in retired)
            Finish(segment, flush: true);
        active?.Sync();
        lock (_lock)
        {
            foreach (var segment in retired)
                _ends?.Set(segment.Number, segment.Tail);
            if (active is not null)
                _ends?.Set(active.Number, tail);
        }
    }

    private void Fail(Exception error)
    {
        LogFailed(error);
        _failure = error.Message;
        StopAppending()?.Dispose();
        _failed.Cancel();
    }

    private static void Finish(SegmentWriter segment, bool flush)
    {
        using (segment)
        {
            if (flush)
                segment.Sync();
            segment.Finish();
        }
    }

    private void TryFinish(SegmentWriter segment, bool flush)
    {
        try
        {
            Finish(segment, flush);
        }
        catch (IOException error)
        {
            LogUnfinished(error, segment.Path);
        }
    }

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
            if (!segment.IsStored(from))
                yield return segment.Unread(from);
        if (_active is { } active)
            yield return new ClosedSegment(active.Number, active.Path, active.Tail).Unread(from);
    }

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "Flushing the click journal to disk failed: clicks that were not yet on the disk may be lost, so the journal takes "
            + "no more clicks"
    )]
    private partial void LogFailed(Exception error);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Path} could not be closed properly; its clicks are still stored"
    )]
    private partial void LogUnfinished(Exception error, string path);
}
