using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;

namespace Signpost.Tests.Journal;

public sealed class ClickJournalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Clicks_come_back_in_order_over_many_segments(bool mapped)
    {
        using var files = new JournalFixture { SegmentSize = 4_096, MapsSegments = mapped };
        var journal = files.Open();

        for (var link = 1; link <= 1_000; link++)
            Assert.True(journal.TryAppend(JournalFixture.Click(link)));

        Assert.Equal(Enumerable.Range(1, 1_000).Select(i => (long)i), JournalFixture.Read(journal, most: 7));
        Assert.Equal(0, journal.State.Unrecorded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_threads_append_and_nothing_is_lost(bool onDisk)
    {
        using var files = new JournalFixture { Durability = onDisk ? ClickDurability.Disk : ClickDurability.Process };
        var journal = files.Open();

        await Parallel.ForAsync(
            0,
            8,
            TestContext.Current.CancellationToken,
            async (thread, _) =>
            {
                Appended last = default;
                for (var i = 0; i < 2_000; i++)
                    Assert.True(journal.TryAppend(JournalFixture.Click((thread * 10_000) + i), default, out last));
                Assert.True(await journal.DurableAsync(last));
            }
        );

        var read = JournalFixture.Read(journal, most: 4_096);
        Assert.Equal(16_000, read.Count);
        Assert.Equal(16_000, read.Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_killed_process_left_is_read_by_the_next(bool mapped)
    {
        using var files = new JournalFixture { MapsSegments = mapped };
        files.Leave(1, 2, 3);

        var journal = files.Open();
        journal.TryAppend(JournalFixture.Click(4));

        Assert.Equal([1, 2, 3, 4], JournalFixture.Read(journal));
    }

    [Fact]
    public void Every_start_writes_to_a_segment_above_all_before()
    {
        using var files = new JournalFixture();
        var first = files.Leave(1);
        var second = files.Leave(2);
        File.Delete(second);

        var journal = files.Open(new JournalPosition(40, 500));
        journal.TryAppend(JournalFixture.Click(3));

        Assert.True(string.CompareOrdinal(first, second) < 0);
        Assert.Equal(41, JournalFixture.End(journal).Segment);
    }

    [Fact]
    public void Segments_whose_clicks_are_stored_go_at_the_next_start()
    {
        using var files = new JournalFixture();
        var old = files.Leave(1, 2);

        var journal = files.Open(JournalFixture.End(files.Open()));

        Assert.False(File.Exists(old));
        Assert.Empty(JournalFixture.Read(journal));
    }

    [Fact]
    public void Reading_goes_on_in_the_middle_of_a_segment()
    {
        using var files = new JournalFixture();
        files.Leave(1, 2, 3, 4);
        var middle = new JournalReader(files.Open()).Read(JournalPosition.Start, most: 2)!.End;

        var journal = files.Open(middle);

        Assert.Equal([3, 4], JournalFixture.Read(journal, middle));
    }

    [Fact]
    public void A_closed_journal_leaves_no_reserved_room_and_no_unused_segment()
    {
        using var files = new JournalFixture();
        var journal = files.Open();
        journal.TryAppend(JournalFixture.Click(1));

        journal.Dispose();

        Assert.Equal(
            SegmentHeader.Size + JournalFrame.SizeOf(ClickCodec.ShortestLength),
            new FileInfo(Assert.Single(files.Segments)).Length
        );
        Assert.False(journal.TryAppend(JournalFixture.Click(2)));
        Assert.Equal([1], JournalFixture.Read(files.Open()));
    }

    [Fact]
    public void The_id_stays_the_same_over_restarts()
    {
        using var files = new JournalFixture();

        Assert.Equal(files.Open().Id, files.Open().Id);
    }

    [Fact]
    public void A_position_behind_the_end_of_its_segment_is_believed()
    {
        // After a power cut the store may know of clicks that the journal has lost.
        using var files = new JournalFixture();
        files.Leave(1, 2);

        var journal = files.Open(new JournalPosition(1, 5_000));

        Assert.Empty(JournalFixture.Read(journal, new JournalPosition(1, 5_000)));
    }
}
