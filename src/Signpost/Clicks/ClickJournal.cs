using System.Collections.Concurrent;
using Signpost.Core.Clicks;
using Signpost.Hosting;

namespace Signpost.Clicks;

/// <summary>
/// Keeps clicks in segment files until they are stored (docs/journal-format.md). Any thread appends; one reader
/// (<see cref="JournalReader"/>) follows. A full disk never stops the process: the click is not recorded, and every second
/// the journal tries again to get room.
/// </summary>
internal sealed partial class ClickJournal : IDisposable
{
    /// <summary>After its first click a segment takes others for so long, when it is not full before.</summary>
    private static readonly TimeSpan LongestUse = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly JournalSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<ClickJournal> _logger;
    private readonly JournalDirectory _directory;
    private readonly CancellationTokenSource _failed = new();

    /// <summary>Guards the segment that takes records, and the list of those that no longer do.</summary>
    private readonly Lock _gate = new();
    private readonly SortedList<long, ClosedSegment> _closed = [];
    private SegmentWriter? _active;
    private JournalPosition _stored;
    private bool _open;
    private long _unrecorded;

    /// <summary>Held while a segment is made. Taken inside <see cref="_gate"/> or alone, never around it.</summary>
    private readonly Lock _making = new();
    private SegmentWriter? _next;
    private long _lastNumber;
    private int _failures;
    private volatile string? _trouble;

    /// <summary>Closed, but their files are still held; with <see cref="ClickDurability.Disk"/> not yet flushed.</summary>
    private readonly ConcurrentQueue<SegmentWriter> _retired = [];
    private GroupCommit? _commit;
    private ITimer? _timer;

    public ClickJournal(JournalSettings settings, TimeProvider clock, ILogger<ClickJournal> logger)
    {
        (_settings, _clock, _logger) = (settings, clock, logger);
        _directory = new JournalDirectory(settings.Directory);
    }

    /// <summary>The journal's own id; known after <see cref="Identify"/>.</summary>
    public Guid Id { get; private set; }

    /// <summary>Cancelled when a flush to disk failed. The journal takes nothing any more, and the process should end.</summary>
    public CancellationToken Failed => _failed.Token;

    public JournalState State
    {
        get
        {
            lock (_gate)
            {
                var writable =
                    _open
                    && !_failed.IsCancellationRequested
                    && (_active is { HasRoom: true } || _next is not null || _trouble is null);
                return new(
                    writable,
                    _trouble,
                    Interlocked.Read(ref _unrecorded),
                    _closed.Count + (_active is null ? 0 : 1),
                    UnreadRanges(_stored).Sum(range => range.Length)
                );
            }
        }
    }

    /// <summary>Reads or makes the journal's id, under which the store keeps its position.</summary>
    /// <exception cref="JournalDamagedException">There are segments, but no id.</exception>
    public Guid Identify() => Id = new JournalRecovery(_directory, _logger).Identify();

    /// <summary>Recovers what earlier processes left behind <paramref name="stored"/>, and opens a new segment.</summary>
    /// <exception cref="JournalDamagedException">A segment holds what no killed process leaves behind.</exception>
    public void Open(JournalPosition stored)
    {
        // Before any goes: a number is never used twice.
        _lastNumber = Math.Max(_directory.Segments().Select(segment => segment.Number).LastOrDefault(), stored.Segment);
        foreach (var segment in new JournalRecovery(_directory, _logger).Recover(Id, stored))
            _closed.Add(segment.Number, segment);

        _stored = stored;
        if (_settings.Durability is ClickDurability.Disk)
            _commit = new GroupCommit(Flush, Fail);
        _open = true;
        Upkeep();
        _timer = _clock.CreateTimer(_ => Upkeep(), null, RetryPause, RetryPause);
    }

    /// <summary>Records a click, safe from a killed process when this returns; false: it could not be recorded.</summary>
    public bool TryAppend(in Click click)
    {
        lock (_gate)
        {
            if (_active is { } active && TryAppendTo(active, click))
                return true;
            if (TryAppendToNext(click))
                return true;
        }

        Interlocked.Increment(ref _unrecorded);
        return false;
    }

    /// <summary>Whether a click is as durable as the settings ask the moment it is appended.</summary>
    public bool IsDurableAtOnce => _commit is null;

    /// <summary>
    /// True when all appended before this call is as durable as the settings ask; false: it is not, and never will be.
    /// </summary>
    public ValueTask<bool> DurableAsync() => _commit?.WaitAsync() ?? new(true);

    /// <summary>What stands in the journal behind <paramref name="from"/>, in order.</summary>
    public IReadOnlyList<SegmentRange> Unread(JournalPosition from)
    {
        lock (_gate)
            return [.. UnreadRanges(from).Where(range => range.Length > 0)];
    }

    /// <summary>
    /// Deletes the segments whose clicks are all stored. The one in use is closed for that soon after its first click, as
    /// long as storing keeps up: what a click tells of a visitor must not stay here.
    /// </summary>
    public void Forget(JournalPosition stored)
    {
        List<ClosedSegment> gone;
        lock (_gate)
        {
            _stored = stored;
            gone = TakeStored();
            if (_closed.Count == 0 && _active is { IsEmpty: false } active && IsDue(active) && _next is not null)
            {
                Retire(active);
                _active = TakeNext();
                gone.AddRange(TakeStored());
            }
        }

        foreach (var segment in gone)
            File.Delete(segment.Path);
    }

    /// <summary>Takes no more clicks, flushes, and gives the files back. What is not stored stays for the next start.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_open)
                return;
            _open = false;
            if (_active is { } active)
                Retire(active);
            _active = null;
        }

        _timer?.Dispose();
        _commit?.Dispose();
        lock (_making)
        {
            while (_retired.TryDequeue(out var segment))
                FinishAtLast(segment);
            if (Interlocked.Exchange(ref _next, null) is { } unused)
            {
                unused.Dispose();
                File.Delete(unused.Path);
            }
        }

        Forget(_stored);
    }

    private bool TryAppendTo(SegmentWriter segment, in Click click)
    {
        try
        {
            if (segment.IsEmpty)
                segment.FirstAt = _clock.GetTimestamp();
            return segment.TryAppend(click);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Half a record may stand there: finishing the segment cuts it off.
            Complain(error);
            return false;
        }
    }

    private bool TryAppendToNext(in Click click)
    {
        if (_active is { } full)
            Retire(full);
        _active = TakeNext();
        return _active is { } next && TryAppendTo(next, click);
    }

    private void Retire(SegmentWriter segment)
    {
        _closed.Add(segment.Number, new(segment.Number, segment.Path, segment.Tail));
        _retired.Enqueue(segment);
    }

    private SegmentWriter? TakeNext()
    {
        if (!_open || _failed.IsCancellationRequested)
            return null;

        var next = Interlocked.Exchange(ref _next, null);
        if (next is null && _trouble is null)
        {
            // Clicks came faster than a segment is made. Waiting a moment here loses none.
            lock (_making)
            {
                Prepare();
                next = Interlocked.Exchange(ref _next, null);
            }
        }

        if (next is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static journal => journal.Upkeep(), this, preferLocal: false);
        return next;
    }

    private void Upkeep()
    {
        lock (_making)
        {
            // With durability on disk, the flush that comes next does this.
            while (_commit is null && _retired.TryDequeue(out var segment))
                Finish(segment, flush: false);
            if (_open && _next is null)
                Prepare();
        }
    }

    private void Prepare()
    {
        if (_next is not null || _failed.IsCancellationRequested)
            return;

        try
        {
            var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            var header = new SegmentHeader(Id, _lastNumber + 1, now, _settings.NodeName);
            _next = _directory.CreateSegment(header, _settings.SegmentSize, _settings.MapsSegments);
            _lastNumber++;
            if (_trouble is not null)
                LogRoomAgain(_failures);
            _trouble = null;
            _failures = 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Complain(error);
        }
    }

    private void Complain(Exception error)
    {
        _trouble = error.Message;
        // Once a second for as long as it lasts: said at first, then every minute.
        if (_failures++ % 60 == 0)
            LogNoRoom(error, _failures);
    }

    private void Flush()
    {
        SegmentWriter? active;
        List<SegmentWriter> retired = [];
        lock (_gate)
        {
            active = _active;
            while (_retired.TryDequeue(out var segment))
                retired.Add(segment);
        }

        // Only this thread gives retired segments back, so the active one stays open even when it is retired meanwhile.
        foreach (var segment in retired)
            Finish(segment, flush: true);
        active?.Sync();
    }

    private void Fail(Exception error)
    {
        LogFailed(error);
        lock (_gate)
        {
            _trouble = error.Message;
            if (_active is { } active)
                Retire(active);
            _active = null;
        }

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

    private void FinishAtLast(SegmentWriter segment)
    {
        try
        {
            Finish(segment, flush: !_failed.IsCancellationRequested);
        }
        catch (IOException error)
        {
            LogFailed(error);
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
        Level = LogLevel.Error,
        Message = "The click journal gets no room ({Failures} times so far); trying again every second"
    )]
    private partial void LogNoRoom(Exception error, int failures);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The click journal has room again, after {Failures} failures"
    )]
    private partial void LogRoomAgain(int failures);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "Flushing the click journal to disk failed: what was not yet on the disk may be lost, so the journal takes "
            + "no more clicks"
    )]
    private partial void LogFailed(Exception error);
}
