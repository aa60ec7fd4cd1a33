using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Core.Targeting;
using Signpost.Testing;
using Signpost.Tests.Journal;

namespace Signpost.Tests.Clicks;

public sealed class ClickIngestorTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(0, 3)]
    [InlineData(2, 2)]
    public async Task A_store_that_fails_before_or_after_its_commit_neither_loses_nor_repeats_a_click(
        int before,
        int after
    )
    {
        using var files = new JournalFixture();
        var store = new MemoryStore { FailuresBefore = before, FailuresAfter = after };
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();

        for (var link = 1; link <= 20; link++)
        {
            Assert.True(server.Recorder.TryRecord(JournalFixture.Click(link), consumed: false));
            if (link % 5 == 0)
                await server.UntilAsync(() => server.Journal.State.BytesPending == 0);
        }

        Assert.Equal((0, 0), (store.FailuresBefore, store.FailuresAfter));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), store.Links);
        Assert.Equal(0, server.Counts.Entries);
    }

    [Fact]
    public async Task A_store_that_fails_again_and_again_is_one_line_a_minute_and_one_at_the_end()
    {
        using var files = new JournalFixture();
        var store = new MemoryStore { FailuresBefore = 8 };
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();

        server.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);
        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);

        Assert.Equal(1, server.Log.Count("Clicks cannot be stored"));
        Assert.Equal(1, server.Log.Count("stored again, after 8 failed tries"));
    }

    [Fact]
    public async Task After_many_clicks_at_once_the_next_are_stored_together_later()
    {
        using var files = new JournalFixture();
        List<DateTimeOffset> commits = [];
        var store = new MemoryStore();
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();
        // All of them come while one click is stored: so the next time stores them together.
        store.Effort = () =>
        {
            commits.Add(files.Clock.GetUtcNow());
            for (var link = 1; commits.Count == 1 && link <= 10_000; link++)
                server.Recorder.TryRecord(JournalFixture.Click(link), consumed: false);
        };
        server.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);
        await server.UntilAsync(() => store.Links.Count == 10_001);
        var first = commits[^1];

        server.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);
        await server.UntilAsync(() => store.Links.Count == 10_002);

        Assert.True(commits[^1] - first >= TimeSpan.FromSeconds(1.9), $"{first:O} {commits[^1]:O}");

        // Few came in those two seconds: so the next do not wait.
        var rounds = 0;
        await server.UntilAsync(() =>
        {
            first = files.Clock.GetUtcNow();
            server.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);
            return ++rounds == 40;
        });
        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);
        Assert.Contains(
            commits.Zip(commits.Skip(1)).Skip(2),
            pair => pair.Second - pair.First <= TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public async Task A_fault_that_nobody_foresaw_ends_neither_the_storing_nor_the_server()
    {
        using var files = new JournalFixture();
        var store = new MemoryStore { Surprises = 3 };
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();

        server.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);
        await server.UntilAsync(() => store.Links.Count > 0 || server.Ingestor.ExecuteTask!.IsCompleted);

        Assert.True(store.Surprises <= 0);
        Assert.Equal([1L], store.Links);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_for_a_while_stops_nothing()
    {
        using var files = new JournalFixture();
        var store = new MemoryStore();
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();
        await server.UntilAsync(() => files.Segments.Length > 0);
        var (segment, aside) = (files.Segments[0], files.Segments[0] + ".aside");
        File.Move(segment, aside);
        server.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);
        await server.UntilAsync(() => server.Log.Count("cannot be moved") > 0);

        Assert.False(server.Ingestor.ExecuteTask!.IsCompleted);
        File.Move(aside, segment);
        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);

        Assert.Equal([1L], store.Links);
    }

    [Fact]
    public async Task What_is_journaled_is_stored_before_a_graceful_stop_ends()
    {
        using var files = new JournalFixture();
        var store = new MemoryStore();
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();
        for (var link = 1; link <= 10_000; link++)
            server.Recorder.TryRecord(JournalFixture.Click(link), consumed: false);

        await server.Ingestor.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(10_000, store.Links.Count);
        Assert.Empty(files.Segments);
    }

    [Fact]
    public async Task A_stop_with_the_store_away_ends_in_time_and_the_next_start_stores_the_rest()
    {
        using var files = new JournalFixture();
        var store = new MemoryStore { FailuresBefore = int.MaxValue };
        await using (var server = new IngestFixture(files, store))
        {
            await server.StartAsync();
            server.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);

            var stop = server.Ingestor.StopAsync(TestContext.Current.CancellationToken);
            await server.UntilAsync(() => stop.IsCompleted);
            await stop;
        }

        store.FailuresBefore = 0;
        await using var next = new IngestFixture(files, store);
        await next.StartAsync();
        await next.UntilAsync(() => next.Journal.State.BytesPending == 0);

        Assert.Equal([1], store.Links);
    }

    // On PostgreSQL the killed one would keep its lock: this process does not end.
    [Fact]
    [Trait("Database", "SQLite")]
    public async Task After_a_kill_the_clicks_are_known_before_the_first_request_and_stored_once()
    {
        using var files = new JournalFixture();
        var store = new MemoryStore { FailuresAfter = 1 };
        var killed = new IngestFixture(files, store);
        await killed.StartAsync();
        killed.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);
        await killed.UntilAsync(() => store.Links.Count == 1);
        killed.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);
        killed.Recorder.TryRecord(JournalFixture.Click(1, ClickKind.Robot), consumed: false);

        files.Clock = new ManualClock();
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();
        var clicks = await server.Counts.ReadAsync([1, 2], TestContext.Current.CancellationToken);
        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);

        Assert.Equal(2, clicks[1]);
        Assert.Equal(0, clicks[2]);
        Assert.Equal(0, store.FailuresAfter);
        Assert.Equal([1, 1, 1], store.Links);
        killed.Journal.Dispose();
    }

    [Fact]
    public async Task A_backlog_is_stored_in_bounded_batches()
    {
        using var files = new JournalFixture { SegmentSize = 1 << 20 };
        var store = new MemoryStore { FailuresBefore = 3 };
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();
        for (var link = 1; link <= 100_000; link++)
            server.Recorder.TryRecord(JournalFixture.Click(link), consumed: false);

        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);

        Assert.Equal(0, store.FailuresBefore);
        Assert.Equal(100_000, store.Links.Count);
        Assert.InRange(store.LargestBatch, 1, 32_768);
    }

    [Fact]
    public async Task A_store_that_takes_long_gets_small_batches_only()
    {
        using var files = new JournalFixture { SegmentSize = 1 << 20 };
        var store = new MemoryStore { Effort = () => files.Clock.Advance(TimeSpan.FromMilliseconds(40)) };
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();
        for (var link = 1; link <= 20_000; link++)
            server.Recorder.TryRecord(JournalFixture.Click(link), consumed: false);

        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);

        Assert.Equal(20_000, store.Links.Count);
        Assert.InRange(store.LargestBatch, 1, 2_048);
    }

    [Fact]
    public async Task Clicks_of_former_versions_are_stored_and_told_among_those_of_today()
    {
        using var files = new JournalFixture();
        var journal = files.Open().Id;
        LeaveOldVersions(files, journal, number: 50);
        await using var server = new IngestFixture(files, new MemoryStore());
        var cancel = TestContext.Current.CancellationToken;
        await using var live = server.Feed.FollowAsync(0, cancel).GetAsyncEnumerator(cancel);
        await server.StartAsync();
        server.Recorder.TryRecord(
            JournalFixture.Click(3),
            consumed: false,
            new ClickFacts { Marks = ClickMarks.SentOn }
        );
        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);

        List<ClickRow> told = [];
        while (told.Count < 3 && await live.MoveNextAsync().AsTask().OrFail("A click in the feed"))
            told.Add(live.Current.Row);

        Assert.Equal([1, 2, 3], told.Select(row => row.LinkId));
        Assert.Equal(
            [ClickTarget.None, new(null, "targeting_rotation[4]"), new(null, null)],
            told.Select(row => row.Target)
        );
        Assert.All(told, row => Assert.Equal((0ul, ClickPlace.Unknown), (row.Visitor, row.Place)));
    }

    // Records of the two earlier versions: 23 bytes, and 25 with a rule.
    private static void LeaveOldVersions(JournalFixture files, Guid journal, long number)
    {
        var segment = new byte[4_096];
        new SegmentHeader(journal, number, 0, "old").Write(segment);
        var seed = JournalFrame.SeedOf(journal, number);
        var at = SegmentHeader.Size;
        for (byte version = 1; version <= 2; version++)
        {
            var payload = new byte[version == 1 ? 23 : 25];
            (payload[0], payload[8], payload[20]) = (version, 1, (byte)ClickKind.Person);
            if (version == 2)
                (payload[23], payload[24]) = ((byte)TargetingKind.Rotation, 4);
            at += JournalFrame.Write(segment.AsSpan(at), seed, at, version, payload);
        }

        File.WriteAllBytes(Path.Combine(files.Root, $"{number:D10}.seg"), segment[..at]);
    }
}
