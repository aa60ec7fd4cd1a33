using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Who may have which alias. Everything here runs inside an edit's transaction, so no two edits race.</summary>
internal static class AliasBook
{
    private const long CoolDownMilliseconds = 30L * 24 * 60 * 60 * 1000;
    private const int MostDraws = 100;

    /// <summary>
    /// Tells whether the account may have the alias: nobody has it, and nobody else gave it up lately (what was printed
    /// with it must not lead to a stranger).
    /// </summary>
    public static async Task<bool> IsFreeAsync(SignpostDb db, long accountId, long domainId, string key, long now)
    {
        if (await db.Links.AnyAsync(link => link.DomainId == domainId && link.AliasKey == key))
            return false;
        return !await db.RetiredAliases.AnyAsync(retired =>
            retired.DomainId == domainId
            && retired.AliasKey == key
            && retired.AccountId != accountId
            && retired.Until > now
        );
    }

    /// <summary>Draws an alias that nobody has or had lately.</summary>
    public static async Task<Alias> DrawAsync(SignpostDb db, long domainId, ISet<string> besides)
    {
        for (var draw = 0; draw < MostDraws; draw++)
        {
            var alias = Alias.DrawRandom(RandomNumberGenerator.GetInt32);
            var key = alias.Key;
            if (
                !await db.Links.AnyAsync(link => link.DomainId == domainId && link.AliasKey == key)
                && !await db.RetiredAliases.AnyAsync(retired => retired.DomainId == domainId && retired.AliasKey == key)
                && besides.Add(key)
            )
                return alias;
        }

        throw new InvalidOperationException(
            $"{MostDraws} drawn aliases were all taken; the space must be nearly full."
        );
    }

    /// <summary>Notes that an alias is in use again.</summary>
    public static Task ReviveAsync(SignpostDb db, long domainId, string key) =>
        db
            .RetiredAliases.Where(retired => retired.DomainId == domainId && retired.AliasKey == key)
            .ExecuteDeleteAsync();

    /// <summary>Notes that an account gave an alias up just now.</summary>
    public static async Task RetireAsync(SignpostDb db, long accountId, long domainId, string key, long now)
    {
        await db
            .RetiredAliases.Where(retired =>
                retired.Until <= now || (retired.DomainId == domainId && retired.AliasKey == key)
            )
            .ExecuteDeleteAsync();
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
