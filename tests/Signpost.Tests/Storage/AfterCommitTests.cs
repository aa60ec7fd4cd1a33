using Microsoft.Data.Sqlite;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Storage;

/// <summary>Actions after a commit, and actions when the result of the commit is unknown.</summary>
public sealed class AfterCommitTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-commit-").FullName;
    private readonly LogLines _log = new();
    private readonly List<string> _ran = [];
    private readonly Database _database;

    public AfterCommitTests() =>
        _database = new Database(Path.Combine(_directory, "signpost.db")) { Logger = _log.For<Database>() };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await WriteAsync("CREATE TABLE t (a)");

    [Fact]
    public async Task One_that_throws_fails_no_write_keeps_no_other_from_running_and_is_made_good_at_the_end()
    {
        var changes = await WriteAsync(
            "INSERT INTO t VALUES (1)",
            () =>
            {
                After("first", isBroken: true);
                After("second");
            }
        );

        Assert.Equal(1, changes);
        Assert.Equal(1, Count());
        Assert.Equal(["second", "doubt of first"], _ran);
        Assert.Equal(1, _log.Count("A write is committed"));
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_casts_doubt_on_all()
    {
        using (await _database.LoseAnswersAsync())
            await Assert.ThrowsAsync<SqliteException>(() =>
                WriteAsync(
                    "INSERT INTO t VALUES (1)",
                    () =>
                    {
                        After("first");
                        After("second");
                    }
                )
            );

        Assert.Equal(["doubt of first", "doubt of second"], _ran);
        Assert.Equal(1, Count());
        Assert.Equal(1, await WriteAsync("INSERT INTO t VALUES (2)"));
        Assert.Equal(2, Count());
    }

    [Fact]
    public async Task Nothing_runs_when_the_write_is_rolled_back()
    {
        await Assert.ThrowsAsync<SqliteException>(() =>
            WriteAsync("INSERT INTO nowhere VALUES (1)", () => After("it"))
        );
        await WriteAsync("INSERT INTO t VALUES (1)");

        Assert.Empty(_ran);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private void After(string name, bool isBroken = false) =>
        _database.AfterCommit(
            () => _ran.Add(isBroken ? throw new InvalidOperationException(name) : name),
            () => _ran.Add($"doubt of {name}")
        );

    private Task<int> WriteAsync(string sql, Action? then = null) =>
        _database.WriteRawAsync(
            (connection, transaction) =>
            {
                then?.Invoke();
                using var command = connection.CreateCommand();
                (command.CommandText, command.Transaction) = (sql, transaction);
                return command.ExecuteNonQuery();
            },
            Cancel
        );

    private long Count()
    {
        using var connection = _database.OpenRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM t";
        return (long)command.ExecuteScalar()!;
    }
}
