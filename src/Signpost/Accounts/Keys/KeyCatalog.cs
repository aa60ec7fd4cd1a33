using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts.Keys;

/// <summary>Reads the keys of one account, without the secret keys themselves.</summary>
internal sealed class KeyCatalog(Database database, KeyUses uses)
{
    public async Task<ApiKey?> FindAsync(long accountId, long keyId, CancellationToken cancel)
    {
        await using var db = database.Read();
        var key = await db.ApiKeys.FirstOrDefaultAsync(key => key.Id == keyId && key.AccountId == accountId, cancel);
        return key is null ? null : Fresh(key);
    }

    public async Task<long> CountAsync(long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.ApiKeys.LongCountAsync(key => key.AccountId == accountId, cancel);
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(long accountId, long offset, int count, CancellationToken cancel)
    {
        await using var db = database.Read();
        var keys = await db
            .ApiKeys.Where(key => key.AccountId == accountId)
            .OrderByDescending(key => key.Id)
            .Skip((int)offset)
            .Take(count)
            .ToListAsync(cancel);
        return [.. keys.Select(Fresh)];
    }

    private ApiKey Fresh(ApiKey key)
    {
        key.LastUsedAt = uses.Pending(key.Id) ?? key.LastUsedAt;
        return key;
    }
}
