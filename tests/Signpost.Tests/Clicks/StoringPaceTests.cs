using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Tests.Journal;

namespace Signpost.Tests.Clicks;

/// <summary>While redirects need all processors, clicks wait in the journal, but not beyond half of the backlog's bounds.</summary>
public sealed class StoringPaceTests : IDisposable
{
    /// <summary>So many clicks in each tick of 100 ms are far more than 512 KiB a second.</summary>
    private const int ManyClicks = 4_000;

    private readonly JournalFixture _files = new();
    private readonly BackgroundLanes _lanes;
    private readonly LiveFeed _feed;
    private readonly ClickJournal _journal;
    private ProcessorTime _time;
    private bool _isStarved = true;

    public StoringPaceTests()
    {
        _lanes = new BackgroundLanes(_files.Clock) { TimeOfThread = TimeOfThread };
        _feed = new LiveFeed(_files.Clock);
        _journal = _files.Open();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redirects_that_need_the_processors_make_clicks_wait()
    {
        var pace = Pace(_files.Settings);

        Assert.True(await YieldsAsync(pace));
        // A small batch each second finds out whether that has changed.
        Assert.Equal(
            [false, false, false, false, false, false, false, false, false, true],
            Ticks(pace, 10, ManyClicks)
        );

        // Requests come no longer: now other programs may need the processors, and clicks are stored at once.
        pace.Stored(512, yielded: true);
        Assert.Equal([false, true], Ticks(pace, 2, clicks: 0));
        Assert.False(pace.MustYield);
    }

    [Fact]
    public async Task With_processor_time_left_clicks_do_not_wait()
    {
        _isStarved = false;

        Assert.False(await YieldsAsync(Pace(_files.Settings)));
    }

    [Fact]
    public async Task Clicks_do_not_wait_while_somebody_listens()
    {
        var pace = Pace(_files.Settings);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var clicks = _feed.FollowAsync(afterId: null, leave.Token).GetAsyncEnumerator(leave.Token);
        var next = clicks.MoveNextAsync();

        Assert.False(await YieldsAsync(pace));

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task Clicks_do_not_wait_if_half_of_the_allowed_bytes_wait()
    {
        var pace = Pace(_files.Settings with { MostBacklogBytes = 1 << 20 });

        Assert.True(await YieldsAsync(pace));
        while (_journal.State.BytesPending <= 1 << 19)
            Assert.True(_journal.TryAppend(JournalFixture.Click(1)));

        Assert.False(pace.MustYield);
    }

    [Fact]
    public async Task Clicks_do_not_wait_longer_than_half_of_the_allowed_time()
    {
        var pace = Pace(_files.Settings with { LongestBacklog = TimeSpan.FromSeconds(4) });

        Assert.True(await YieldsAsync(pace));
        Ticks(pace, 20, ManyClicks);

        Assert.False(pace.MustYield);
    }

    [Fact]
    public async Task The_ingestor_stores_small_batches_while_redirects_need_the_processors_and_afterwards_all()
    {
        using var files = new JournalFixture { SegmentSize = 1 << 20 };
        var store = new MemoryStore();
        await using var server = new IngestFixture(files, store) { IsStarved = true };
        await server.StartAsync();
        var (ticks, recorded) = (0, 1);
        // The ingestor looks at the pace from its second tick on.
        Assert.True(server.Recorder.TryRecord(Now(recorded), consumed: false));
        await server.UntilAsync(() => store.Links.Count == recorded);

        await server.UntilAsync(() =>
        {
            for (var i = 0; i < 2 * ManyClicks; i++)
                Assert.True(server.Recorder.TryRecord(Now(++recorded), consumed: false));
            return ++ticks > 40 && store.Links.Count > 1;
        });
        Assert.InRange(store.LargestBatch, 1, 512);
        Assert.InRange(store.Links.Count, 2, recorded / 10);

        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);
        Assert.Equal(recorded, store.Links.Count);

        Click Now(long link) =>
            JournalFixture.Click(link) with
            {
                AtMilliseconds = files.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            };
    }

    public void Dispose()
    {
        _lanes.Dispose();
        _files.Dispose();
    }

    private StoringPace Pace(JournalSettings settings) =>
        new(_lanes.Storing, _feed, new Backlog(_journal, settings, _files.Clock), _files.Clock);

    /// <summary>Whether more clicks wait after the first batch, while many come.</summary>
    private async Task<bool> YieldsAsync(StoringPace pace)
    {
        Assert.Equal([true], Ticks(pace, 1, ManyClicks));
        await _lanes.Storing.RunAsync(() => 0);
        var yields = pace.MustYield;
        pace.Stored(512, yields);
        return yields;
    }

    private bool[] Ticks(StoringPace pace, int count, int clicks) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    for (var i = 0; i < clicks; i++)
                        Assert.True(_journal.TryAppend(JournalFixture.Click(1)));
                    _files.Clock.Advance(StoringPace.Tick);
                    return pace.IsDue();
                }),
        ];

    private ProcessorTime TimeOfThread() =>
        _time = new(_time.Ran + 1_000_000, _time.Waited + (_isStarved ? 9_000_000 : 0));
}
