using Signpost.Core.Clicks;
using Signpost.Tests.Clicks;

namespace Signpost.Tests.Journal;

/// <summary>When segments go: what they tell of visitors must not stay longer than a minute after it was stored.</summary>
public sealed class JournalLifetimeTests
{
    [Fact]
    public void A_segment_is_closed_and_deleted_soon_after_its_first_click()
    {
        using var files = new JournalFixture();
        var used = files.Leave(1);
        var journal = files.Last;
        var stored = JournalFixture.End(journal);

        files.Clock.Advance(TimeSpan.FromSeconds(44));
        journal.Forget(stored);
        Assert.True(File.Exists(used));

        // A later click changes nothing: a trickle keeps no segment alive.
        journal.TryAppend(JournalFixture.Click(2));
        files.Clock.Advance(TimeSpan.FromSeconds(1));
        journal.Forget(JournalFixture.End(journal));

        Assert.False(File.Exists(used));
        Assert.True(journal.TryAppend(JournalFixture.Click(3)));
    }

    [Fact]
    public void A_click_that_is_not_yet_stored_keeps_its_closed_segment()
    {
        using var files = new JournalFixture();
        var used = files.Leave(1);
        var journal = files.Last;
        var stored = JournalFixture.End(journal);
        journal.TryAppend(JournalFixture.Click(2));

        files.Clock.Advance(TimeSpan.FromMinutes(1));
        journal.Forget(stored);

        Assert.True(File.Exists(used));
        Assert.Equal([2], JournalFixture.Read(journal, stored));
        journal.Forget(JournalFixture.End(journal));
        Assert.False(File.Exists(used));
    }

    [Fact]
    public void An_idle_journal_makes_no_new_segments()
    {
        using var files = new JournalFixture();
        var journal = files.Open();
        var before = files.Segments;

        for (var minute = 0; minute < 5; minute++)
        {
            files.Clock.Advance(TimeSpan.FromMinutes(1));
            journal.Forget(JournalPosition.Start);
        }

        Assert.Equal(before, files.Segments);
    }

    [Fact]
    public void While_the_store_is_away_time_closes_one_segment_and_no_more()
    {
        using var files = new JournalFixture();
        files.Leave(1);
        var journal = files.Last;

        for (var minute = 0; minute < 5; minute++)
        {
            files.Clock.Advance(TimeSpan.FromMinutes(1));
            journal.TryAppend(JournalFixture.Click(2));
            journal.Forget(JournalPosition.Start);
        }

        Assert.Equal([1, 2, 2, 2, 2, 2], JournalFixture.Read(journal));
        Assert.InRange(files.Segments.Length, 2, 3);
    }

    [Fact]
    public async Task A_running_server_deletes_what_it_stored()
    {
        using var files = new JournalFixture();
        await using var server = new IngestFixture(files, new MemoryStore());
        await server.StartAsync();
        var used = Assert.Single(files.Segments);
        server.Recorder.TryRecord(JournalFixture.Click(1), consumed: false);

        await server.UntilAsync(() => !File.Exists(used));

        Assert.True(server.Recorder.TryRecord(JournalFixture.Click(2), consumed: false));
    }
}
