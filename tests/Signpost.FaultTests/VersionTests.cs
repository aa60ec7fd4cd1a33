using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Signpost.Core.Clicks;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;

namespace Signpost.FaultTests;

/// <summary>A data directory of another version is upgraded, or the error names it and nothing in it changes.</summary>
public sealed class VersionTests
{
    private const string Earlier = "20261126235802_Jobs";
    private const string Newer = "99990101000000_Tomorrow";

    public static TheoryData<string, string, string[]> Strangers =>
        new()
        {
            { Earlier, "an earlier development version", ["--urls", "http://127.0.0.1:0"] },
            { Newer, "a newer version", ["--urls", "http://127.0.0.1:0"] },
            { Earlier, "an earlier development version", ["backup", "copy.db"] },
            { Newer, "a newer version", ["create-key", Installation.AdminEmail] },
            { Earlier, "an earlier development version", ["reset-password", Installation.AdminEmail] },
        };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_directory_of_an_unknown_version_is_named_and_not_touched(
        string id,
        string version,
        string[] command
    )
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using (var server = await RunningServer.StartAsync(home))
            await server.StopAsync();
        home.Ask(Rename(id));
        // As in a restored backup: opening it for writing would change its header.
        if (id == Newer)
            home.Ask("PRAGMA journal_mode=DELETE");
        var before = Contents(home.Root);

        var ended = await SignpostProcess.RunAsync(home, command, input: "correct horse battery staple");

        IsRefused(ended, home.DatabasePath, id, version);
        Assert.Equal(before, Contents(home.Root));
    }

    [Fact]
    public async Task What_a_killed_server_of_an_unknown_version_left_is_not_touched()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using (var server = await RunningServer.StartAsync(home))
        {
            home.Ask(Rename(Earlier));
            await server.KillAsync();
        }
        Assert.True(new FileInfo(home.DatabasePath + "-wal").Length > 0, "The history is in the log.");
        var before = Contents(home.Root);

        var ended = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);

        IsRefused(ended, home.DatabasePath, Earlier, "an earlier development version");
        Assert.Equal(before, Contents(home.Root));
    }

    [Fact]
    public async Task A_backup_of_an_unknown_version_is_not_restored()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var backup = Path.Combine(home.Root, "backup.db");
        var made = await SignpostProcess.RunAsync(home, ["backup", backup]);
        Assert.True(made.ExitCode == 0, made.ToString());
        await using (var connection = Open(backup))
            Execute(connection, Rename(Newer));
        var before = Contents(home.Root);

        var ended = await SignpostProcess.RunAsync(home, ["restore", backup]);

        IsRefused(ended, backup, Newer, "a newer version");
        Assert.Equal(before, Contents(home.Root));
    }

    /// <remarks>
    /// <c>Running/previous.sql</c> is the schema of the issue before. To renew it, type this at that issue's last commit:
    /// <c>dotnet ef migrations script --project src/Signpost -o tests/Signpost.FaultTests/Running/previous.sql</c>.
    /// </remarks>
    [Fact]
    public async Task A_directory_of_the_previous_issue_is_taken_over()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = Installation.Empty();
        Directory.CreateDirectory(home.DataDirectory);
        await using (var connection = Open(home.DatabasePath))
        {
            Execute(connection, await PreviousSchemaAsync(cancel));
            Execute(connection, PreviousRows());
        }

        await using var server = await RunningServer.StartAsync(home);

        Assert.Equal(41, await server.ClicksAsync(7));
        Assert.Equal("1 3 9", home.Ask("SELECT link_count || ' ' || picture_bytes || ' ' || kept_bytes FROM accounts"));
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        var answer = await visitor.AskAsync(Visitor.Request("/Kept"), cancel);
        Assert.Equal((302, "https://example.org/kept"), (answer.Status, answer.Location));
        Assert.Equal(42, await server.ClicksAsync(7));
        await server.StopAsync();
        Assert.Equal(42, home.StoredClicks(7));
    }

    private static void IsRefused(Ended ended, string file, string id, string version)
    {
        Assert.True(ended.ExitCode == 1, ended.ToString());
        var line = Assert.Single(ended.Errors);
        Assert.Contains($"The database {file} was made by {version}", line, StringComparison.Ordinal);
        Assert.Contains($"'{id}'", line, StringComparison.Ordinal);
        Assert.Contains("restore a backup of this version", line, StringComparison.Ordinal);
    }

    // Gives one entry of the history an id that this program does not know.
    private static string Rename(string id) =>
        $"UPDATE __EFMigrationsHistory SET MigrationId = '{id}' WHERE MigrationId IN (SELECT min(MigrationId) FROM __EFMigrationsHistory)";

    /// <summary>
    /// Each file with the hash of its bytes. The index of the log is left out, because SQLite rebuilds it for each first reader.
    /// </summary>
    private static string[] Contents(string directory) =>
        [
            .. Directory
                .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
                .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal) || !File.Exists(file[..^4] + "-wal"))
                .Order(StringComparer.Ordinal)
                .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
        ];

    private static async Task<string> PreviousSchemaAsync(CancellationToken cancel)
    {
        await using var stream = typeof(VersionTests).Assembly.GetManifestResourceStream("previous.sql")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancel);
    }

    // Plain SQL: the classes of today's rows may have columns that the previous schema has not.
    private static string PreviousRows() =>
        $"""
            INSERT INTO accounts (id, time_zone, created_at) VALUES (3, 'UTC', 0);
            INSERT INTO people (account_id, email, normalized_email, security_stamp, two_factor_enabled, is_admin, is_disabled)
            VALUES (3, 'ada@example.org', 'ADA@EXAMPLE.ORG', 'old', 0, 1, 0);
            INSERT INTO api_keys (account_id, name, prefix, hash, is_from_settings, created_at)
            VALUES (3, 'Old', 'sp_fault', X'{Convert.ToHexString(
                SHA256.HashData(Encoding.UTF8.GetBytes(Installation.ApiKey))
            )}', 0, 0);
            INSERT INTO links (id, account_id, domain_id, alias, alias_key, location_url, is_enabled, position, schedule,
                http_status_code, sensitive_content, app_linking_is_enabled, cloaking_is_enabled,
                forward_query_parameters_is_enabled, version, created_at, updated_at)
            VALUES (7, 3, 0, 'Kept', 'kept', 'https://example.org/kept', 1, 0, 0, 302, 0, 0, 0, 0, 1, 0, 0);
            INSERT INTO files (name, account_id, link_id, content_type, content, created_at)
            VALUES ('one.png', 3, 7, 'image/png', X'010203', 0);
            INSERT INTO kept_answers (account_id, key, path, meaning, status, body, created_at)
            VALUES (3, 'k', '/api/x', X'00', 200, X'010203', 0);
            INSERT INTO link_counts (link_id, kind, count) VALUES (7, {(byte)ClickKind.Person}, 41);
            """;

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString()
        );
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
