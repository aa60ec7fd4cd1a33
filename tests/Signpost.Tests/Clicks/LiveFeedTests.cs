using Signpost.Clicks;
using Signpost.Core.Statistics;
using Signpost.Testing;

namespace Signpost.Tests.Clicks;

public sealed class LiveFeedTests
{
    private readonly LiveFeed _feed = new(new ManualClock());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_listens_is_told_of_what_comes_from_then_on()
    {
        _feed.Publish(Rows(1, 2));
        await using var listener = _feed.FollowAsync(null, Cancel).GetAsyncEnumerator(Cancel);
        var next = listener.MoveNextAsync();
        Assert.False(next.IsCompleted);
        Assert.True(_feed.IsFollowed);

        var last = _feed.Publish(Rows(3));

        Assert.True(await next.AsTask().OrFail("A click"));
        Assert.Equal((last, 3), (listener.Current.Id, listener.Current.Row.LinkId));
    }

    [Fact]
    public async Task Who_comes_back_goes_on_behind_the_last_id()
    {
        var seen = _feed.Publish(Rows(1, 2));
        _feed.Publish(Rows(3, 4));

        Assert.Equal([3, 4], await TakeAsync(seen, 2));
        Assert.Equal([2, 3, 4], await TakeAsync(seen - 1, 3));
    }

    [Fact]
    public async Task Who_was_away_for_too_long_misses_what_is_no_longer_kept()
    {
        var seen = _feed.Publish(Rows(0));
        for (var part = 0; part < 3; part++)
            _feed.Publish(Rows([.. Enumerable.Range(part * 5_000, 5_000).Select(i => (long)i)]));

        Assert.Equal([5_000, 5_001], await TakeAsync(seen, 2));
    }

    [Fact]
    public async Task Who_comes_back_is_told_of_no_erased_click()
    {
        var seen = _feed.Publish(Rows(7));
        _feed.Publish(Rows(1, 2, 1, 3, 4));

        _feed.Forget(new HashSet<long> { 1, 3 });

        Assert.Equal([2, 4], await TakeAsync(seen, 2));
    }

    [Fact]
    public async Task An_id_of_an_earlier_process_is_before_all_of_this_one()
    {
        var clock = new ManualClock();
        var earlier = new LiveFeed(clock).Publish(Rows(1, 2));
        clock.Advance(TimeSpan.FromSeconds(1));
        var feed = new LiveFeed(clock);
        feed.Publish(Rows(3));

        await using var listener = feed.FollowAsync(earlier, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await listener.MoveNextAsync().AsTask().OrFail("A click"));
        Assert.Equal(3, listener.Current.Row.LinkId);
        Assert.True(listener.Current.Id > earlier);
    }

    [Fact]
    public async Task An_id_that_was_never_given_hides_nothing_that_comes()
    {
        await using var listener = _feed.FollowAsync(long.MaxValue, Cancel).GetAsyncEnumerator(Cancel);
        var next = listener.MoveNextAsync();
        _feed.Publish(Rows(7));

        Assert.True(await next.AsTask().OrFail("A click"));
        Assert.Equal(7, listener.Current.Row.LinkId);
    }

    [Fact]
    public async Task Who_goes_away_is_forgotten()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var listener = _feed.FollowAsync(null, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = listener.MoveNextAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask().OrFail("The end"));
        Assert.False(_feed.IsFollowed);
    }

    private async Task<List<long>> TakeAsync(long after, int count)
    {
        List<long> links = [];
        await using var listener = _feed.FollowAsync(after, Cancel).GetAsyncEnumerator(Cancel);
        while (links.Count < count && await listener.MoveNextAsync().AsTask().OrFail("A click"))
            links.Add(listener.Current.Row.LinkId);
        return links;
    }

    private static ClickRow[] Rows(params long[] links) => [.. links.Select(link => PlainClick.On(link, at: 1))];
}
