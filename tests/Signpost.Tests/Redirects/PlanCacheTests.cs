using Signpost.Changes;
using Signpost.Core.Redirecting;
using Signpost.Redirects;
using Signpost.Testing;

namespace Signpost.Tests.Redirects;

public sealed class PlanCacheTests
{
    private static readonly PlanKey Key = new(0, "example");

    private readonly ChangeFeed _changes = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_is_read_once_and_then_found_without_waiting()
    {
        var reads = 0;
        var cache = NewCache(_ => Task.FromResult<LinkPlan?>(Plan(++reads)));

        await cache.LoadAsync(Key, Cancel);

        Assert.True(cache.TryGet(new(0, "example"), out var plan));
        Assert.Equal(1, plan!.Version);
        Assert.False(cache.TryGet(new(1, "example"), out _));
    }

    [Fact]
    public async Task An_unknown_alias_is_remembered_until_it_is_made()
    {
        var cache = NewCache(_ => Task.FromResult<LinkPlan?>(null));

        Assert.Null(await cache.LoadAsync(Key, Cancel));
        Assert.True(cache.TryGet(new(0, "example"), out var plan));
        Assert.Null(plan);

        _changes.Publish(new(7, 0, "example"));
        Assert.False(cache.TryGet(new(0, "example"), out _));
    }

    [Fact]
    public async Task A_thousand_askers_share_one_read()
    {
        var reads = 0;
        var gate = new TaskCompletionSource<LinkPlan?>();
        var cache = NewCache(_ =>
        {
            Interlocked.Increment(ref reads);
            return gate.Task;
        });

        var asked = Enumerable.Range(0, 1_000).Select(_ => cache.LoadAsync(Key, Cancel)).ToList();
        gate.SetResult(Plan(1));
        var plans = await Task.WhenAll(asked).OrFail();

        Assert.Equal(1, reads);
        Assert.All(plans, plan => Assert.Same(plans[0], plan));
    }

    [Fact]
    public async Task A_read_that_began_before_an_edit_installs_nothing_and_later_askers_read_again()
    {
        var old = new TaskCompletionSource<LinkPlan?>();
        Queue<Task<LinkPlan?>> reads = new([old.Task, Task.FromResult<LinkPlan?>(Plan(2))]);
        var cache = NewCache(_ => reads.Dequeue());

        var before = cache.LoadAsync(Key, Cancel);
        _changes.Publish(new(7, 0, "example"));
        var after = await cache.LoadAsync(Key, Cancel).OrFail();
        old.SetResult(Plan(1));

        Assert.Equal(1, (await before)!.Version);
        Assert.Equal(2, after!.Version);
        Assert.True(cache.TryGet(new(0, "example"), out var kept));
        Assert.Equal(2, kept!.Version);
    }

    [Fact]
    public async Task A_failed_read_reaches_its_askers_and_the_next_one_tries_again()
    {
        Queue<Task<LinkPlan?>> reads = new([
            Task.FromException<LinkPlan?>(new IOException("away")),
            Task.FromResult<LinkPlan?>(Plan(1)),
        ]);
        var cache = NewCache(_ => reads.Dequeue());

        await Assert.ThrowsAsync<IOException>(() => cache.LoadAsync(Key, Cancel));

        Assert.NotNull(await cache.LoadAsync(Key, Cancel));
    }

    [Fact]
    public async Task Plans_never_take_more_than_their_bytes_and_those_that_are_read_stay()
    {
        const long Room = 100_000;
        var cache = NewCache(_ => Task.FromResult<LinkPlan?>(Plan(1)), Room);
        await cache.LoadAsync(new(0, "popular"), Cancel);

        for (var i = 0; i < 5_000; i++)
        {
            await cache.LoadAsync(new(0, $"rare-{i}"), Cancel);
            Assert.True(cache.TryGet(new(0, "popular"), out _));
            Assert.True(cache.Bytes <= Room);
        }
    }

    [Fact]
    public async Task Guessing_aliases_neither_grows_memory_nor_pushes_a_plan_out()
    {
        var cache = NewCache(key => Task.FromResult(key.Alias == "example" ? Plan(1) : null));
        await cache.LoadAsync(Key, Cancel);

        for (var i = 0; i < 200_000; i++)
            await cache.LoadAsync(new(0, $"guess-{i}"), Cancel);

        Assert.True(cache.TryGet(new(0, "example"), out _));
        Assert.True(cache.Bytes < 9 << 20);
    }

    [Fact]
    public async Task A_link_edited_again_and_again_leaves_nothing_behind()
    {
        var cache = new ClockCache<object>(1_000_000);

        for (var i = 0; i < 100_000; i++)
        {
            cache.Set(Key, i, 10);
            cache.Remove(Key);
        }
        cache.Set(Key, "last", 10);

        Assert.Equal(10, cache.Bytes);
        Assert.Equal(1, cache.Count);
        await Task.CompletedTask;
    }

    private PlanCache NewCache(Func<PlanKey, Task<LinkPlan?>> load, long bytes = 1 << 20) => new(bytes, load, _changes);

    private static LinkPlan Plan(int version) =>
        new()
        {
            LinkId = 7,
            Version = version,
            Location = "https://example.org/",
            Status = 302,
        };
}
