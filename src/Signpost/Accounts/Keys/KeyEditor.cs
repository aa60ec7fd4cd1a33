using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.Keys;

/// <summary>A key that is wanted.</summary>
internal sealed record NewKey(string Name, Scopes Scopes, long? ExpiresAt)
{
    public const int LongestName = 64;
}

/// <summary>How making a key ended.</summary>
internal abstract record KeyMaking
{
    private KeyMaking() { }

    /// <param name="Key">In clear, for the only time.</param>
    public sealed record Made(long Id, string Key) : KeyMaking;

    public sealed record Missing : KeyMaking;

    public sealed record Wrong(AccountProblem Problem) : KeyMaking;
}

/// <summary>Makes and revokes API keys.</summary>
internal sealed class KeyEditor(Database database, AuditLog audit, TimeProvider clock)
{
    private const int MostKeys = 100;

    public async Task<KeyMaking> MakeAsync(
        long accountId,
        NewKey wanted,
        Caller caller,
        Func<SignpostDb, KeyMaking.Made, Task>? afterwards,
        CancellationToken cancel
    )
    {
        var now = clock.GetUtcNow();
        if (wanted.ExpiresAt <= now.ToUnixTimeMilliseconds())
            return new KeyMaking.Wrong(new("expires", "expires must be in the future."));

        var key = ApiKeys.Draw();
        var row = ApiKeys.Row(accountId, key, wanted.Name, now);
        (row.Scopes, row.ExpiresAt) = (ScopeNames.ToStored(wanted.Scopes), wanted.ExpiresAt);
        return await database.WriteAsync<KeyMaking>(
            async db =>
            {
                if (!await db.Accounts.AnyAsync(account => account.Id == accountId, cancel))
                    return new KeyMaking.Missing();
                if (wanted.Scopes.HasFlag(Scopes.Admin) && !await IsAdminAsync(db, accountId, cancel))
                    return new KeyMaking.Wrong(new("scopes", "The scope admin is for accounts with the role admin."));
                if (await db.ApiKeys.CountAsync(one => one.AccountId == accountId, cancel) >= MostKeys)
                    return new KeyMaking.Wrong(
                        new("name", $"An account has at most {MostKeys} keys: revoke one first.")
                    );

                db.ApiKeys.Add(row);
                audit.Add(db, AuditLine.By(caller, AuditEvent.KeyMade, accountId, row.Name));
                await db.SaveChangesAsync(cancel);
                var made = new KeyMaking.Made(row.Id, key);
                if (afterwards is not null)
                    await afterwards(db, made);
                return made;
            },
            cancel
        );
    }

    /// <summary>Revokes a key; it opens nothing from then on. False: the account has no such key.</summary>
    public Task<bool> RevokeAsync(long accountId, long keyId, Caller caller, CancellationToken cancel) =>
        database.WriteAsync(
            async db =>
            {
                if (
                    await db.ApiKeys.FirstOrDefaultAsync(key => key.Id == keyId && key.AccountId == accountId, cancel)
                    is not { } row
                )
                    return false;

                db.ApiKeys.Remove(row);
                audit.Add(db, AuditLine.By(caller, AuditEvent.KeyRevoked, accountId, row.Name));
                await db.SaveChangesAsync(cancel);
                return true;
            },
            cancel
        );

    private static Task<bool> IsAdminAsync(SignpostDb db, long id, CancellationToken cancel) =>
        FirstAdmin.Admins(db).AnyAsync(admin => admin.Id == id, cancel);
}
