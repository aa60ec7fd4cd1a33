using Microsoft.EntityFrameworkCore;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.Keys;

/// <summary>A key, and the keys that it made over all generations, also those for other accounts.</summary>
internal sealed record ListedKey(ApiKey Key, IReadOnlyList<ApiKey> Made);

/// <summary>Reads the keys that a caller may see, without the secret keys themselves.</summary>
internal sealed class KeyCatalog(Database database, KeyUses uses)
{
    public async Task<ListedKey?> FindAsync(Caller caller, long keyId, CancellationToken cancel)
    {
        var pending = uses.Pending();
        await using var db = database.Read();
        var keys = await db.KeysOf(caller).Where(key => key.Id == keyId).ToListAsync(cancel);
        return await ListedAsync(db, caller, keys, pending, cancel) is [var found] ? found : null;
    }

    /// <param name="accountId">The person's own account, or that of a team.</param>
    public async Task<long> CountAsync(Caller caller, long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.KeysOf(caller).LongCountAsync(key => key.AccountId == accountId, cancel);
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ListedKey>> ListAsync(
        Caller caller,
        long accountId,
        long offset,
        int count,
        CancellationToken cancel
    )
    {
        var pending = uses.Pending();
        await using var db = database.Read();
        var keys = await db.KeysOf(caller)
            .Where(key => key.AccountId == accountId)
            .OrderByDescending(key => key.Id)
            .Skip((int)offset)
            .Take(count)
            .ToListAsync(cancel);
        return await ListedAsync(db, caller, keys, pending, cancel);
    }

    /// <summary>The keys that a person uses, of the own account and of teams, the oldest first.</summary>
    /// <param name="after">Only keys with a higher id.</param>
    public async Task<IReadOnlyList<ListedKey>> ListHeldAsync(
        Caller caller,
        long after,
        int count,
        CancellationToken cancel
    )
    {
        var (person, pending) = (caller.PersonId, uses.Pending());
        await using var db = database.Read();
        var keys = await db
            .ApiKeys.Where(key => key.PersonId == person || (key.AccountId == person && key.PersonId == null))
            .Where(key => key.Id > after)
            .OrderBy(key => key.Id)
            .Take(count)
            .ToListAsync(cancel);
        return await ListedAsync(db, caller, keys, pending, cancel);
    }

    private static async Task<IReadOnlyList<ListedKey>> ListedAsync(
        SignpostDb db,
        Caller caller,
        IReadOnlyList<ApiKey> keys,
        IReadOnlyDictionary<long, long> pending,
        CancellationToken cancel
    )
    {
        var all = await KeyDescent.OfAsync(db, keys, withOthers: true, cancel);
        // An admin may have made the key of a person who then made keys for a team.
        var made = all.Where(key =>
                key.PersonId is null
                || key.PersonId == caller.PersonId
                || keys.Any(listed => listed.AccountId == key.AccountId)
            )
            .ToList();
        foreach (var key in keys.Concat(made))
            if (pending.TryGetValue(key.Id, out var used))
                key.LastUsedAt = used;
        var byMaker = keys.Concat(made).ToLookup(key => key.MakerId);
        return [.. keys.Select(key => new ListedKey(key, Under(key)))];

        // The keys that one made stand behind it.
        IReadOnlyList<ApiKey> Under(ApiKey maker) =>
            [.. byMaker[maker.Id].SelectMany(key => (IEnumerable<ApiKey>)[key, .. Under(key)])];
    }
}
