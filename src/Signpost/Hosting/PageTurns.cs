namespace Signpost.Hosting;

/// <summary>
/// Lets pages compute on all processors but one, so that redirects find one that is free. A page that awaits something lets
/// others compute meanwhile.
/// </summary>
internal sealed class PageTurns(TimeProvider clock)
{
    public const int MostWaiting = 128;
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly TaskScheduler _scheduler = new ConcurrentExclusiveSchedulerPair(
        TaskScheduler.Default,
        Math.Max(1, Environment.ProcessorCount - 1)
    ).ConcurrentScheduler;

    private int _waiting;
    private long _refused;

    /// <summary>The number of pages that have not begun.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The number of pages that were refused since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Runs the work of a page as soon as a processor is free for it. It must await, and never block a thread for others.</summary>
    /// <exception cref="TooBusyException"><see cref="MostWaiting"/> pages wait already, or this one waited longer than <see cref="LongestWait"/>.</exception>
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw Refuse();
        }

        var since = clock.GetTimestamp();
        return Task
            .Factory.StartNew(
                () =>
                {
                    Interlocked.Decrement(ref _waiting);
                    return clock.GetElapsedTime(since) > LongestWait ? throw Refuse() : work();
                },
                CancellationToken.None,
                TaskCreationOptions.DenyChildAttach,
                _scheduler
            )
            .Unwrap();
    }

    private TooBusyException Refuse()
    {
        Interlocked.Increment(ref _refused);
        return new("Too many pages wait already.");
    }
}
