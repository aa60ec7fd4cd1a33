namespace Signpost.Hosting;

/// <summary>
/// Lets pages compute on all processors but one, so that redirects find one that is free. A page that awaits something lets
/// others compute meanwhile.
/// </summary>
internal sealed class PageTurns(TimeProvider clock)
{
    public const int MostWaiting = 128;

    /// <summary>Nobody takes the places of all others.</summary>
    public const int MostWaitingOfPerson = 32;

    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly TaskScheduler _scheduler = new ConcurrentExclusiveSchedulerPair(
        TaskScheduler.Default,
        Math.Max(1, Environment.ProcessorCount - 1)
    ).ConcurrentScheduler;

    private readonly Dictionary<long, int> _waiting = [];
    private int _allWaiting;
    private long _refused;

    /// <summary>The number of pages that have not begun.</summary>
    public int Waiting => Volatile.Read(ref _allWaiting);

    /// <summary>The number of pages that were refused since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Runs the work of a page as soon as a processor is free for it. It must await, and never block a thread for others.</summary>
    /// <param name="person">The id of the person who asks for the page.</param>
    /// <param name="work">Begins the page.</param>
    /// <param name="cancel">Ends the wait, and not the work.</param>
    /// <exception cref="TooBusyException">
    /// <see cref="MostWaiting"/> pages wait already, or <see cref="MostWaitingOfPerson"/> of this person, or <see cref="LongestWait"/> is over.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task<T> RunAsync<T>(long person, Func<Task<T>> work, CancellationToken cancel)
    {
        Enter(person);
        TaskCompletionSource<bool> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var page = Task
            .Factory.StartNew(
                () =>
                {
                    if (!turn.TrySetResult(true))
                        return Task.FromResult<T>(default!);
                    Leave(person);
                    return work();
                },
                CancellationToken.None,
                TaskCreationOptions.DenyChildAttach,
                _scheduler
            )
            .Unwrap();
        // The scheduler keeps a task that is cancelled until its turn, so the wait ends here.
        bool hasBegun;
        using (CancellationTokenSource late = new(LongestWait, clock))
        using (late.Token.UnsafeRegister(_ => turn.TrySetResult(false), null))
        using (cancel.UnsafeRegister(_ => turn.TrySetResult(false), null))
            hasBegun = await turn.Task;
        if (hasBegun)
            return await page;

        Leave(person);
        cancel.ThrowIfCancellationRequested();
        throw Refuse();
    }

    private void Enter(long person)
    {
        lock (_waiting)
        {
            var ofPerson = _waiting.GetValueOrDefault(person);
            if (_allWaiting == MostWaiting || ofPerson == MostWaitingOfPerson)
                throw Refuse();
            _waiting[person] = ofPerson + 1;
            _allWaiting++;
        }
    }

    private void Leave(long person)
    {
        lock (_waiting)
        {
            if (--_waiting[person] == 0)
                _waiting.Remove(person);
            _allWaiting--;
        }
    }

    private TooBusyException Refuse()
    {
        Interlocked.Increment(ref _refused);
        return new("Too many pages wait already.");
    }
}
