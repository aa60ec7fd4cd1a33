using Signpost.Journal;
using Signpost.Testing;

namespace Signpost.Tests.Journal;

public sealed class GroupCommitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_who_wait_while_a_flush_runs_share_the_next_one()
    {
        using var begun = new SemaphoreSlim(0);
        using var mayEnd = new SemaphoreSlim(0);
        var flushes = 0;
        using var commit = new GroupCommit(() =>
        {
            Interlocked.Increment(ref flushes);
            begun.Release();
            Assert.True(mayEnd.Wait(Patience.Longest, Cancel));
        });

        var first = commit.WaitAsync();
        await begun.WaitAsync(Cancel).OrFail("The first flush");
        Task[] late = [.. Enumerable.Range(0, 100).Select(_ => commit.WaitAsync())];
        mayEnd.Release();
        await first.OrFail();
        Assert.DoesNotContain(late, waiter => waiter.IsCompleted);
        mayEnd.Release();

        await Task.WhenAll(late).OrFail();
        Assert.Equal(2, flushes);
    }

    [Fact]
    public async Task Nobody_who_waited_runs_on_the_flushing_thread()
    {
        Thread? flushing = null;
        using var mayEnd = new SemaphoreSlim(0);
        using var commit = new GroupCommit(() =>
        {
            flushing = Thread.CurrentThread;
            Assert.True(mayEnd.Wait(Patience.Longest, Cancel));
        });

        var waiting = ContinueOnAsync(commit);
        mayEnd.Release();

        Assert.NotSame(flushing, await waiting.OrFail());

        static async Task<Thread> ContinueOnAsync(GroupCommit commit)
        {
            await commit.WaitAsync().ConfigureAwait(false);
            return Thread.CurrentThread;
        }
    }
}
