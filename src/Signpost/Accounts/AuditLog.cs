using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>One line of the audit log.</summary>
/// <param name="AccountId">Whose account it is about; null: nobody's that exists.</param>
internal readonly record struct AuditLine(string Event, long? AccountId, Actor By, string? Detail = null);

/// <summary>
/// Writes and reads the audit log. What changes something is written in the same transaction as the change; what only
/// happened (a refusal) is written a moment later, so that nobody waits for it.
/// </summary>
internal sealed partial class AuditLog(Database database, TimeProvider clock, ILogger<AuditLog> logger)
    : BackgroundService
{
    private const int LongestDetail = 200;
    private const int MostWaiting = 1024;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    // When the database is so slow that a thousand wait, the newest refusals are dropped: better than memory without end.
    private readonly Channel<AuditEntry> _later = Channel.CreateBounded<AuditEntry>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Adds a line in the caller's transaction, which saves it.</summary>
    public void Add(SignpostDb db, AuditLine line) => db.AuditEntries.Add(Entry(line));

    /// <summary>Writes a line soon.</summary>
    public void AddLater(AuditLine line) => _later.Writer.TryWrite(Entry(line));

    /// <summary>The newest lines about one account, or (null) about all.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(
        long? accountId,
        long offset,
        int count,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var found = accountId is { } id ? db.AuditEntries.Where(entry => entry.AccountId == id) : db.AuditEntries;
        return await found.OrderByDescending(entry => entry.Id).Skip((int)offset).Take(count).ToListAsync(cancel);
    }

    /// <summary>Counts the lines, for whoever has to know the page first.</summary>
    public async Task<long> CountAsync(CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.AuditEntries.LongCountAsync(cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await PruneAsync(stoppingToken);
            while (await _later.Reader.WaitToReadAsync(stoppingToken))
                await WriteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync(CancellationToken.None);
        }
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        try
        {
            List<AuditEntry> entries = [];
            while (entries.Count < MostWaiting && _later.Reader.TryRead(out var entry))
                entries.Add(entry);
            if (entries is [])
                return;

            await database.WriteAsync(
                db =>
                {
                    db.AuditEntries.AddRange(entries);
                    return db.SaveChangesAsync(cancel);
                },
                cancel
            );
        }
        catch (Exception error) when (Database.IsAway(error))
        {
            LogLost(error);
        }
    }

    private async Task PruneAsync(CancellationToken cancel)
    {
        try
        {
            var oldest = (clock.GetUtcNow() - Kept).ToUnixTimeMilliseconds();
            await database.WriteAsync(
                db => db.AuditEntries.Where(entry => entry.At < oldest).ExecuteDeleteAsync(cancel),
                cancel
            );
        }
        catch (Exception error) when (Database.IsAway(error))
        {
            LogLost(error);
        }
    }

    private AuditEntry Entry(AuditLine line) =>
        new()
        {
            At = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            Event = line.Event,
            AccountId = line.AccountId,
            ActorId = line.By.AccountId,
            Detail = line.Detail is { Length: > LongestDetail } detail ? detail[..LongestDetail] : line.Detail,
            Network = line.By.Network,
        };

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log could not be written")]
    private partial void LogLost(Exception error);
}
