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
        using var commit = new GroupCommit(
            () =>
            {
                Interlocked.Increment(ref flushes);
                begun.Release();
                Assert.True(mayEnd.Wait(Patience.Longest, Cancel));
            },
            _ => { }
        );

        var first = commit.WaitAsync().AsTask();
        await begun.WaitAsync(Cancel).OrFail("The first flush");
        Task<bool>[] late = [.. Enumerable.Range(0, 100).Select(_ => commit.WaitAsync().AsTask())];
        mayEnd.Release();
        Assert.True(await first.OrFail());
        Assert.DoesNotContain(late, waiter => waiter.IsCompleted);
        mayEnd.Release();

        Assert.All(await Task.WhenAll(late).OrFail(), Assert.True);
        Assert.Equal(2, flushes);
    }

    [Fact]
    public async Task Nobody_who_waited_runs_on_the_flushing_thread()
    {
        Thread? flushing = null;
        using var mayEnd = new SemaphoreSlim(0);
        using var commit = new GroupCommit(
            () =>
            {
                flushing = Thread.CurrentThread;
                Assert.True(mayEnd.Wait(Patience.Longest, Cancel));
            },
            _ => { }
        );

        var waiting = ContinueOnAsync(commit);
        mayEnd.Release();

        Assert.NotSame(flushing, await waiting.OrFail());

        static async Task<Thread> ContinueOnAsync(GroupCommit commit)
        {
            await commit.WaitAsync().ConfigureAwait(false);
            return Thread.CurrentThread;
        }
    }

    [Fact]
    public async Task After_one_failed_flush_nothing_is_ever_called_durable_again()
    {
        var flushes = 0;
        var failure = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var commit = new GroupCommit(
            () =>
            {
                if (++flushes == 2)
                    throw new IOException("EIO");
            },
            failure.SetResult
        );

        Assert.True(await commit.WaitAsync().AsTask().OrFail());
        Assert.False(await commit.WaitAsync().AsTask().OrFail());
        Assert.False(await commit.WaitAsync().AsTask().OrFail());

        Assert.IsType<IOException>(await failure.Task.OrFail());
        Assert.Equal(2, flushes);
    }
}
