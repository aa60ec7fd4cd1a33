using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Storage;

/// <summary>The log of the database is moved into the database beside the writes.</summary>
public sealed class CheckpointTests : IAsyncLifetime
{
    private const int Megabyte = 1 << 20;
    private const int Written = 6 * Megabyte;
    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-log-").FullName;
    private Database _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await EmptyDatabase.PutAsync(_directory);
        _database = new(Path.Combine(_directory, "signpost.db"));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_commit_leaves_its_pages_in_the_log_and_they_are_moved_after_it()
    {
        var before = Length("signpost.db");
        var atCommit = 0L;

        await WriteAsync(() => atCommit = Length("signpost.db"));
        await _database.CatchUpAsync(Cancel).OrFail("The checkpoint");

        Assert.InRange(atCommit, before, before + Megabyte);
        Assert.True(Length("signpost.db") >= before + Written);
    }

    [Fact]
    public async Task The_log_begins_again_for_those_who_wait_also_while_others_read()
    {
        for (var i = 0; i < 4; i++)
        {
            await using var reader = _database.Read();
            Assert.Empty(reader.Links);
            await WriteAsync(() => { });
            await _database.CatchUpAsync(Cancel).OrFail("The checkpoint");
        }

        Assert.InRange(Length("signpost.db-wal"), Written, 2 * Written);
    }

    [Fact]
    public async Task A_reader_of_a_former_moment_keeps_its_moment()
    {
        await using var connection = _database.OpenRead();
        await using var snapshot = Database.BeginSnapshot(connection);
        Assert.Equal(0L, Count());
        for (var i = 0; i < 3; i++)
        {
            await WriteAsync(() => { });
            await _database.CatchUpAsync(Cancel).OrFail("The checkpoint");
        }

        Assert.Equal(0L, Count());

        long Count()
        {
            using var command = connection.Command(
                snapshot,
                "SELECT count(*) FROM kept_settings WHERE name LIKE 'filled %'"
            );
            return (long)command.ExecuteScalar()!;
        }
    }

    private Task<int> WriteAsync(Action afterCommit) =>
        _database.WriteRawAsync(
            (connection, transaction) =>
            {
                _database.AfterCommit(afterCommit);
                return connection.Run(
                    transaction,
                    "INSERT INTO kept_settings (name, value) VALUES (@name, @value)",
                    ("@name", $"filled {Guid.NewGuid()}"),
                    ("@value", new string('x', Written))
                );
            },
            Cancel
        );

    private long Length(string file) => new FileInfo(Path.Combine(_directory, file)).Length;
}
