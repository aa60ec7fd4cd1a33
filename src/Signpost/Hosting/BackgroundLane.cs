using System.Collections.Concurrent;

namespace Signpost.Hosting;

/// <summary>
/// Runs pieces of one kind of background work on low-priority threads. An ordinary thread takes over while
/// <see cref="BackgroundLanes.IsBehind"/> holds, and for pieces that waited longer than <see cref="LongestWait"/>:
/// low-priority threads may get no processor time while requests need all of it.
/// </summary>
internal sealed class BackgroundLane : IDisposable
{
    /// <summary>A piece that has not begun after this time goes to an ordinary thread.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>A piece that took less says nothing about <see cref="IsStarved"/>; in nanoseconds.</summary>
    private const long ShortPiece = 100_000;

    private readonly BackgroundLanes _lanes;
    private readonly TimeProvider _clock;
    private readonly int _mostWaiting;
    private readonly BackgroundThreads _low;
    private readonly Lazy<BackgroundThreads> _ordinary;
    private readonly ConcurrentQueue<Piece> _waiting = [];
    private readonly ITimer _timer;
    private volatile bool _wasBehind;
    private volatile bool _isStarved;
    private int _notBegun;
    private long _relieved;
    private long _refused;

    public BackgroundLane(
        BackgroundLanes lanes,
        string name,
        ThreadShare share,
        int threads,
        int mostWaiting,
        TimeProvider clock
    )
    {
        (_lanes, _clock, _mostWaiting) = (lanes, clock, mostWaiting);
        _low = new(name, share, threads, int.MaxValue);
        _ordinary = new(() => new($"{name}, ordinary", ThreadShare.Ordinary, 1, int.MaxValue));
        _timer = clock.CreateTimer(_ => Look(), null, LongestWait, LongestWait / 2);
    }

    /// <summary>
    /// Whether the current piece should end soon, so that an ordinary thread can continue: it is on a low-priority thread
    /// while too many clicks wait. Takes no lock.
    /// </summary>
    public bool IsLate => _wasBehind && BackgroundThreads.IsCurrent;

    /// <summary>
    /// Whether a low-priority thread waited for a processor longer than it had one, in the last piece of at least 0.1 ms, or
    /// a piece has not begun in <see cref="LongestWait"/> since then.
    /// </summary>
    public bool IsStarved => _isStarved;

    /// <summary>The number of pieces that ordinary threads took since the start.</summary>
    public long Relieved => Interlocked.Read(ref _relieved);

    /// <summary>The number of pieces that have not begun.</summary>
    public int Waiting => Volatile.Read(ref _notBegun);

    /// <summary>The number of pieces that were refused since the start, because too many waited.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Runs a piece of work. It must be short and hold no lock that a request waits for.</summary>
    /// <exception cref="TooBusyException">Too many pieces wait already.</exception>
    /// <exception cref="ObjectDisposedException">The server has stopped.</exception>
    /// <param name="mayRefuse">False: the piece belongs to work that has begun, and is accepted in any case.</param>
    public Task<T> RunAsync<T>(Func<T> work, bool mayRefuse = true)
    {
        if (Interlocked.Increment(ref _notBegun) > _mostWaiting && mayRefuse)
        {
            Interlocked.Decrement(ref _notBegun);
            Interlocked.Increment(ref _refused);
            throw new TooBusyException("Too many questions wait already.");
        }

        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var piece = new Piece(
            () =>
            {
                Interlocked.Decrement(ref _notBegun);
                BackgroundThreads.Complete(result, () => Measure(work));
            },
            () => result.TrySetException(new ObjectDisposedException(nameof(BackgroundLane))),
            _clock.GetTimestamp()
        );
        if (!TryStart(piece))
            piece.Refuse();
        return result.Task;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _low.Dispose();
        if (_ordinary.IsValueCreated)
            _ordinary.Value.Dispose();
        while (_waiting.TryDequeue(out var piece))
            piece.Refuse();
    }

    private bool TryStart(Piece piece)
    {
        if (_lanes.IsBehind())
            return TryRelieve(piece);
        _waiting.Enqueue(piece);
        return _low.TryAdd(RunNext);
    }

    private void RunNext()
    {
        if (_waiting.TryDequeue(out var piece))
            piece.Run();
    }

    private T Measure<T>(Func<T> work)
    {
        if (!BackgroundThreads.IsCurrent)
            return work();
        var before = _lanes.TimeOfThread();
        try
        {
            return work();
        }
        finally
        {
            var took = _lanes.TimeOfThread() - before;
            if (took.Ran + took.Waited >= ShortPiece)
                _isStarved = took.Waited > took.Ran;
        }
    }

    private void Look()
    {
        _wasBehind = _lanes.IsBehind();
        while (_waiting.TryPeek(out var first) && _clock.GetElapsedTime(first.Since) >= LongestWait)
        {
            _isStarved = true;
            if (_waiting.TryDequeue(out var piece) && !TryRelieve(piece))
                piece.Refuse();
        }
    }

    private bool TryRelieve(Piece piece)
    {
        Interlocked.Increment(ref _relieved);
        return _ordinary.Value.TryAdd(piece.Run);
    }

    private sealed record Piece(Action Run, Action Refuse, long Since);
}

/// <summary>The lanes of the process: background work of one kind never waits for work of another.</summary>
internal sealed class BackgroundLanes : IDisposable
{
    private const int MostQuestions = 128;

    /// <param name="clock">The real time, except in a test of this class: threads starve in real time.</param>
    public BackgroundLanes(TimeProvider clock)
    {
        var half = Math.Max(1, Environment.ProcessorCount / 2);
        Storing = new(this, "storing clicks", ThreadShare.Idle, threads: 1, int.MaxValue, clock);
        Upkeep = new(this, "upkeep", ThreadShare.Idle, threads: 1, int.MaxValue, clock);
        Questions = new(this, "questions", ThreadShare.Low, half, MostQuestions, clock);
    }

    /// <summary>Tells whether so many clicks wait that ordinary threads must help.</summary>
    public Func<bool> IsBehind { get; set; } = static () => false;

    /// <summary>Tells how much processor time the current thread had.</summary>
    public Func<ProcessorTime> TimeOfThread { get; init; } = ProcessorTime.OfCurrentThread;

    /// <summary>Reads, classifies and encodes clicks.</summary>
    public BackgroundLane Storing { get; }

    /// <summary>Compacts, rolls up and expires stored clicks.</summary>
    public BackgroundLane Upkeep { get; }

    /// <summary>Counts and lists clicks for people who wait for the response.</summary>
    public BackgroundLane Questions { get; }

    /// <summary>The number of pieces that ordinary threads took since the start.</summary>
    public long Relieved => Storing.Relieved + Upkeep.Relieved + Questions.Relieved;

    public void Dispose()
    {
        Storing.Dispose();
        Upkeep.Dispose();
        Questions.Dispose();
    }
}
