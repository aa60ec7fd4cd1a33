using System.Collections.Concurrent;

namespace Signpost.Visitors;

/// <summary>
/// Finds on a thread of its own what agents tell, one after another, so that neither a socket's thread nor the thread pool is
/// held up by them.
/// </summary>
internal sealed class AgentThread : IDisposable
{
    /// <summary>How many agents may wait, which takes 30 ms at worst. Requests wait for less, but the next ones know the answer.</summary>
    public const int MostWaiting = 64;

    private readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> _work = new(MostWaiting);

    public AgentThread() => new Thread(Run) { Name = "Agents", IsBackground = true }.Start();

    /// <summary>Has it done; null: too much waits already.</summary>
    public Task? TryRun(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return !_work.IsAddingCompleted && _work.TryAdd((work, done)) ? done.Task : null;
    }

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var (work, done) in _work.GetConsumingEnumerable())
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }
    }
}
