using Npgsql;
using Signpost.Storage;
using Signpost.Storage.Postgres;
using Signpost.Testing;

namespace Signpost.Tests.Storage;

/// <summary>A real PostgreSQL that cannot be used is refused in one line, and a lost connection is replaced.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PostgresStartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_is_not_there_is_named()
    {
        var url = await TestPostgres.NewAsync(isEmpty: true);

        Refused($"{url}_gone", "There is no database signpost_");
        Refused("postgres://signpost@127.0.0.1:1/signpost", "cannot be reached: Connection refused");
        Refused(url.Replace("signpost@", "stranger@", StringComparison.Ordinal), "refuses the user stranger");
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_not_shown()
    {
        var url = await TestPostgres.NewAsync(isEmpty: true);
        await RunAsync(url, "CREATE ROLE guarded LOGIN PASSWORD 'right-horse'");
        string With(string user) => url.Replace("signpost@", $"{user}@", StringComparison.Ordinal);

        Refused(With("guarded:wrong-horse"), "refuses the user guarded: password authentication failed");
        Refused(With("guarded"), "No password has been provided");
        await using var database = TestDatabase.OpenAt(With("guarded:right-horse"));
        Assert.True(database.IsAlone);
    }

    [Fact]
    public async Task An_old_server_is_refused()
    {
        using var old = new OldServer(await TestPostgres.NewAsync(isEmpty: true), "14");
        using var same = new OldServer(await TestPostgres.NewAsync(isEmpty: true), "15");

        Refused(old.Url, "is PostgreSQL 14. Signpost needs 15 or later.");
        await using var database = TestDatabase.OpenAt(same.Url);
    }

    [Fact]
    public async Task A_replica_is_refused() =>
        Refused(await TestPostgres.StandbyAsync(), "is read-only: it is a replica");

    [Fact]
    public async Task A_pooler_must_keep_sessions()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var transactions = await Pooler.StartAsync("transaction", url);
        await using var sessions = await Pooler.StartAsync("session", url);

        Refused(transactions.Url, "is a pooler that gives each transaction another connection");
        await using var database = TestDatabase.OpenAt(sessions.Url);
        Assert.Equal(1, await AddAsync(database, "behind a pooler"));
    }

    [Fact]
    public async Task A_database_that_only_reads_is_refused()
    {
        var url = await TestPostgres.NewAsync(isEmpty: true);
        await RunAsync(url, $"ALTER DATABASE {NameOf(url)} SET default_transaction_read_only = on");

        Refused(url, "is read-only");
    }

    [Fact]
    public async Task A_user_without_rights_is_refused()
    {
        var url = await TestPostgres.NewAsync(isEmpty: true);
        var user = $"guest_{NameOf(url)}";
        await RunAsync(url, $"CREATE ROLE {user} LOGIN");

        await using var database = TestDatabase.OpenAt(url.Replace("signpost@", $"{user}@", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<DatabaseAwayException>(() => Schema.ApplyAsync(database, Cancel));

        Assert.Contains("Make the user the owner of the database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_database_is_refused_and_not_changed()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await RunAsync(url, """INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '99')""");

        var error = Assert.Throws<DatabaseDamagedException>(() => TestDatabase.OpenAt(url));

        Assert.Contains("was made by a newer version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_server_has_the_lock()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var first = TestDatabase.OpenAt(url);
        await using var beside = Database.Open(AddressOf(url), path: "", isBeside: true);

        Assert.True(first.IsAlone);
        Assert.False(beside.IsAlone);
    }

    [Fact]
    public async Task A_lost_connection_is_opened_again_with_its_lock()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var database = TestDatabase.OpenAt(url);
        Assert.Equal(1, await AddAsync(database, "before"));

        await RunAsync(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        );
        await Patience.UntilAsync(
            async () =>
            {
                try
                {
                    return await AddAsync(database, "after") == 1;
                }
                catch (System.Data.Common.DbException error) when (Database.IsAway(error))
                {
                    return false;
                }
            },
            "the database takes a write again"
        );

        await using var beside = Database.Open(AddressOf(url), path: "", isBeside: true);
        Assert.False(beside.IsAlone);
    }

    private static Task<int> AddAsync(Database database, string name) =>
        database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "INSERT INTO kept_settings (name, value) VALUES (@name, '')",
                    ("@name", name)
                ),
            Cancel
        );

    private static void Refused(string url, string why)
    {
        var error = Assert.Throws<DatabaseAwayException>(() => TestDatabase.OpenAt(url));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static async Task RunAsync(string url, string sql)
    {
        await using var connection = await TestPostgres.OpenAsync(url);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static PostgresAddress AddressOf(string url)
    {
        Assert.True(PostgresAddress.TryParse(url, out var address));
        return address;
    }

    private static string NameOf(string url) => new Uri(url).AbsolutePath.Trim('/');
}
