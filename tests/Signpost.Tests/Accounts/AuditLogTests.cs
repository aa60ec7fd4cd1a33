using Signpost.Accounts.Audit;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Accounts;

/// <summary>Entries that the audit log keeps, drops and deletes.</summary>
public sealed class AuditLogTests : IAsyncLifetime
{
    private const string Missing = "missing from the audit log";

    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-audit-").FullName;
    private readonly ManualClock _clock = new();
    private readonly LogLines _lines = new();
    private readonly Database _database;
    private readonly AuditLog _log;

    public AuditLogTests()
    {
        _database = TestDatabase.Open(_directory);
        _log = new AuditLog(_database, _clock, new(_clock), _lines.For<AuditLog>());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Schema.ApplyAsync(_database, Cancel);

    [Fact]
    public async Task Dropped_entries_are_counted_and_logged_once_a_minute()
    {
        for (var line = 0; line < 1_024 + 10; line++)
            AddLater();
        Assert.Equal(10, _log.Dropped);
        Assert.Equal(1, _lines.Count(Missing));

        _clock.Advance(TimeSpan.FromMinutes(1));
        AddLater();
        Assert.Equal(11, _log.Dropped);
        Assert.Equal(2, _lines.Count(Missing));

        await _log.StartAsync(Cancel);
        await Patience.UntilAsync(async () => await _log.CountAsync(default, Cancel) >= 1_024, "Writing all lines");
        await _log.StopAsync(Cancel);
        Assert.Equal(11, _log.Dropped);
    }

    [Fact]
    public async Task Entries_that_could_not_be_written_are_counted()
    {
        await _database.WriteRawAsync(
            (connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                (command.CommandText, command.Transaction) = ("DROP TABLE audit_log", transaction);
                return command.ExecuteNonQuery();
            },
            Cancel
        );
        await _log.StartAsync(Cancel);

        AddLater();

        await Patience.UntilAsync(() => Task.FromResult(_log.Dropped > 0), "The count of a lost line");
        Assert.Equal(1, _log.Dropped);
        await _log.StopAsync(Cancel);
    }

    [Fact]
    public async Task Old_lines_go_each_day()
    {
        await AddAsync(401);
        await AddAsync(399.5);
        await _log.StartAsync(Cancel);
        await Patience.UntilAsync(async () => await _log.CountAsync(default, Cancel) != 2, "Deleting the first line");
        Assert.Equal(1, await _log.CountAsync(default, Cancel));

        _clock.Advance(TimeSpan.FromDays(1));

        await Patience.UntilAsync(async () => await _log.CountAsync(default, Cancel) != 1, "Deleting the second line");
        await _log.StopAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        await TestDatabase.EndAsync(_database, _directory);
    }

    private void AddLater() => _log.AddLater(new("test", null, null, null));

    private Task<int> AddAsync(double daysAgo) =>
        _database.WriteAsync(
            db =>
            {
                db.AuditEntries.Add(
                    new()
                    {
                        At = (_clock.GetUtcNow() - TimeSpan.FromDays(daysAgo)).ToUnixTimeMilliseconds(),
                        Event = "test",
                    }
                );
                return db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
}
