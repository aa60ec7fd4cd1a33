using System.Data.Common;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Accounts.Audit;

/// <summary>One line of the audit log.</summary>
/// <param name="AccountId">The account that the event concerns; null: no existing account.</param>
/// <param name="ActorId">The person who caused it; null: nobody was signed in, or it came from the server's terminal.</param>
/// <param name="Network">The shortened address of the request; null: the server itself.</param>
internal readonly record struct AuditLine(
    string Event,
    long? AccountId,
    long? ActorId,
    string? Network,
    string? Detail = null
)
{
    /// <summary>The entry for an action of a caller.</summary>
    public static AuditLine By(Caller caller, string what, long? accountId, string? detail = null) =>
        new(what, accountId, caller.PersonId, caller.Origin.Network, detail);
}

/// <summary>Parts of lines that not everybody may see.</summary>
internal static class AuditLines
{
    /// <summary>
    /// The line as a person reads it in their own account: an admin of the server who caused it is not named, and the network is not told.
    /// </summary>
    public static AuditEntry SeenBy(this AuditEntry entry, long personId) =>
        entry.ActorId is null || entry.ActorId == personId
            ? entry
            : new()
            {
                Id = entry.Id,
                At = entry.At,
                Event = entry.Event,
                AccountId = entry.AccountId,
                Detail = entry.Detail,
            };
}

/// <summary>Chooses lines of the audit log; without values it chooses all.</summary>
/// <param name="AccountId">Only lines about this account; null: about any.</param>
/// <param name="ActorId">Only lines that this person caused; null: that anybody caused.</param>
internal readonly record struct AuditFilter(long? AccountId = null, long? ActorId = null)
{
    public IQueryable<AuditEntry> Apply(IQueryable<AuditEntry> entries)
    {
        var (account, actor) = this;
        if (account is not null)
            entries = entries.Where(entry => entry.AccountId == account);
        return actor is null ? entries : entries.Where(entry => entry.ActorId == actor);
    }
}

/// <summary>
/// Writes and reads the audit log. A change is logged in its own transaction. An event without a change
/// (a refusal) is logged a moment later, so that nobody waits for it.
/// </summary>
internal sealed partial class AuditLog : BackgroundService
{
    /// <summary>The most characters of a detail.</summary>
    public const int LongestDetail = 200;

    private const int MostWaiting = 1024;
    private const int PrunedAtOnce = 1_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromDays(1);
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly ExpiryClock _expiry;
    private readonly ILogger<AuditLog> _logger;

    // If the database is so slow that a thousand refusals wait, new ones are dropped, so that memory stays bounded.
    private readonly Channel<AuditEntry> _later;
    private readonly Lock _lock = new();
    private long _dropped;
    private long? _toldAt;

    public AuditLog(Database database, TimeProvider clock, ExpiryClock expiry, ILogger<AuditLog> logger)
    {
        (_database, _clock, _expiry, _logger) = (database, clock, expiry, logger);
        _later = Channel.CreateBounded<AuditEntry>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite },
            _ => Drop(1)
        );
    }

    /// <summary>The number of refusals since the start that were not written.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The number of refusals that wait to be written.</summary>
    public int Waiting => _later.Reader.Count;

    /// <summary>Adds an entry to the caller's transaction, which saves it.</summary>
    public void Add(SignpostDb db, AuditLine line) => db.AuditEntries.Add(Entry(line));

    /// <summary>Writes an entry soon. If too many wait, it is dropped and counted.</summary>
    public void AddLater(AuditLine line) => _later.Writer.TryWrite(Entry(line));

    /// <summary>The chosen lines, the newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(
        AuditFilter filter,
        long offset,
        int count,
        CancellationToken cancel
    )
    {
        await using var db = _database.Read();
        var found = filter.Apply(db.AuditEntries).OrderByDescending(entry => entry.Id);
        return await found.Skip((int)offset).Take(count).ToListAsync(cancel);
    }

    /// <summary>Counts the chosen lines, for lists with pages.</summary>
    public async Task<long> CountAsync(AuditFilter filter, CancellationToken cancel)
    {
        await using var db = _database.Read();
        return await filter.Apply(db.AuditEntries).LongCountAsync(cancel);
    }

    /// <summary>Lines about a person's own account, and those that the person caused elsewhere, the oldest first.</summary>
    /// <param name="after">Only lines with a higher id.</param>
    public async Task<IReadOnlyList<AuditEntry>> ReadOfPersonAsync(
        long personId,
        long after,
        int count,
        CancellationToken cancel
    )
    {
        await using var db = _database.Read();
        return await OfPerson(db, personId, after, count).ToListAsync(cancel);
    }

    // Two ranges, each of an index.
    internal static IQueryable<AuditEntry> OfPerson(SignpostDb db, long personId, long after, int count)
    {
        var later = db.AuditEntries.Where(entry => entry.Id > after);
        var about = later.Where(entry => entry.AccountId == personId).OrderBy(entry => entry.Id).Take(count);
        var by = later.Where(entry => entry.ActorId == personId).OrderBy(entry => entry.Id).Take(count);
        return about.Union(by).OrderBy(entry => entry.Id).Take(count);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(WriteAllAsync(stoppingToken), PruneDailyAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync();
        }
    }

    private async Task WriteAllAsync(CancellationToken cancel)
    {
        while (await _later.Reader.WaitToReadAsync(cancel))
            await WriteAsync();
    }

    // Never cancelled: entries that were taken from the queue would be lost.
    private async Task WriteAsync()
    {
        List<AuditEntry> entries = [];
        try
        {
            while (entries.Count < MostWaiting && _later.Reader.TryRead(out var entry))
                entries.Add(entry);
            if (entries is [])
                return;

            await _database.WriteAsync(
                db =>
                {
                    db.AuditEntries.AddRange(entries);
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            );
        }
        catch (Exception error)
        {
            Drop(entries.Count, error);
        }
    }

    private async Task PruneDailyAsync(CancellationToken cancel)
    {
        using var days = new PeriodicTimer(PruneEvery, _clock);
        do await PruneAsync(cancel);
        while (await days.WaitForNextTickAsync(cancel));
    }

    // In parts, so that no other writer waits for long; in plain SQL, because Entity Framework would be loaded under the lock.
    private async Task PruneAsync(CancellationToken cancel)
    {
        try
        {
            var oldest = (_expiry.GetUtcNow() - Kept).ToUnixTimeMilliseconds();
            while (
                await _database.WriteRawAsync(
                    (connection, transaction) => DeleteBefore(oldest, connection, transaction),
                    cancel
                ) == PrunedAtOnce
            ) { }
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            LogNotPruned(error);
        }
    }

    private static int DeleteBefore(long oldest, DbConnection connection, DbTransaction transaction)
    {
        using var command = connection.Command(
            transaction,
            "DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < @oldest ORDER BY id LIMIT @most)",
            ("@oldest", oldest),
            ("@most", PrunedAtOnce)
        );
        return command.ExecuteNonQuery();
    }

    private void Drop(int count, Exception? error = null)
    {
        var dropped = Interlocked.Add(ref _dropped, count);
        lock (_lock)
        {
            if (_toldAt is { } last && _clock.GetElapsedTime(last) < TellEvery)
                return;
            _toldAt = _clock.GetTimestamp();
        }

        LogDropped(error, dropped);
    }

    private AuditEntry Entry(AuditLine line) =>
        new()
        {
            At = _clock.GetUtcNow().ToUnixTimeMilliseconds(),
            Event = line.Event,
            AccountId = line.AccountId,
            ActorId = line.ActorId,
            Detail = line.Detail is { Length: > LongestDetail } detail ? detail[..LongestDetail] : line.Detail,
            Network = line.Network,
        };

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The database is too slow or failed: {Dropped} refusals since the start are missing from the audit log"
    )]
    private partial void LogDropped(Exception? error, long dropped);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Old lines of the audit log could not be deleted; Signpost tries again tomorrow"
    )]
    private partial void LogNotPruned(Exception error);
}
