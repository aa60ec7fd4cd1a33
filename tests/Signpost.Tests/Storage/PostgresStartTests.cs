using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Signpost.Hosting;
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
                catch (DbException error) when (Database.IsAway(error))
                {
                    return false;
                }
            },
            "the database takes a write again"
        );

        await using var beside = Database.Open(AddressOf(url), path: "", isBeside: true);
        Assert.False(beside.IsAlone);
    }

    [Fact]
    public async Task Too_many_reads_at_once_do_not_make_the_database_away()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var database = TestDatabase.OpenAt(url);
        List<DbConnection> held = [];
        try
        {
            var error = Assert.ThrowsAny<DbException>(UseUp);
            await using var db = database.Read();
            var other = await Assert.ThrowsAnyAsync<Exception>(() => db.People.AnyAsync(Cancel));

            Assert.True(Database.IsAway(error));
            Assert.True(Database.IsAway(other));
            Assert.Contains("are in use", database.Explain(error).Message, StringComparison.Ordinal);
            Assert.Null(database.AwaySince);
            await using var own = database.OpenOwnRead();
            Assert.Equal(1, await AddAsync(database, "meanwhile"));
        }
        finally
        {
            held.ForEach(one => one.Dispose());
        }

        void UseUp()
        {
            while (true)
                held.Add(database.OpenRead());
        }
    }

    [Fact]
    public async Task While_another_session_has_the_lock_no_write_waits()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var database = TestDatabase.OpenAt(url);
        await Schema.ApplyAsync(database, Cancel);
        await using (var other = await TestPostgres.OpenAsync(url))
        {
            await RunAsync(other, EndWriter);
            await RunAsync(other, $"SELECT pg_advisory_lock({0x5369676E706F7374})");
            await RefusedAsync(database, "Another Signpost server uses");

            // Ten seconds each would take longer than anybody waits here.
            var errors = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => FailAsync(database)))
                .OrFail("all writes are refused");

            Assert.All(errors, error => Assert.True(Database.IsAway(error)));
            Assert.NotNull(database.Refused);
            await using var reading = database.OpenRead();
        }

        await Patience.UntilAsync(async () => await FailAsync(database) is null, "the database takes a write again");
    }

    [Fact]
    public async Task A_server_ends_when_another_process_has_used_its_database()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var database = TestDatabase.OpenAt(url);
        await Schema.ApplyAsync(database, Cancel);
        var ends = 0;
        database.WhenEnded = () => ends++;
        await RunAsync(url, EndWriter);
        await using (var other = TestDatabase.OpenAt(url))
            await Schema.ApplyAsync(other, Cancel);

        await RefusedAsync(database, "while the connection was lost, so this server ends");

        Assert.NotNull(await FailAsync(database));
        Assert.Equal(1, ends);
        await using var next = TestDatabase.OpenAt(url);
        Assert.True(next.IsAlone);
    }

    [Fact]
    public async Task A_client_that_leaves_does_not_end_the_connection_that_writes()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var database = TestDatabase.OpenAt(url);
        var before = await SessionAsync(database);
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var write = database.WriteAsync(
            db => db.Database.ExecuteSqlRawAsync("SELECT pg_sleep(600)", leaves.Token),
            leaves.Token
        );
        await using var watching = await TestPostgres.OpenAsync(url);
        await using var sleeping = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
            watching
        );
        await Patience.UntilAsync(async () => await sleeping.ExecuteScalarAsync(Cancel) is 1L, "the statement runs");

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        Assert.Equal(before, await SessionAsync(database));
    }

    [Fact]
    public async Task An_empty_database_is_refused_beside_a_journal()
    {
        var url = await TestPostgres.NewAsync(isEmpty: true);
        var path = Directory.CreateTempSubdirectory("signpost-").FullName;
        using (var directory = DataDirectory.Open(path))
        {
            await using var database = TestDatabase.OpenAt(url);
            Directory.CreateDirectory(directory.JournalPath);
            directory.RequireTables(database);
            await File.WriteAllTextAsync(Path.Combine(directory.JournalPath, "id"), "", Cancel);
            var error = Assert.Throws<StartException>(() => directory.RequireTables(database));
            await Schema.ApplyAsync(database, Cancel);

            Assert.Contains("migrate-database", error.Message, StringComparison.Ordinal);
            directory.RequireTables(database);
        }

        Directory.Delete(path, recursive: true);
    }

    private const string EndWriter =
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'signpost'";

    private static Task<int> SessionAsync(Database database) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                using var command = connection.Command(transaction, "SELECT pg_backend_pid()");
                return (int)command.ExecuteScalar()!;
            },
            Cancel
        );

    // The first write may only find out that the connection is lost.
    private static Task RefusedAsync(Database database, string why) =>
        Patience.UntilAsync(
            async () => (await FailAsync(database))?.Message.Contains(why, StringComparison.Ordinal) is true,
            why
        );

    private static async Task<DbException?> FailAsync(Database database)
    {
        try
        {
            await SessionAsync(database);
            return null;
        }
        catch (DbException error)
        {
            return error;
        }
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
        await RunAsync(connection, sql);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
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
