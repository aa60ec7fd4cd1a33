using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Addressing;
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
    /// Tells whether the link may have its alias: no other link has it, also none in the trash, and no other account gave it up recently (a printed
    /// address must not lead to a stranger's link). While the rule of the domain changes, an alias that differs only in case may be refused.
    /// </summary>
    public static Task<bool> IsFreeAsync(SignpostDb db, CaseRule rule, LinkRow link, long now) =>
        IsFreeAsync(db, rule, link.AccountId, link.Id, new(link.DomainId, link.Alias), now);

    /// <param name="linkId">0: a link that does not exist yet.</param>
    public static async Task<bool> IsFreeAsync(
        SignpostDb db,
        CaseRule rule,
        long accountId,
        long linkId,
        LinkHome home,
        long now
    )
    {
        var keys = rule.KeysOf(home.Alias);
        var domainId = home.DomainId;
        if (
            await db.LinksAndTrash.AnyAsync(one =>
                one.DomainId == domainId && keys.Contains(one.AliasKey) && one.Id != linkId
            )
        )
            return false;
        if (await db.ReservedAliases.AnyAsync(alias => alias.DomainId == domainId && keys.Contains(alias.AliasKey)))
            return false;
        var unspelled = UnspelledKeyOf(home.Alias);
        return !await db.RetiredAliases.AnyAsync(retired =>
            retired.DomainId == domainId
            && (keys.Contains(retired.AliasKey) || (retired.AliasKey == unspelled && retired.Alias == ""))
            && retired.AccountId != accountId
            && retired.Until > now
        );
    }

    /// <summary>
    /// The key of a retired alias that has no spelling, because it is from before spellings were kept: a key without case, also where case
    /// matters.
    /// </summary>
    public static string UnspelledKeyOf(string alias) => Alias.KeyOf(alias, AliasCase.Ignored);

    /// <summary>Draws random aliases that nobody uses or used recently. Each is its own key.</summary>
    public static async Task<IReadOnlyList<string>> DrawAsync(SignpostDb db, CaseRule rule, long domainId, int count)
    {
        HashSet<string> drawn = new(StringComparer.Ordinal);
        RandomNumbers random = new();
        for (var round = 0; round < MostRounds && drawn.Count < count; round++)
        {
            while (drawn.Count < count)
                drawn.Add(Draw(rule, random));

            foreach (var taken in await TakenAsync(db, domainId, [.. drawn]))
                drawn.Remove(taken);
        }

        return drawn.Count == count
            ? [.. drawn]
            : throw new InvalidOperationException("All random aliases were taken; nearly all aliases must be in use.");
    }

    /// <summary>Draws a random alias, which may be in use. During a change it has one key by both rules.</summary>
    public static string Draw(CaseRule rule, RandomNumbers random) =>
        Alias.DrawRandom(rule.IsChanging ? AliasCase.Ignored : rule.Case, random.Below);

    /// <summary>Tells whether nobody uses, reserved or recently gave up any of these drawn aliases.</summary>
    public static async Task<bool> AreFreeAsync(SignpostDb db, long domainId, List<string> drawn) =>
        await TakenAsync(db, domainId, drawn) is [];

    private static async Task<List<string>> TakenAsync(SignpostDb db, long domainId, List<string> keys)
    {
        // One parameter for all keys: SQLite takes long to find one among a thousand.
        var used = db
            .LinksAndTrash.Where(link => link.DomainId == domainId && EF.Parameter(keys).Contains(link.AliasKey))
            .Select(link => link.AliasKey);
        var retired = db
            .RetiredAliases.Where(alias => alias.DomainId == domainId && EF.Parameter(keys).Contains(alias.AliasKey))
            .Select(alias => alias.AliasKey);
        var reserved = db
            .ReservedAliases.Where(alias => alias.DomainId == domainId && EF.Parameter(keys).Contains(alias.AliasKey))
            .Select(alias => alias.AliasKey);
        return await used.Concat(retired).Concat(reserved).ToListAsync();
    }

    /// <summary>Stores that an alias is in use again.</summary>
    public static Task ReviveAsync(SignpostDb db, CaseRule rule, long domainId, string alias)
    {
        var keys = rule.KeysOf(alias);
        return db
            .RetiredAliases.Where(retired => retired.DomainId == domainId && keys.Contains(retired.AliasKey))
            .ExecuteDeleteAsync();
    }

    /// <summary>Stores that an account gave up an alias now.</summary>
    /// <param name="expired">Deletes some aliases that nobody had to keep free until then, by the <see cref="ExpiryClock"/>.</param>
    public static async Task RetireAsync(
        SignpostDb db,
        CaseRule rule,
        long accountId,
        long domainId,
        string alias,
        long now,
        DateTimeOffset expired
    )
    {
        await ReviveAsync(db, rule, domainId, alias);
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        transaction.Connection!.Run(
            transaction,
            $"""
            DELETE FROM retired_aliases WHERE {db.Dialect.RowId} IN
                (SELECT {db.Dialect.RowId} FROM retired_aliases WHERE until <= @now LIMIT @most)
            """,
            ("@now", expired.ToUnixTimeMilliseconds()),
            ("@most", MostForgotten)
        );
        db.RetiredAliases.Add(
            new()
            {
                DomainId = domainId,
                AliasKey = rule.KeyOf(alias),
                Alias = alias,
                AccountId = accountId,
                Until = now + CoolDownMilliseconds,
            }
        );
    }
}
