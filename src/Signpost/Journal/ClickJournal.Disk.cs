namespace Signpost.Journal;

/// <summary>
/// The part for <see cref="Hosting.ClickDurability.Disk"/>. If a flush fails, nothing that it should have flushed counts: the segment
/// is cut there and closed, and a new one begins as soon as a flush succeeds.
/// </summary>
internal sealed partial class ClickJournal
{
    /// <summary>For so long after a failed flush, no visit gets its redirect without being recorded.</summary>
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromSeconds(10);

    private GroupCommit? _commit;

    /// <summary>The reason why a flush failed; null: the last one succeeded. It changes under the lock.</summary>
    private volatile string? _failure;
    private long _failedAt;

    /// <summary>Whether a click is as durable as the settings ask as soon as it is appended.</summary>
    public bool IsDurableAtOnce => _commit is null;

    /// <summary>Whether a visit that cannot be recorded must be refused: flushes have failed for less than 10 seconds.</summary>
    public bool MustRefuse =>
        _failure is not null && _clock.GetElapsedTime(Volatile.Read(ref _failedAt)) < LongestRefusal;

    private bool NeedsFlush
    {
        get
        {
            lock (_lock)
                return _failure is not null
                    || !_retired.IsEmpty
                    || (_active is { } active && active.DurableEnd < active.Tail);
        }
    }

    /// <summary>
    /// True: the click is as durable as the settings ask. False: it is not in the journal after all; this is counted.
    /// </summary>
    public ValueTask<bool> DurableAsync(Appended click) => _commit is null ? new(true) : FlushedAsync(_commit, click);

    private async ValueTask<bool> FlushedAsync(GroupCommit commit, Appended click)
    {
        await commit.WaitAsync();
        if (click.IsOnDisk)
            return true;

        Interlocked.Increment(ref _unrecorded);
        return false;
    }

    // Only one thread runs this: it closes the segments, so the one in use stays open even if it is retired meanwhile.
    private void Flush()
    {
        SegmentWriter? active;
        List<SegmentWriter> retired = [];
        lock (_lock)
        {
            active = _active;
            while (_retired.TryDequeue(out var segment))
                retired.Add(segment);
        }

        foreach (var segment in retired)
        {
            if (!segment.IsBroken)
                Sync(segment);
            lock (_lock)
                _closed[segment.Number] = Closed(segment);
            Finish(segment, segment.DurableEnd);
        }

        if (active is not null)
            Sync(active);
        if (_failure is not null)
            Resume();
    }

    private void Sync(SegmentWriter segment)
    {
        int tail;
        lock (_lock)
            tail = segment.Tail;
        try
        {
            segment.Sync();
            segment.DurableEnd = tail;
            lock (_lock)
                _ends?.Set(segment.Number, tail);
        }
        catch (IOException error)
        {
            Fail(segment, error);
        }
    }

    private void Fail(SegmentWriter segment, IOException error)
    {
        LogFailed(error, segment.Path, segment.DurableEnd);
        lock (_lock)
        {
            segment.IsBroken = true;
            if (_failure is null)
                Volatile.Write(ref _failedAt, _clock.GetTimestamp());
            _failure = error.Message;
            // The next flush closes it.
            if (_active != segment)
                return;
            Retire(segment);
            _active = null;
        }
    }

    // Nobody's click is the first one after a failure.
    private void Resume()
    {
        if (Volatile.Read(ref _supply)?.Take() is not { } next)
            return;

        try
        {
            next.FirstAt = _clock.GetTimestamp();
            next.Try();
            lock (_lock)
            {
                // If the flush of an earlier segment failed, this one has clicks that count.
                if (_active is { } active)
                    Retire(active);
                (_active, _failure) = (next, null);
            }

            LogResumed(next.Path);
        }
        catch (IOException error)
        {
            _failure = error.Message;
            next.Dispose();
            _removal.Delete(next.Path);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Flushing {Path} failed: clicks after byte {Offset} are not recorded, and their visitors got 503. The journal "
            + "continues in another file as soon as flushing succeeds"
    )]
    private partial void LogFailed(Exception error, string path, int offset);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Flushing succeeds again; the click journal continues in {Path}"
    )]
    private partial void LogResumed(string path);
}
