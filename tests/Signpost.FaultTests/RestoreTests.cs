using System.Net;
using System.Text.Json;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;

namespace Signpost.FaultTests;

/// <summary>A restore is done wholly or not at all, and no id is given twice.</summary>
public sealed class RestoreTests
{
    private const string Former = "https://example.org/former";
    private const int MostRenames = 40;

    [Fact]
    public async Task A_restore_killed_at_any_rename_leaves_the_former_or_the_restored_data()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var backup = await BackUpAsync(home);
        List<string?> seen = [];
        for (var rename = 1; ; rename++)
        {
            Assert.InRange(rename, 1, MostRenames);
            home.Ask($"UPDATE links SET location_url = '{Former}'");
            var killed = await KilledCommand.RunAsync(home, ["restore", backup], [], KilledCommand.Renames, rename);
            await using var server = await RunningServer.StartAsync(home);
            using var visitor = await Visitor.ConnectOrFailAsync(
                server.Endpoint,
                TestContext.Current.CancellationToken
            );
            var answer = await visitor.AskAsync(Visitor.Request("/one"), TestContext.Current.CancellationToken);
            await server.StopAsync();
            Assert.Contains(answer.Location, new[] { Former, home.Link("one").Location });
            if (!killed)
                break;
            seen.Add(answer.Location);
        }

        Assert.Contains(Former, seen);
        Assert.Contains(home.Link("one").Location, seen);
        Assert.Empty(Directory.GetDirectories(home.DataDirectory, "restore*"));
    }

    [Fact]
    public async Task After_a_restore_no_id_is_given_again()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var backup = await BackUpAsync(home);
        long last;
        await using (var server = await RunningServer.StartAsync(home))
        {
            await CreateLinkAsync(server);
            last = await CreateLinkAsync(server);
            await server.StopAsync();
        }

        var journal = await ReadJournalIdAsync(home);
        Assert.Equal(0, (await SignpostProcess.RunAsync(home, ["restore", backup])).ExitCode);

        await using var again = await RunningServer.StartAsync(home);
        Assert.Equal(last + 1_000_001, await CreateLinkAsync(again));
        Assert.NotEqual(journal, await ReadJournalIdAsync(home));
        await again.StopAsync();
        Assert.Equal(
            3L,
            home.Ask(
                "SELECT count(*) FROM sqlite_sequence WHERE name IN ('links', 'accounts', 'domains') AND seq >= 1000000"
            )
        );
    }

    [Fact]
    public async Task A_start_without_the_database_beside_its_journal_is_refused()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var backup = await BackUpAsync(home);
        await using (var server = await RunningServer.StartAsync(home))
            await server.StopAsync();
        File.Delete(home.DatabasePath);

        var refused = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);
        var key = await SignpostProcess.RunAsync(home, ["create-key", Installation.AdminEmail]);

        Assert.Equal(1, refused.ExitCode);
        var line = Assert.Single(refused.Errors);
        Assert.Contains($"There is no database {home.DatabasePath}", line, StringComparison.Ordinal);
        Assert.Contains(home.JournalPath, line, StringComparison.Ordinal);
        Assert.Equal(line, Assert.Single(key.Errors));
        Assert.False(File.Exists(home.DatabasePath));

        Directory.Delete(home.JournalPath, recursive: true);
        Directory.CreateDirectory(Path.Combine(home.DataDirectory, "before-restore-20260101000000"));
        var beside = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);
        Assert.Contains("before-restore-20260101000000", Assert.Single(beside.Errors), StringComparison.Ordinal);
        Assert.Equal(0, (await SignpostProcess.RunAsync(home, ["restore", backup])).ExitCode);
        Assert.Equal(1L, home.Ask("SELECT count(*) FROM links"));
    }

    [Fact]
    public async Task A_backup_is_done_when_its_name_is_on_the_disk()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var log = Path.Combine(home.Root, "strace.log");
        await using var backup = SignpostProcess.Start(
            home,
            ["backup", Path.Combine(home.Root, "backup.db")],
            [],
            ["strace", "-D", "-f", "-y", "-o", log, "-e", "trace=/^(rename|fsync|write).*"]
        );

        Assert.Equal(0, (await backup.EndAsync()).ExitCode);

        var calls = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
        var named = Array.FindIndex(calls, call => call.Contains("backup.db.partial\", ", StringComparison.Ordinal));
        var flushed = Array.FindIndex(calls, named, call => call.Contains($"<{home.Root}>)", StringComparison.Ordinal));
        var said = Array.FindIndex(calls, call => call.Contains("Backed up to", StringComparison.Ordinal));
        Assert.InRange(named, 0, flushed - 1);
        Assert.InRange(flushed, named, said - 1);
    }

    private static async Task<string> BackUpAsync(Installation home)
    {
        var backup = Path.Combine(home.Root, "backup.db");
        var made = await SignpostProcess.RunAsync(home, ["backup", backup]);
        Assert.True(made.ExitCode == 0, made.ToString());
        return backup;
    }

    private static Task<string> ReadJournalIdAsync(Installation home) =>
        File.ReadAllTextAsync(Path.Combine(home.JournalPath, "journal.id"), TestContext.Current.CancellationToken);

    private static async Task<long> CreateLinkAsync(RunningServer server)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var form = new FormUrlEncodedContent([new("location_url", "https://example.org/more")]);
        using var answer = await server.Http.PostAsync("/api/links", form, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        Assert.True(answer.StatusCode is HttpStatusCode.Created, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("data").GetProperty("id").GetInt64();
    }
}
