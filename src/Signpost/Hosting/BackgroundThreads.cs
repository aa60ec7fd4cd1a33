using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Signpost.Hosting;

/// <summary>The share of processor time that a thread gets while other threads need it, too.</summary>
internal enum ThreadShare
{
    /// <summary>The share of every other thread.</summary>
    Ordinary,

    /// <summary>About a thirtieth of an ordinary thread's share: for work that a person waits for.</summary>
    Low,

    /// <summary>Next to nothing: for work that nobody waits for.</summary>
    Idle,
}

/// <summary>
/// Computes on its own threads, each with the given share of the processor. Linux has a priority for each thread
/// (setpriority(2), sched(7)), which .NET does not offer there.
/// </summary>
/// <remarks>
/// Without privileges a thread never gets its former share back. So a thread keeps one share for its life, and code that
/// runs here must not hold a lock that a request waits for.
/// </remarks>
internal sealed partial class BackgroundThreads : IDisposable
{
    private const int Niceness = 15;
    private const int IdlePolicy = 5;

    [ThreadStatic]
    private static bool _isLow;

    private readonly BlockingCollection<Action> _work;
    private readonly ThreadShare _share;

    /// <param name="mostWaiting">The number of pieces that may wait; more are refused.</param>
    public BackgroundThreads(string name, ThreadShare share, int threads, int mostWaiting)
    {
        _share = share;
        _work = new(mostWaiting);
        for (var i = 0; i < threads; i++)
            new Thread(Run) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Whether the caller runs on a thread with less than an ordinary share.</summary>
    public static bool IsCurrent => _isLow;

    /// <summary>The number of pieces that have not begun.</summary>
    public int Waiting => _work.Count;

    /// <summary>Queues a piece of work; false: too many wait already, or the threads have ended.</summary>
    public bool TryAdd(Action work)
    {
        try
        {
            return !_work.IsAddingCompleted && _work.TryAdd(work);
        }
        catch (InvalidOperationException)
        {
            // The threads have just ended.
            return false;
        }
    }

    /// <summary>Computes a result; null: too many pieces wait already.</summary>
    public Task<T>? TryRun<T>(Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return TryAdd(() => Complete(result, work)) ? result.Task : null;
    }

    public void Dispose() => _work.CompleteAdding();

    /// <summary>Runs the work and passes its result or its exception on.</summary>
    public static void Complete<T>(TaskCompletionSource<T> result, Func<T> work)
    {
        try
        {
            result.TrySetResult(work());
        }
        catch (Exception error)
        {
            result.TrySetException(error);
        }
    }

    private void Run()
    {
        if (_share is not ThreadShare.Ordinary)
            Lower(_share);
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }

    // This changes the current thread only. If the system refuses, the work is done with an ordinary share.
    private static void Lower(ThreadShare share)
    {
        _isLow = true;
        if (!OperatingSystem.IsLinux())
            Thread.CurrentThread.Priority = ThreadPriority.Lowest;
        else if (share is not ThreadShare.Idle || SetScheduler(0, IdlePolicy, priority: 0) != 0)
            _ = SetPriority(which: 0, who: 0, Niceness);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    // struct sched_param is one int.
    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int priority);
}
