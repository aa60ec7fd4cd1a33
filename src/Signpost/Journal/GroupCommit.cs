namespace Signpost.Journal;

/// <summary>
/// Shares one flush among all waiting requests. A request that comes while a flush runs waits for the next one: only that is
/// sure to include its click.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private readonly Action _flush;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private TaskCompletionSource? _round;
    private bool _over;

    /// <param name="flush">Keeps for itself whether it succeeded, and throws nothing.</param>
    public GroupCommit(Action flush)
    {
        _flush = flush;
        // A thread of its own: it always waits for the disk.
        _thread = new Thread(Run) { IsBackground = true, Name = "journal flush" };
        _thread.Start();
    }

    /// <summary>Completes after a flush that began after this call; at once when there are no more flushes.</summary>
    public Task WaitAsync()
    {
        lock (_lock)
            return Round()?.Task ?? Task.CompletedTask;
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

    private TaskCompletionSource? Round()
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
            if (round is not null)
            {
                _flush();
                round.SetResult();
            }

            if (over)
                return;
        }
    }

    private TaskCompletionSource? TakeRound(out bool over)
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
