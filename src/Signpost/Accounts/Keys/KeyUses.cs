using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Storage;

namespace Signpost.Accounts.Keys;

/// <summary>Stores when keys were last used, exact to the minute. No request waits for it.</summary>
internal sealed partial class KeyUses(Database database, AuditLog audit, ILogger<KeyUses> logger) : BackgroundService
{
    private const long Minute = 60_000;

    private readonly ConcurrentDictionary<long, Use> _pending = new();

    // One signal stands for any number of uses.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Note(long keyId, long personId, long accountId, long? lastUsedAt, long now)
    {
        if (lastUsedAt is { } last && Math.Abs(now - last) < Minute)
            return;
        // In a busy minute, most requests find that the minute is stored already.
        if (_pending.TryAdd(keyId, new(personId, accountId, now, lastUsedAt is null)))
            _signal.Writer.TryWrite(true);
    }

    /// <summary>
    /// The uses by key that are not stored yet. Read them before the database: a use leaves this list only after it is stored.
    /// </summary>
    public IReadOnlyDictionary<long, long> Pending() =>
        _pending.ToArray().ToDictionary(one => one.Key, one => one.Value.At);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _signal.Reader.WaitToReadAsync(stoppingToken))
            {
                _signal.Reader.TryRead(out _);
                await StoreAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await StoreAsync(CancellationToken.None);
        }
    }

    private async Task StoreAsync(CancellationToken cancel)
    {
        var uses = _pending.ToArray();
        if (uses.Length == 0)
            return;
        try
        {
            await database.WriteAsync(
                async db =>
                {
                    foreach (var (keyId, use) in uses)
                        await StoreAsync(db, keyId, use, cancel);
                    return await db.SaveChangesAsync(cancel);
                },
                cancel
            );
        }
        catch (Exception error) when (Database.IsAway(error))
        {
            // The next use tries again.
            LogUnstored(error);
        }

        foreach (var (keyId, _) in uses)
            _pending.TryRemove(keyId, out _);
    }

    private async Task StoreAsync(SignpostDb db, long keyId, Use use, CancellationToken cancel)
    {
        if (await db.ApiKeys.FindAsync([keyId], cancel) is not { } key)
            return;

        key.LastUsedAt = use.At;
        await db
            .People.Where(person => person.Id == use.PersonId)
            .ExecuteUpdateAsync(person => person.SetProperty(p => p.LastActiveAt, use.At), cancel);
        if (use.IsFirst)
            audit.Add(db, new(AuditEvent.KeyFirstUsed, use.AccountId, use.PersonId, Network: null, key.Name));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not store when keys were last used")]
    private partial void LogUnstored(Exception error);

    private readonly record struct Use(long PersonId, long AccountId, long At, bool IsFirst);
}
