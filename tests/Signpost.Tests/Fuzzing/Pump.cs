using System.Collections.Concurrent;
using Signpost.Testing;

namespace Signpost.Tests.Fuzzing;

/// <summary>Runs asynchronous code to its end on the caller's thread, so that its allocations are counted there.</summary>
internal sealed class Pump : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Work, object? State)> _work = [];

    /// <exception cref="TimeoutException">It did not end in <see cref="Patience.Longest"/>.</exception>
    public static T Run<T>(Func<Task<T>> start)
    {
        var before = Current;
        var pump = new Pump();
        SetSynchronizationContext(pump);
        try
        {
            var task = start();
            // It wakes this thread.
            task.GetAwaiter().OnCompleted(() => { });
            while (!task.IsCompleted)
            {
                if (!pump._work.TryTake(out var next, Patience.Longest))
                    throw new TimeoutException("The parser did not end.");
                next.Work(next.State);
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state) => _work.Add((d, state));
}
