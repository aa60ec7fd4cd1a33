namespace Signpost.Journal;

/// <summary>
/// Shares one flush among all waiting requests. A request that comes while a flush runs waits for the next one: only that is
/// sure to include its click.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private readonly Action _flush;
    private readonly Lock _lock = new();
    private readonly IWorker _worker;
    private TaskCompletionSource? _round;
    private bool _over;

    /// <param name="flush">Keeps for itself whether it succeeded, and throws nothing.</param>
    /// <param name="threads">Null: those of this process.</param>
    public GroupCommit(Action flush, IJournalThreads? threads = null)
    {
        _flush = flush;
        _worker = (threads ?? SystemThreads.Instance).Start("journal flush", Run);
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
        _worker.Dispose();
    }

    private TaskCompletionSource? Round()
    {
        if (_over)
            return null;
        if (_round is not null)
            return _round;

        // The waiting requests must not continue on the flushing thread: the next round would wait for their work.
        _round = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _worker.Wake();
        return _round;
    }

    private void Run()
    {
        if (TakeRound() is not { } round)
            return;

        _flush();
        round.SetResult();
    }

    private TaskCompletionSource? TakeRound()
    {
        lock (_lock)
        {
            var round = _round;
            _round = null;
            return round;
        }
    }
}
