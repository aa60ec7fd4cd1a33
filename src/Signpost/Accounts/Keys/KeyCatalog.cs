using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts.Keys;

/// <summary>A key, and the keys that it made over all generations, also those for other accounts.</summary>
internal sealed record ListedKey(ApiKey Key, IReadOnlyList<ApiKey> Made);

/// <summary>Reads the keys of one account, without the secret keys themselves.</summary>
internal sealed class KeyCatalog(Database database, KeyUses uses)
{
    public async Task<ListedKey?> FindAsync(long accountId, long keyId, CancellationToken cancel)
    {
        var pending = uses.Pending();
        await using var db = database.Read();
        var keys = await db.ApiKeys.Where(key => key.Id == keyId && key.AccountId == accountId).ToListAsync(cancel);
        return await ListedAsync(db, keys, pending, cancel) is [var found] ? found : null;
    }

    public async Task<long> CountAsync(long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.ApiKeys.LongCountAsync(key => key.AccountId == accountId, cancel);
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ListedKey>> ListAsync(
        long accountId,
        long offset,
        int count,
        CancellationToken cancel
    )
    {
        var pending = uses.Pending();
        await using var db = database.Read();
        var keys = await db
            .ApiKeys.Where(key => key.AccountId == accountId)
            .OrderByDescending(key => key.Id)
            .Skip((int)offset)
            .Take(count)
            .ToListAsync(cancel);
        return await ListedAsync(db, keys, pending, cancel);
    }

    private static async Task<IReadOnlyList<ListedKey>> ListedAsync(
        SignpostDb db,
        IReadOnlyList<ApiKey> keys,
        IReadOnlyDictionary<long, long> pending,
        CancellationToken cancel
    )
    {
        var made = await KeyDescent.OfAsync(db, keys, withOthers: true, cancel);
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
