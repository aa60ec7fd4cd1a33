using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Hosting;
using Signpost.Testing;

namespace Signpost.Tests.Hosting;

/// <summary>Answers that anybody may ask for: made once for all who ask, and never too many at a time.</summary>
public sealed class SharedReadsTests : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly ManualClock _clock = new();
    private readonly SharedReads _answers;

    /// <summary>Lets everything slow go on.</summary>
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _made;

    public SharedReadsTests()
    {
        var services = new ServiceCollection();
        services.AddHybridCache();
        _services = services.BuildServiceProvider();
        _answers = new(_services.GetRequiredService<HybridCache>(), _clock, "things");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_one_delays_no_other_and_all_who_ask_for_it_share_it()
    {
        var slow = Enumerable.Range(0, 1_000).Select(_ => Slow("slow")).ToList();
        await MadeAsync(1);

        Assert.Equal(
            "quick",
            await _answers.GetAsync("quick", _ => Task.FromResult("quick"), Cancel).AsTask().OrFail("The quick one")
        );

        Assert.All(slow, one => Assert.False(one.IsCompleted));
        _end.SetResult();
        Assert.All(await Task.WhenAll(slow).OrFail("All slow ones"), one => Assert.Equal("slow", one));
        Assert.Equal("slow", await Slow("slow").OrFail());
        Assert.Equal(1, _made);
    }

    [Fact]
    public async Task Who_finds_no_room_waits_some_seconds_and_is_refused_then()
    {
        var slow = Enumerable.Range(0, SharedReads.MostAtOnce).Select(one => Slow($"{one}")).ToList();
        await MadeAsync(SharedReads.MostAtOnce);
        var late = Slow("late");

        await _clock.UntilAsync(
            () =>
            {
                Assert.Equal(SharedReads.MostAtOnce, Volatile.Read(ref _made));
                return late.IsCompleted;
            },
            SharedReads.LongestWait / 4,
            "The refusal"
        );

        await Assert.ThrowsAsync<TooBusyException>(() => late);
        _end.SetResult();
        await Task.WhenAll(slow).OrFail("All slow ones");
        Assert.Equal("late", await Slow("late").OrFail());
    }

    [Fact]
    public async Task When_too_many_wait_others_are_refused_at_once()
    {
        const int Room = SharedReads.MostAtOnce + SharedReads.MostWaiting;
        var all = Enumerable.Range(0, Room + 5).Select(one => Slow($"{one}")).ToList();

        await Patience.UntilAsync(() => Task.FromResult(all.Count(one => one.IsFaulted) >= 5), "Five refusals");
        _end.SetResult();
        await Task.WhenAll(all).ContinueWith(_ => { }, Cancel, default, TaskScheduler.Default).OrFail("The end of all");

        Assert.Equal(5, all.Count(one => one.Exception?.InnerException is TooBusyException));
        Assert.Equal(Room, _made);
    }

    public void Dispose()
    {
        _answers.Dispose();
        _services.Dispose();
    }

    private Task<string> Slow(string key) =>
        _answers
            .GetAsync(
                key,
                async _ =>
                {
                    Interlocked.Increment(ref _made);
                    await _end.Task;
                    return key;
                },
                Cancel
            )
            .AsTask();

    private Task MadeAsync(int count) =>
        Patience.UntilAsync(() => Task.FromResult(Volatile.Read(ref _made) >= count), $"Beginning to make {count}");
}
