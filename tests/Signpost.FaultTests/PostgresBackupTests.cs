using System.Net.Http.Json;
using System.Text.Json;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Storage;
using Signpost.Storage.Sqlite;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>Backups of a database on PostgreSQL, and restores there, by real processes.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PostgresBackupTests
{
    private const string Former = "https://example.org/former";
    private const int Retired = 25_000;
    private static readonly int Kills = Rounds.Of(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_of_a_busy_server_is_of_one_moment()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var home = await Installation.SeededOnAsync(url, new SeededLink("one"), new SeededLink("two"));
        var ledger = new Ledger(home.Links);
        var backup = Path.Combine(home.Root, "backup.db");
        await using var server = await RunningServer.StartAsync(home, On(url));
        await using (var crowd = Crowd.Gather(server.Endpoint, ledger, visitors: 2))
        {
            await crowd.Begun.OrFail("The first answer", server.Process.Said);
            await Patience.UntilAsync(async () => await server.ClicksAsync(home.Link("one").Id) > 0, "Stored clicks");
            var making = SignpostProcess.RunAsync(home, ["backup", backup], On(url));
            while (!making.IsCompleted)
                await CreateAsync(server);
            var made = await making;
            Assert.True(made.ExitCode == 0, made.ToString());
        }

        ledger.IsOrderly(server);
        ledger.IsAnswered(server);
        var refused = await SignpostProcess.RunAsync(home, ["restore", backup], On(url));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("in use by another Signpost process", Assert.Single(refused.Errors), StringComparison.Ordinal);
        await server.StopAsync();

        var links = AskFile(backup, "SELECT count(*) FROM links");
        Assert.InRange(links, 2, await AskAsync(url, "SELECT count(*) FROM links"));
        Assert.Equal(links, AskFile(backup, "SELECT link_count FROM accounts"));
        Assert.Equal(links, AskFile(backup, "SELECT sum(links) FROM link_groups"));
        Assert.InRange(
            AskFile(backup, "SELECT sum(count) FROM link_counts"),
            1,
            ledger.Tallies.Sum(one => one.Arrived)
        );
        // The salts of visitors are deleted each day, so no file may have them.
        const string Salts = "SELECT count(*) FROM secrets WHERE name LIKE 'visitors/%'";
        Assert.NotEqual(0, await AskAsync(url, Salts));
        Assert.Equal(0, AskFile(backup, Salts));
        Assert.Equal([backup], Directory.GetFiles(home.Root));
    }

    [Fact]
    public async Task A_backup_restores_into_SQLite_and_into_another_PostgreSQL()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var home = await Installation.SeededOnAsync(url, new SeededLink("one"), new SeededLink("two"));
        var one = home.Link("one");
        await using (var server = await RunningServer.StartAsync(home, On(url)))
        {
            using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel);
            Assert.Equal(302, (await visitor.AskAsync(Visitor.Request(one.Path), Cancel)).Status);
            await Patience.UntilAsync(async () => await server.ClicksAsync(one.Id) == 1, "The stored click");
            await server.StopAsync();
        }

        await RunAsync(url, "DELETE FROM links WHERE id = (SELECT max(id) FROM links)");
        var backup = await BackUpAsync(home, url);
        var other = await TestPostgres.NewAsync(isEmpty: true);
        await using var file = Installation.Empty();
        await using var beside = Installation.Empty();

        var intoFile = await SignpostProcess.RunAsync(file, ["restore", backup]);
        var intoServer = await SignpostProcess.RunAsync(beside, ["restore", backup], On(other));

        Assert.True(intoFile.ExitCode == 0, intoFile.ToString());
        Assert.True(intoServer.ExitCode == 0, intoServer.ToString());
        var (kept, sums) = (TableSums.Of(backup), await TableSums.OnServerAsync(url));
        // A server that uses the file indexes the texts of links by a job. Salts and the clock are not kept.
        Assert.Equal(["expiry_clock", "jobs", "secrets"], TableSums.Differences(sums, kept));
        // Each has a new journal.
        Assert.Equal(["journal_positions"], TableSums.Differences(kept, TableSums.Of(file.DatabasePath)));
        Assert.Equal(["jobs", "journal_positions"], TableSums.Differences(kept, await TableSums.OnServerAsync(other)));
        foreach (var (restored, settings) in new[] { (file, Array.Empty<(string, string)>()), (beside, On(other)) })
        {
            await using var server = await RunningServer.StartAsync(restored, settings);
            Assert.Equal(1, await server.ClicksAsync(one.Id));
            Assert.Contains(one.Location, await SearchAsync(server, "on"), StringComparison.Ordinal);
            // Two links were made, of which one is gone.
            Assert.Equal(1_000_003, await CreateAsync(server));
        }
    }

    [Fact]
    public async Task A_restore_into_PostgreSQL_that_is_killed_leaves_the_former_or_the_restored_rows()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var home = await Installation.SeededOnAsync(url, new SeededLink("one"));
        await RunAsync(
            url,
            $"INSERT INTO retired_aliases SELECT 0, 'gone' || n, 'gone' || n, 1, 4000000000000 FROM generate_series(1, {Retired}) AS rows (n)"
        );
        var backup = await BackUpAsync(home, url);
        Assert.False(await RestoreAsync(home, url, backup, KilledCommand.Sends, when: 0));
        var most = KilledCommand.Calls(home);
        Assert.InRange(most, 100, int.MaxValue);
        for (var kill = 0; kill < Kills; kill++)
        {
            await RunAsync(url, $"UPDATE links SET location_url = '{Former}'; DELETE FROM retired_aliases");
            var when = Random.Shared.Next(1, most);
            await RestoreAsync(home, url, backup, KilledCommand.Sends, when);

            await using var database = TestDatabase.OpenAt(url);
            await using var db = database.Read();
            var state = (db.Links.Single().LocationUrl, db.RetiredAliases.Count());
            Assert.True(
                state == (Former, 0) || state == (home.Link("one").Location, Retired),
                $"Killed at {when} of {most}: {state}"
            );
        }

        Assert.False(await RestoreAsync(home, url, backup, KilledCommand.Sends, when: 0));
        await ServesAsync(home, url, home.Link("one").Location);
    }

    [Fact]
    public async Task A_restore_into_PostgreSQL_that_is_killed_after_its_commit_is_finished_by_the_next_command()
    {
        const int MostRenames = 10;
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var home = await Installation.SeededOnAsync(url, new SeededLink("one"));
        var backup = await BackUpAsync(home, url);
        await ServesAsync(home, url, home.Link("one").Location);
        List<(bool IsRestored, bool HasFormerJournal)> seen = [];
        for (var (rename, killed) = (1, true); killed; rename++)
        {
            Assert.InRange(rename, 1, MostRenames);
            await RunAsync(url, $"UPDATE links SET location_url = '{Former}'");
            var journal = await ReadJournalIdAsync(home);

            killed = await RestoreAsync(home, url, backup, KilledCommand.Renames, rename);
            var isRestored = await AskAsync(url, $"SELECT count(*) FROM links WHERE location_url <> '{Former}'") == 1;
            seen.Add((isRestored, await ReadJournalIdAsync(home) == journal));
            var next = await SignpostProcess.RunAsync(home, ["change-case", "status"], On(url));

            Assert.True(next.ExitCode == 0, next.ToString());
            Assert.Equal(isRestored, await ReadJournalIdAsync(home) != journal);
            Assert.Empty(Directory.GetDirectories(home.DataDirectory, "restore*"));
        }

        await ServesAsync(home, url, home.Link("one").Location);
        Assert.Contains((false, true), seen);
        Assert.Contains((true, true), seen);
        Assert.Contains((true, false), seen);
    }

    [Theory]
    [InlineData("'a' || char(0) || 'b'", "a NUL character")]
    [InlineData("CAST(x'61EDA080' AS TEXT)", "half of a character")]
    public async Task A_text_that_PostgreSQL_cannot_hold_is_named_and_nothing_is_changed(string text, string what)
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var home = await Installation.SeededOnAsync(url, new SeededLink("one"));
        await using var bad = await Installation.SeededAsync(new SeededLink("two"), new SeededLink("three"));
        bad.Ask($"UPDATE links SET title = {text} WHERE id = 2");
        var backup = Path.Combine(bad.Root, "backup.db");
        var made = await SignpostProcess.RunAsync(bad, ["backup", backup]);
        Assert.True(made.ExitCode == 0, made.ToString());
        var sums = await TableSums.OnServerAsync(url);

        var restored = await SignpostProcess.RunAsync(home, ["restore", backup], On(url));
        var moved = await SignpostProcess.RunAsync(
            bad,
            ["migrate-database", "--to", await TestPostgres.NewAsync(isEmpty: false)]
        );

        foreach (var refused in (Ended[])[restored, moved])
        {
            Assert.Equal(1, refused.ExitCode);
            var line = Assert.Single(refused.Errors);
            Assert.Contains("table links: the column title of the row \"id\" = 2", line, StringComparison.Ordinal);
            Assert.Contains(what, line, StringComparison.Ordinal);
        }

        Assert.Empty(TableSums.Differences(sums, await TableSums.OnServerAsync(url)));
        Assert.Empty(Directory.GetDirectories(home.DataDirectory, "restore*"));
    }

    [Fact]
    public async Task A_database_without_tables_is_not_backed_up()
    {
        await using var home = Installation.Empty();
        var backup = Path.Combine(home.Root, "backup.db");

        var refused = await SignpostProcess.RunAsync(
            home,
            ["backup", backup],
            On(await TestPostgres.NewAsync(isEmpty: true))
        );

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is empty", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(home.Root));
    }

    private static (string, string)[] On(string url) => [("SIGNPOST_DATABASE_URL", url)];

    private static async Task<string> BackUpAsync(Installation home, string url)
    {
        var backup = Path.Combine(home.Root, "backup.db");
        var made = await SignpostProcess.RunAsync(home, ["backup", backup], On(url));
        Assert.True(made.ExitCode == 0, made.ToString());
        return backup;
    }

    private static Task<bool> RestoreAsync(Installation home, string url, string backup, string calls, int when) =>
        KilledCommand.RunAsync(home, ["restore", backup], On(url), calls, when);

    private static async Task ServesAsync(Installation home, string url, string location)
    {
        await using var server = await RunningServer.StartAsync(home, On(url));
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel);
        Assert.Equal(location, (await visitor.AskAsync(Visitor.Request("/one"), Cancel)).Location);
        await server.StopAsync();
    }

    // Empty: it is on its way to another place.
    private static async Task<string> ReadJournalIdAsync(Installation home)
    {
        var path = Path.Combine(home.JournalPath, "journal.id");
        return File.Exists(path) ? await File.ReadAllTextAsync(path, Cancel) : "";
    }

    private static long AskFile(string file, string sql)
    {
        using var connection = SqliteFile.OpenUnchanged(file);
        using var command = connection.Command(null, sql);
        return (long)command.ExecuteScalar()!;
    }

    private static async Task<long> AskAsync(string url, string sql)
    {
        await using var connection = await TestPostgres.OpenAsync(url);
        await using var command = connection.Command(null, sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task RunAsync(string url, string sql)
    {
        await using var connection = await TestPostgres.OpenAsync(url);
        await using var command = connection.Command(null, sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static Task<string> SearchAsync(RunningServer server, string text) =>
        server.Http.GetStringAsync(new Uri($"/api/links?search={text}", UriKind.Relative), Cancel);

    private static async Task<long> CreateAsync(RunningServer server)
    {
        using var response = await server.Http.PostAsJsonAsync(
            new Uri("/api/links", UriKind.Relative),
            new { location_url = "https://example.org/new" },
            Cancel
        );
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return body.GetProperty("data").GetProperty("id").GetInt64();
    }
}
