using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Signpost.Hosting;

/// <summary>
/// Compute what takes long on threads that the system lets run when no other wants to: redirects go on beside them almost as
/// if they were not there. Linux has a priority for each thread (setpriority(2)), which .NET does not offer there.
/// </summary>
internal sealed partial class QuietThreads : IDisposable
{
    private const int Niceness = 15;

    private readonly BlockingCollection<Action> _work;

    /// <param name="mostWaiting">How many pieces may wait; any more are refused.</param>
    public QuietThreads(string name, int threads, int mostWaiting)
    {
        _work = new(mostWaiting);
        for (var i = 0; i < threads; i++)
            new Thread(Run) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Has it computed; null: too much waits already.</summary>
    public Task<T>? TryRun<T>(Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _work.TryAdd(() => Complete(result, work)) ? result.Task : null;
    }

    public void Dispose() => _work.CompleteAdding();

    private static void Complete<T>(TaskCompletionSource<T> result, Func<T> work)
    {
        try
        {
            result.SetResult(work());
        }
        catch (Exception error)
        {
            result.SetException(error);
        }
    }

    private void Run()
    {
        if (OperatingSystem.IsLinux())
            // Of this thread only. Should it be refused, the work is done all the same.
            _ = SetPriority(which: 0, who: 0, Niceness);
        else
            Thread.CurrentThread.Priority = ThreadPriority.Lowest;

        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
