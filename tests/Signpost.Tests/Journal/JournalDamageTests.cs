using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Testing;

namespace Signpost.Tests.Journal;

public sealed class JournalDamageTests
{
    private static readonly int FrameSize = JournalFrame.SizeOf(ClickCodec.ShortestLength);

    [Fact]
    public void Cut_anywhere_a_segment_gives_all_clicks_before_the_cut()
    {
        using var files = new JournalFixture();
        var path = files.Leave(1, 2, 3);
        var whole = File.ReadAllBytes(path)[..At(3)];
        // The end of a record that was not finished is not there.
        files.LoseEnds();

        for (var cut = At(2); cut < whole.Length; cut++)
        {
            File.WriteAllBytes(path, whole[..cut]);
            Assert.Equal([1, 2], JournalFixture.Read(files.Open()));
            files.LoseEnds();
        }
    }

    [Fact]
    public void Torn_anywhere_the_last_record_is_cut_off()
    {
        using var files = new JournalFixture();
        var path = files.Leave(1, 2, 3);

        var whole = File.ReadAllBytes(path);
        files.LoseEnds();

        // The record of a click without a rule ends in zeros: they are torn off without harm.
        var last = whole.AsSpan(0, At(3)).LastIndexOfAnyExcept((byte)0);
        for (var at = At(2); at <= last; at++)
        {
            File.WriteAllBytes(path, whole);
            Zero(path, at, At(3) - at);

            Assert.Equal([1, 2], JournalFixture.Read(files.Open()));
            files.LoseEnds();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_flipped_bit_before_the_last_record_stops_the_start_and_is_named(int record)
    {
        using var files = new JournalFixture();
        var path = files.Leave(1, 2, 3, 4, 5);
        Flip(path, At(record) + 20);

        var error = Assert.Throws<JournalDamagedException>(() => files.Open());

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains($"byte {At(record)}", error.Message, StringComparison.Ordinal);
        Assert.Contains("repair-journal", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_byte_far_behind_the_end_is_damage()
    {
        using var files = new JournalFixture();
        var path = files.Leave(1);
        Flip(path, 30_000);

        Assert.Equal(At(1), Assert.Throws<JournalDamagedException>(() => files.Open()).Offset);
    }

    [Fact]
    public void Damage_before_the_stored_position_harms_nobody()
    {
        using var files = new JournalFixture();
        var path = files.Leave(1, 2, 3);
        Flip(path, 20);
        Flip(path, At(0) + 5);
        var stored = new JournalPosition(1, At(2));

        Assert.Equal([3], JournalFixture.Read(files.Open(stored), stored));
    }

    [Fact]
    public void A_damaged_header_stops_the_start()
    {
        using var files = new JournalFixture();
        Flip(files.Leave(1), 50);

        Assert.Equal(0, Assert.Throws<JournalDamagedException>(() => files.Open()).Offset);
    }

    [Fact]
    public void A_segment_of_another_journal_stops_the_start()
    {
        using var files = new JournalFixture();
        using var others = new JournalFixture();
        files.Leave(1);
        var path = others.Leave(2);
        File.Copy(path, Path.Combine(files.Root, "0000000009.seg"));

        Assert.Equal(16, Assert.Throws<JournalDamagedException>(() => files.Open()).Offset);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not an id")]
    public void Segments_without_an_id_stop_the_start(string? id)
    {
        using var files = new JournalFixture();
        files.Leave(1);
        LoseId(files, id);

        Assert.Throws<JournalDamagedException>(() => files.Open());
    }

    [Fact]
    public void A_segment_that_was_still_being_made_is_nobodys()
    {
        using var files = new JournalFixture();
        files.Leave(1);
        File.WriteAllBytes(Path.Combine(files.Root, "0000000009.seg.new"), [1, 2, 3]);

        Assert.Equal([1], JournalFixture.Read(files.Open()));
    }

    [Fact]
    public void Repair_keeps_the_original_and_every_click_that_can_be_read()
    {
        using var files = new JournalFixture();
        var path = files.Leave(1, 2, 3, 4, 5, 6);
        Flip(path, At(1) + 4);
        Flip(path, At(2) + 11);
        Flip(path, At(4));
        var damaged = File.ReadAllBytes(path);

        var repaired = JournalRepair.Run(files.Root, TextWriter.Null);

        Assert.Equal(1, repaired);
        Assert.Equal(damaged, File.ReadAllBytes(path + ".damaged"));
        Assert.Equal([1, 4, 6], JournalFixture.Read(files.Open()));
        Assert.Equal(new JournalPosition(1, At(6)), JournalFixture.End(files.Open()));
    }

    [Fact]
    public void Repair_steps_over_zeros_before_records_and_over_garbage_at_the_end()
    {
        using var files = new JournalFixture();
        var path = files.Leave(1, 2, 3, 4);
        Zero(path, At(1), 2 * FrameSize);
        Flip(path, 30_001);

        JournalRepair.Run(files.Root, TextWriter.Null);

        Assert.Equal([1, 4], JournalFixture.Read(files.Open()));
    }

    [Fact]
    public void Repair_writes_a_lost_header_and_a_lost_id_again()
    {
        using var files = new JournalFixture();
        var first = files.Leave(1);
        files.Leave(2);
        Flip(first, 3);
        LoseId(files, "?");

        Assert.Equal(2, JournalRepair.Run(files.Root, TextWriter.Null));

        Assert.Equal([1, 2], JournalFixture.Read(files.Open()));
    }

    [Fact]
    public void Repair_puts_a_foreign_segment_aside()
    {
        using var files = new JournalFixture();
        using var others = new JournalFixture();
        files.Leave(1);
        var foreign = Path.Combine(files.Root, "0000000009.seg");
        File.Copy(others.Leave(2), foreign);

        JournalRepair.Run(files.Root, TextWriter.Null);

        Assert.True(File.Exists(foreign + ".damaged"));
        Assert.Equal([1], JournalFixture.Read(files.Open()));
    }

    [Fact]
    public void Repair_changes_nothing_in_a_sound_journal()
    {
        using var files = new JournalFixture();
        files.Leave(1, 2);
        Zero(files.Segments[0], At(1) + 16, 16);
        files.LoseEnds();
        var before = files.Segments.Select(File.ReadAllBytes).ToArray();
        using var said = new StringWriter();

        Assert.Equal(0, JournalRepair.Run(files.Root, said));

        Assert.Equal(before, files.Segments.Select(File.ReadAllBytes));
        Assert.Contains("sound", said.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(files.Root, "*.damaged*"));
    }

    [Theory]
    [InlineData("cut", 0)]
    [InlineData("cut", 2)]
    [InlineData("zeros", 0)]
    [InlineData("zeros", 2)]
    [InlineData("removed", 0)]
    public void Records_that_are_gone_stop_the_start_and_repair_writes_them_down(string loss, int left)
    {
        using var files = new JournalFixture();
        var path = files.Leave(1, 2, 3, 4);
        files.Leave(5, 6);
        Lose(path, loss, At(left));

        var error = Assert.Throws<JournalDamagedException>(() => files.Open());
        Assert.Equal((path, At(left)), (error.Path, error.Offset));
        Assert.Contains($"up to byte {At(4)}", error.Message, StringComparison.Ordinal);
        using var said = new StringWriter();
        Assert.Equal(1, JournalRepair.Run(files.Root, said));

        Assert.Contains($"bytes {At(left)} to {At(4)} given up", said.ToString(), StringComparison.Ordinal);
        Assert.Equal([.. Enumerable.Range(1, left), 5, 6], JournalFixture.Read(files.Open()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Only_records_that_are_not_stored_are_missed(int stored)
    {
        using var files = new JournalFixture();
        var path = files.Leave(1, 2, 3);
        var position = new JournalPosition(1, At(stored));
        File.Delete(path);

        if (stored < 3)
        {
            Assert.Equal(At(stored), Assert.Throws<JournalDamagedException>(() => files.Open(position)).Offset);
            JournalRepair.Run(files.Root, TextWriter.Null, Known(files, position));
        }

        Assert.Empty(JournalFixture.Read(files.Open(position), position));
    }

    [Fact]
    public void Repair_keeps_the_place_where_reading_begins_in_the_middle_of_damage()
    {
        using var files = new JournalFixture();
        var path = files.Leave(1, 2, 3, 4, 5);
        Zero(path, At(1), 3 * FrameSize);
        var stored = new JournalPosition(1, At(2));
        Assert.Throws<JournalDamagedException>(() => files.Open(stored));

        JournalRepair.Run(files.Root, TextWriter.Null, Known(files, stored));

        Assert.Equal([5], JournalFixture.Read(files.Open(stored), stored));
    }

    [Theory]
    [InlineData("0000000009.seg")]
    [InlineData("0000000001.seg")]
    public void A_segment_under_a_wrong_name_gets_its_own_back(string name)
    {
        using var files = new JournalFixture();
        files.Leave(1);
        var path = files.Leave(2, 3);
        var wrong = Path.Combine(files.Root, name);
        var swapped = File.Exists(wrong);
        File.Move(path, path + "2");
        if (swapped)
            File.Move(wrong, path);
        File.Move(path + "2", wrong);
        Assert.Throws<JournalDamagedException>(() => files.Open());

        JournalRepair.Run(files.Root, TextWriter.Null);

        Assert.Equal([1, 2, 3], JournalFixture.Read(files.Open()));
    }

    [Fact]
    public void After_a_start_of_the_machine_lost_records_are_logged()
    {
        var log = new LogLines();
        using var files = new JournalFixture { Log = log.For<ClickJournal>() };
        var path = files.Leave(1, 2, 3);
        Zero(path, At(1), 2 * FrameSize);
        // The id of the machine's start.
        Flip(Path.Combine(files.Root, "journal.ends"), 30);

        Assert.Equal([1], JournalFixture.Read(files.Open()));

        Assert.Equal(1, log.Count($"from byte {At(1)} to byte {At(3)}"));
    }

    [Fact]
    public async Task With_disk_durability_records_that_were_flushed_are_missed_after_a_power_cut()
    {
        using var files = new JournalFixture { Durability = ClickDurability.Disk };
        var path = files.Leave(1, 2);
        Assert.True(files.Last.TryAppend(JournalFixture.Click(3), default, out var last));
        Assert.True(
            await files
                .Last.DurableAsync(last)
                .AsTask()
                .WaitAsync(Patience.Longest, TestContext.Current.CancellationToken)
        );
        Zero(path, At(1), 2 * FrameSize);

        Assert.Equal(At(1), Assert.Throws<JournalDamagedException>(() => files.Open()).Offset);
    }

    [Fact]
    public void A_journal_that_the_store_does_not_know_is_refused()
    {
        using var files = new JournalFixture();
        var known = Guid.NewGuid();

        var gone = Assert.Throws<JournalDamagedException>(() => files.Make().Identify([known]));
        var other = files.Make().Identify();
        var exchanged = Assert.Throws<JournalDamagedException>(() => files.Make().Identify([known]));

        Assert.Contains($"{known}", gone.Message, StringComparison.Ordinal);
        Assert.Contains($"{other}", exchanged.Message, StringComparison.Ordinal);
        JournalRepair.Run(
            files.Root,
            TextWriter.Null,
            new Dictionary<Guid, JournalPosition> { [known] = new(3, 1_000) }
        );
        Assert.NotEqual(known, files.Make().Identify());
        Assert.NotEqual(other, files.Make().Identify());
    }

    [Fact]
    public void Repair_gives_a_journal_its_id_back_that_the_store_knows()
    {
        using var files = new JournalFixture();
        files.Leave(1, 2);
        var id = files.Last.Id;
        LoseId(files, $"{Guid.NewGuid()}");

        JournalRepair.Run(files.Root, TextWriter.Null, new Dictionary<Guid, JournalPosition> { [id] = default });

        Assert.Equal([1, 2], JournalFixture.Read(files.Open()));
        Assert.Equal(id, files.Last.Id);
    }

    private static Dictionary<Guid, JournalPosition> Known(JournalFixture files, JournalPosition stored) =>
        new() { [files.Last.Id] = stored };

    private static void Lose(string path, string how, int from)
    {
        if (how == "cut")
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..from]);
        else if (how == "zeros")
            Zero(path, from, At(4) - from);
        else
            File.Delete(path);
    }

    private static int At(int record) => SegmentHeader.Size + (record * FrameSize);

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 0x10;
        File.WriteAllBytes(path, bytes);
    }

    private static void Zero(string path, int at, int count)
    {
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(at, count).Clear();
        File.WriteAllBytes(path, bytes);
    }

    private static void LoseId(JournalFixture files, string? content)
    {
        var path = Path.Combine(files.Root, "journal.id");
        if (content is null)
            File.Delete(path);
        else
            File.WriteAllText(path, content);
    }
}
