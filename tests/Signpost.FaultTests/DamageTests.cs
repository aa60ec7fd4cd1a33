using Signpost.Core.Clicks;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>An error names the file and place of the damage, no data is dropped silently, and the user can recover.</summary>
public sealed class DamageTests
{
    private const int Clicks = 600;

    [Fact]
    public async Task A_damaged_journal_is_named_and_repaired_without_losing_a_readable_click()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var segment = await LeaveClicksBehindAsync(home);
        var damaged = OffsetOf(segment, 400);
        Overwrite(segment, damaged + 20, [0xBA, 0xD0]);
        var before = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);

        var refused = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);

        Assert.Equal(1, refused.ExitCode);
        var line = Assert.Single(refused.Errors);
        Assert.Contains($"{segment}, byte {damaged}", line, StringComparison.Ordinal);
        Assert.Contains("repair-journal", line, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken));

        var repaired = await SignpostProcess.RunAsync(home, ["repair-journal"]);

        Assert.True(repaired.ExitCode == 0, repaired.ToString());
        Assert.Contains(repaired.Output, said => said.Contains(segment + ".damaged", StringComparison.Ordinal));
        Assert.Equal(before, await File.ReadAllBytesAsync(segment + ".damaged", TestContext.Current.CancellationToken));
        await using var server = await RunningServer.StartAsync(home);
        Assert.Equal(Clicks - 1, await server.ClicksAsync(home.Link("one").Id));
        await server.StopAsync();
        Assert.Equal(Clicks - 1, home.StoredClicks(home.Link("one").Id));
    }

    [Fact]
    public async Task A_torn_record_at_the_end_is_no_damage()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var segment = await LeaveClicksBehindAsync(home);
        Overwrite(segment, OffsetOf(segment, Clicks) - 12, new byte[12]);
        // The end of a record that was not finished is not in it.
        File.Delete(Path.Combine(home.JournalPath, "journal.ends"));

        await using var server = await RunningServer.StartAsync(home);

        Assert.Equal(Clicks - 1, await server.ClicksAsync(home.Link("one").Id));
        Assert.Empty(server.Process.Errors.Lines);
        await server.StopAsync();
    }

    [Fact]
    public async Task A_journal_without_its_id_is_named_and_repaired()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await LeaveClicksBehindAsync(home);
        var id = Path.Combine(home.JournalPath, "journal.id");
        File.Delete(id);

        var refused = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);
        var repaired = await SignpostProcess.RunAsync(home, ["repair-journal"]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(id, Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.True(repaired.ExitCode == 0, repaired.ToString());
        await using var server = await RunningServer.StartAsync(home);
        Assert.Equal(Clicks, await server.ClicksAsync(home.Link("one").Id));
    }

    [Theory]
    [InlineData("cut", 0)]
    [InlineData("cut", 400)]
    [InlineData("zeros", 400)]
    [InlineData("removed", 0)]
    [InlineData("renamed", Clicks)]
    [InlineData("other id", Clicks)]
    [InlineData("no journal", 0)]
    public async Task Clicks_that_are_gone_are_named_and_repair_keeps_the_others(string loss, int left)
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var segment = await LeaveClicksBehindAsync(home);
        var named = Lose(home, segment, loss, left);

        var refused = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);
        var repaired = await SignpostProcess.RunAsync(home, ["repair-journal"]);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains($"{named}, byte ", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.True(repaired.ExitCode == 0, repaired.ToString());
        await using var server = await RunningServer.StartAsync(home);
        Assert.Equal(left, await server.ClicksAsync(home.Link("one").Id));
        await server.StopAsync();
        Assert.Equal(left, home.StoredClicks(home.Link("one").Id));
    }

    [Fact]
    public async Task A_database_with_an_overwritten_header_is_named()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        Overwrite(home.DatabasePath, 0, "Nothing to see here"u8);

        await IsRefusedAsync(home, "byte 0");
    }

    [Fact]
    public async Task A_database_that_was_cut_short_is_named()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var half = new FileInfo(home.DatabasePath).Length / 2;
        CutTo(home.DatabasePath, half);

        await IsRefusedAsync(home, $"byte {half}");
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(8192)]
    public async Task A_database_that_was_cut_short_beside_its_log_is_named(long length)
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await LeaveClicksBehindAsync(home, stored: true);
        CutTo(home.DatabasePath, length);

        await IsRefusedAsync(home, "is damaged at byte");
    }

    [Fact]
    public async Task A_database_with_an_overwritten_first_page_is_named()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        Overwrite(home.DatabasePath, 100, Enumerable.Repeat((byte)0xBA, 3000).ToArray());

        await IsRefusedAsync(home, "is damaged at byte");
    }

    private static async Task IsRefusedAsync(Installation home, string place)
    {
        var before = await File.ReadAllBytesAsync(home.DatabasePath, TestContext.Current.CancellationToken);

        var refused = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        var line = Assert.Single(refused.Errors);
        Assert.Contains(home.DatabasePath, line, StringComparison.Ordinal);
        Assert.Contains(place, line, StringComparison.Ordinal);
        Assert.Contains("restore FILE", line, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(home.DatabasePath, TestContext.Current.CancellationToken));
    }

    /// <summary>Kills a server that has or has not stored its clicks; returns the segment that holds them.</summary>
    private static async Task<string> LeaveClicksBehindAsync(Installation home, bool stored = false)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var server = await RunningServer.StartAsync(home);
        using (stored ? null : home.HoldDatabase())
        {
            using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
            for (var i = 0; i < Clicks; i++)
                Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/one"), cancel)).Status);
            if (stored)
                await Patience.UntilAsync(
                    async () => (await server.ReadinessAsync()).JournalBytes == 0,
                    "Storing all clicks",
                    server.Process.Said
                );
            await server.KillAsync();
        }

        return Directory.EnumerateFiles(home.JournalPath, "*.seg").Order(StringComparer.Ordinal).First();
    }

    /// <summary>Loses all clicks but the first; returns the path that the error must name.</summary>
    private static string Lose(Installation home, string segment, string how, int left)
    {
        var id = Path.Combine(home.JournalPath, "journal.id");
        var renamed = Path.Combine(home.JournalPath, "0000000077.seg");
        switch (how)
        {
            case "cut":
                CutTo(segment, OffsetOf(segment, left));
                return segment;
            case "zeros":
                var from = OffsetOf(segment, left);
                Overwrite(segment, from, new byte[OffsetOf(segment, Clicks) - from]);
                return segment;
            case "removed":
                File.Delete(segment);
                return segment;
            case "renamed":
                File.Move(segment, renamed);
                return renamed;
            case "other id":
                File.WriteAllText(id, $"{Guid.NewGuid()}\n");
                return id;
            default:
                Directory.Delete(home.JournalPath, recursive: true);
                return id;
        }
    }

    private static void Overwrite(string path, long offset, ReadOnlySpan<byte> bytes)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, bytes, offset);
    }

    private static void CutTo(string path, long length)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.SetLength(file, length);
    }

    // Each record begins with its payload's length.
    private static int OffsetOf(string segment, int record)
    {
        var bytes = File.ReadAllBytes(segment);
        var offset = SegmentHeader.Size;
        for (var before = 0; before < record; before++)
            offset += JournalFrame.SizeOf(BitConverter.ToInt32(bytes, offset));
        return offset;
    }
}
