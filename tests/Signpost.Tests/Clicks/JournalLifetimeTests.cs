namespace Signpost.Tests.Clicks;

/// <summary>When segments go: what they tell of visitors must not stay.</summary>
public sealed class JournalLifetimeTests
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_quiet_servers_segment_is_gone_a_minute_after_its_last_click_was_stored()
    {
        using var files = new JournalFixture();
        await using var server = new IngestFixture(files, new MemoryStore());
        await server.StartAsync();
        var used = files.Segments[0];
        server.Recorder.TryRecord(JournalFixture.Click(1), taken: false);
        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);

        await server.PassAsync(Promise);

        Assert.False(File.Exists(used));
        Assert.True(server.Recorder.TryRecord(JournalFixture.Click(2), taken: false));
    }

    [Fact]
    public async Task A_trickle_of_clicks_keeps_no_segment_alive()
    {
        using var files = new JournalFixture();
        await using var server = new IngestFixture(files, new MemoryStore());
        await server.StartAsync();
        var used = files.Segments[0];

        for (var second = 0; second < 60; second += 5)
        {
            server.Recorder.TryRecord(JournalFixture.Click(1), taken: false);
            await server.PassAsync(TimeSpan.FromSeconds(5));
        }

        Assert.False(File.Exists(used));
    }

    [Fact]
    public async Task An_idle_server_makes_no_new_segments()
    {
        using var files = new JournalFixture();
        await using var server = new IngestFixture(files, new MemoryStore());
        await server.StartAsync();
        var before = files.Segments;

        await server.PassAsync(Promise * 2);

        Assert.Equal(before, files.Segments);
    }

    [Fact]
    public async Task While_the_store_is_away_nothing_is_deleted_and_no_room_is_wasted()
    {
        using var files = new JournalFixture();
        var store = new MemoryStore { FailuresBefore = int.MaxValue };
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();
        server.Recorder.TryRecord(JournalFixture.Click(1), taken: false);
        var before = files.Segments;

        await server.PassAsync(Promise * 2);
        Assert.Equal(before, files.Segments);

        store.FailuresBefore = 0;
        await server.UntilAsync(() => store.Links.Count == 1 && !File.Exists(before[0]));
    }
}
