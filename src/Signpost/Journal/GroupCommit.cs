namespace Signpost.Journal;

/// <summary>
/// Shares one flush among all waiting requests. A request that comes while a flush runs waits for the next one: only that is
/// sure to include its click. After a failed flush nothing counts as durable any more: the system may have dropped the pages,
/// and the next flush would succeed without them.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private readonly Action _flush;
    private readonly Action<Exception> _failed;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private TaskCompletionSource<bool>? _round;
    private bool _over;

    public GroupCommit(Action flush, Action<Exception> failed)
    {
        (_flush, _failed) = (flush, failed);
        // A thread of its own: it always waits for the disk.
        _thread = new Thread(Run) { IsBackground = true, Name = "journal flush" };
        _thread.Start();
    }

    /// <summary>True when all bytes written before this call are on the disk; false when that failed.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_lock)
            return Round() is { } round ? new(round.Task) : new(false);
    }

    /// <summary>Flushes soon, without anybody waiting.</summary>
    public void Begin()
    {
        lock (_lock)
            Round();
    }

    public void Dispose()
    {
        lock (_lock)
            _over = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private TaskCompletionSource<bool>? Round()
    {
        if (_over)
            return null;
        if (_round is not null)
            return _round;

        // The waiting requests must not continue on the flushing thread: the next round would wait for their work.
        _round = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _wake.Set();
        return _round;
    }

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            var round = TakeRound(out var over);
            if (round is not null && !TryFlush(round))
                return;
            if (over)
                return;
        }
    }

    private bool TryFlush(TaskCompletionSource<bool> round)
    {
        try
        {
            _flush();
            round.SetResult(true);
            return true;
        }
        catch (Exception error)
        {
            TaskCompletionSource<bool>? late;
            lock (_lock)
            {
                _over = true;
                late = _round;
                _round = null;
            }

            round.SetResult(false);
            late?.SetResult(false);
            _failed(error);
            return false;
        }
    }

    private TaskCompletionSource<bool>? TakeRound(out bool over)
    {
        lock (_lock)
        {
            over = _over;
            var round = _round;
            _round = null;
            return round;
        }
    }
}
