using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Signpost.Core.Links;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Decides which account may use an alias. All of it runs in an edit's transaction, so no two edits race.</summary>
internal static class AliasBook
{
    public const long CoolDownMilliseconds = 30L * 24 * 60 * 60 * 1000;
    private const int MostRounds = 100;

    /// <summary>The number of expired rows that each insert deletes: more than one, so the table shrinks, and few, so it is quick.</summary>
    private const int MostForgotten = 100;

    /// <summary>
    /// Tells whether the account may use the alias: no link uses it, and no other account gave it up recently (a printed
    /// address must not lead to a stranger's link).
    /// </summary>
    public static async Task<bool> IsFreeAsync(SignpostDb db, long accountId, long domainId, string key, long now)
    {
        if (await db.Links.AnyAsync(link => link.DomainId == domainId && link.AliasKey == key))
            return false;
        if (await db.ReservedAliases.AnyAsync(alias => alias.DomainId == domainId && alias.AliasKey == key))
            return false;
        return !await db.RetiredAliases.AnyAsync(retired =>
            retired.DomainId == domainId
            && retired.AliasKey == key
            && retired.AccountId != accountId
            && retired.Until > now
        );
    }

    /// <summary>Draws random aliases that nobody uses or used recently.</summary>
    public static async Task<IReadOnlyList<Alias>> DrawAsync(SignpostDb db, long domainId, int count)
    {
        var drawn = new Dictionary<string, Alias>(StringComparer.Ordinal);
        for (var round = 0; round < MostRounds && drawn.Count < count; round++)
        {
            while (drawn.Count < count)
            {
                var alias = Alias.DrawRandom(RandomNumberGenerator.GetInt32);
                drawn.TryAdd(alias.Key, alias);
            }

            foreach (var taken in await TakenAsync(db, domainId, [.. drawn.Keys]))
                drawn.Remove(taken);
        }

        return drawn.Count == count
            ? [.. drawn.Values]
            : throw new InvalidOperationException("All random aliases were taken; nearly all aliases must be in use.");
    }

    private static async Task<List<string>> TakenAsync(SignpostDb db, long domainId, string[] keys)
    {
        var used = db
            .Links.Where(link => link.DomainId == domainId && keys.Contains(link.AliasKey))
            .Select(link => link.AliasKey);
        var retired = db
            .RetiredAliases.Where(alias => alias.DomainId == domainId && keys.Contains(alias.AliasKey))
            .Select(alias => alias.AliasKey);
        var reserved = db
            .ReservedAliases.Where(alias => alias.DomainId == domainId && keys.Contains(alias.AliasKey))
            .Select(alias => alias.AliasKey);
        return await used.Concat(retired).Concat(reserved).ToListAsync();
    }

    /// <summary>Stores that an alias is in use again.</summary>
    public static Task ReviveAsync(SignpostDb db, long domainId, string key) =>
        db
            .RetiredAliases.Where(retired => retired.DomainId == domainId && retired.AliasKey == key)
            .ExecuteDeleteAsync();

    /// <summary>Stores that an account gave up an alias now.</summary>
    /// <param name="expired">Deletes some aliases that nobody had to keep free until then, by the <see cref="ExpiryClock"/>.</param>
    public static async Task RetireAsync(
        SignpostDb db,
        long accountId,
        long domainId,
        string key,
        long now,
        DateTimeOffset expired
    )
    {
        await ReviveAsync(db, domainId, key);
        await db.Database.ExecuteSqlRawAsync(
            $$"""
            DELETE FROM retired_aliases WHERE {{Database.RowId}} IN
                (SELECT {{Database.RowId}} FROM retired_aliases WHERE until <= {0} LIMIT {1})
            """,
            expired.ToUnixTimeMilliseconds(),
            MostForgotten
        );
        db.RetiredAliases.Add(
            new()
            {
                DomainId = domainId,
                AliasKey = key,
                AccountId = accountId,
                Until = now + CoolDownMilliseconds,
            }
        );
    }
}
