using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Journal;
using Signpost.Testing;

namespace Signpost.Tests.Journal;

/// <summary>Segments that cannot be deleted: they tell of visitors, so they must go as soon as they can.</summary>
public sealed class SegmentRemovalTests
{
    private const string Left = "cannot be deleted";

    [Fact]
    public void One_that_cannot_be_deleted_keeps_no_other_and_is_tried_again_each_second()
    {
        var log = new LogLines();
        using var files = new JournalFixture { SegmentSize = 4 << 10, Log = log.For<ClickJournal>() };
        var journal = files.Open();
        while (files.Segments.Length < 5)
            Assert.True(journal.TryAppend(JournalFixture.Click(1)));
        var (stored, segments) = (JournalFixture.End(journal), files.Segments);
        var blocked = new Blocked(segments[0]);

        journal.Forget(stored);

        Assert.Equal(1, journal.State.Undeleted);
        Assert.False(File.Exists(segments[1]));
        Assert.False(File.Exists(segments[2]));

        files.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, log.Count(Left));
        files.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, log.Count(Left));

        blocked.Dispose();
        files.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(File.Exists(segments[0]));
        Assert.Equal(0, journal.State.Undeleted);
        Assert.True(journal.TryAppend(JournalFixture.Click(2)));
    }

    [Fact]
    public void One_that_an_earlier_process_could_not_delete_goes_at_the_next_start()
    {
        using var files = new JournalFixture();
        var used = files.Leave(1);
        var stored = JournalFixture.End(files.Last);
        using (new Blocked(used))
        {
            files.Clock.Advance(TimeSpan.FromMinutes(1));
            files.Last.Forget(stored);
            files.Last.Dispose();
        }

        Assert.True(File.Exists(used));
        files.Open(stored);

        Assert.False(File.Exists(used));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_tells_of_it()
    {
        var cancel = TestContext.Current.CancellationToken;
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null);
        var used = Directory.GetFiles(Path.Combine(server.DataDirectory, "journal"), "*.seg").Order().First();
        var link = await server.CreateLinkAsync();
        using var visit = await server.FollowAsync(link.Alias);

        while (await ReadAsync("journal_bytes") > 0)
            clock.Advance(TimeSpan.FromMilliseconds(100));

        using (new Blocked(used))
            while (await ReadAsync("journal_undeleted") == 0)
                clock.Advance(TimeSpan.FromSeconds(1));
        while (await ReadAsync("journal_undeleted") > 0)
            clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(File.Exists(used));

        async Task<long> ReadAsync(string name) =>
            (await server.Anonymous.GetFromJsonAsync<JsonElement>("/readyz", cancel)).GetProperty(name).GetInt64();
    }

    /// <summary>A directory in the place of a file: not even root can delete that as a file.</summary>
    private sealed class Blocked : IDisposable
    {
        private readonly string _path;

        public Blocked(string path)
        {
            _path = path;
            File.Move(path, path + ".aside");
            Directory.CreateDirectory(path);
        }

        public void Dispose()
        {
            Directory.Delete(_path);
            File.Move(_path + ".aside", _path);
        }
    }
}
