using System.Data.Common;
using Signpost.FaultTests.Running;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>The connection to PostgreSQL is lost while a commit is on its way: nothing is written before it is known whether it happened.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class DoubtTests
{
    private readonly List<string> _happened = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_that_happened_is_known_before_the_next_write()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var proxy = Proxy.Before(url);
        await using var database = TestDatabase.OpenAt(proxy.Url);

        var write = Task.Run(() => AddAsync(database, "first", proxy.Answers.Close), Cancel);
        await Patience.UntilAsync(async () => await CountAsync(url) == 1, "The commit happens");
        proxy.Refuses = true;
        proxy.Cut();
        await Assert.ThrowsAnyAsync<DbException>(() => write.OrFail("The end of the write"));
        proxy.Answers.Open();

        // Nobody knows yet: memory stays as it is, and nothing is written.
        await Assert.ThrowsAnyAsync<DbException>(() => AddAsync(database, "too early"));
        Assert.Empty(_happened);
        Assert.NotNull(database.AwaySince);

        proxy.Refuses = false;
        // Without any write.
        await Patience.UntilAsync(() => Task.FromResult(Happened("doubt first")), "The doubt ends");
        await Patience.UntilAsync(() => TryAddAsync(database, "second"), "A write");

        lock (_happened)
            Assert.Equal(["doubt first", "done second"], _happened);
        Assert.Equal(2, await CountAsync(url));
    }

    [Fact]
    public async Task A_commit_that_is_still_on_its_way_never_happens_later()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var proxy = Proxy.Before(url);
        await using var database = TestDatabase.OpenAt(proxy.Url);

        var write = Task.Run(() => AddAsync(database, "first", proxy.Questions.Close), Cancel);
        await Patience.UntilAsync(() => Task.FromResult(proxy.Questions.Held > 0), "The commit is on its way");
        var old = proxy.LetNewPass();
        proxy.Cut();
        await Assert.ThrowsAnyAsync<DbException>(() => write.OrFail("The end of the write"));
        // The former session was ended, although it could not hear that its client is gone.
        await Patience.UntilAsync(() => TryAddAsync(database, "second"), "A write");
        old.Open();
        await Patience.UntilAsync(() => TryAddAsync(database, "first"), "The write again");

        lock (_happened)
            Assert.Equal(["doubt first", "done second", "done first"], _happened);
        Assert.Equal(2, await CountAsync(url));
    }

    private bool Happened(string what)
    {
        lock (_happened)
            return _happened.Contains(what);
    }

    private void Note(string what)
    {
        lock (_happened)
            _happened.Add(what);
    }

    private Task<int> AddAsync(Database database, string name, Action? beforeCommit = null) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                database.AfterCommit(() => Note($"done {name}"), () => Note($"doubt {name}"));
                var added = connection.Run(
                    transaction,
                    "INSERT INTO kept_settings (name, value) VALUES (@name, '')",
                    ("@name", name)
                );
                beforeCommit?.Invoke();
                return added;
            },
            Cancel
        );

    private async Task<bool> TryAddAsync(Database database, string name)
    {
        try
        {
            return await AddAsync(database, name) == 1;
        }
        catch (DbException error) when (Database.IsAway(error))
        {
            return false;
        }
    }

    private static async Task<long> CountAsync(string url)
    {
        await using var connection = await TestPostgres.OpenAsync(url);
        await using var command = connection.Command(null, "SELECT count(*) FROM kept_settings");
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
