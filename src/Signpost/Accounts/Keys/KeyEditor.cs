using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Accounts.Keys;

/// <summary>The values of a new key.</summary>
internal sealed record NewKey(string Name, Scopes Scopes, long? ExpiresAt) : IChanges
{
    public const int LongestName = 64;

    public IReadOnlyList<FieldError> Errors { get; init; } = [];
    public List<Warning> Warnings { get; init; } = [];
    public Meaning Meaning { get; init; } = new();

    /// <summary>The field name of the scopes in the request.</summary>
    public string ScopesAs { get; init; } = "scopes";
}

/// <summary>A new key.</summary>
/// <param name="Key">The key in clear. It is shown only now.</param>
/// <param name="Expires">The date on which it expires, in the caller's time zone; null: never.</param>
internal sealed record MadeKey(long Id, string Key, string? Expires) : WarnedResponse;

/// <summary>Creates and revokes API keys.</summary>
internal sealed class KeyEditor(Database database, AuditLog audit, TimeProvider clock)
{
    public const int MostKeys = 100;

    /// <summary>The most keys of a team that one member has.</summary>
    public const int MostKeysOfMember = 20;

    /// <summary>
    /// Makes a key. If a key of the same person makes it, it ends with its maker at the latest. Only admins make keys for the accounts of
    /// other people. For a team, the caller acts in the team already.
    /// </summary>
    public async Task<EditResult<MadeKey>> MakeAsync(
        Caller caller,
        long accountId,
        NewKey wanted,
        AfterEdit<MadeKey>? afterwards,
        CancellationToken cancel
    )
    {
        if (accountId != caller.AccountId && !caller.May(Scopes.Admin))
            return new Refusal.Forbidden();
        var now = clock.GetUtcNow();
        if (wanted.Errors is not [])
            return new Refusal.Invalid(wanted.Errors);
        if (wanted.ExpiresAt <= now.ToUnixTimeMilliseconds())
            return Wrong("A key must expire in the future.", "expires");

        var key = ApiKeys.Draw();
        var row = ApiKeys.Row(accountId, key, wanted.Name, now);
        (row.Scopes, row.ExpiresAt) = (ScopeNames.ToStored(wanted.Scopes), wanted.ExpiresAt);
        if (caller.ActsForTeam)
            row.PersonId = caller.PersonId;
        return await database.WriteAsync<EditResult<MadeKey>>(
            async db =>
            {
                if (!await FollowsMakerAsync(db, caller, row, cancel))
                    return new Refusal.Forbidden();
                if (!await db.Accounts.AnyAsync(account => account.Id == accountId, cancel))
                    return new Refusal.Missing();
                // The membership may have ended meanwhile.
                if (caller.ActsForTeam && await Memberships.InAsync(db, caller, accountId, cancel) is null)
                    return new Refusal.Forbidden();
                if (wanted.Scopes.HasFlag(Scopes.Admin) && !await IsAdminAsync(db, accountId, cancel))
                    return Wrong("The scope admin is for accounts with the role admin.", wanted.ScopesAs);
                // No member uses up the keys of all.
                if (
                    row.PersonId is { } person
                    && await db.ApiKeys.CountAsync(one => one.AccountId == accountId && one.PersonId == person, cancel)
                        >= MostKeysOfMember
                )
                    return Wrong($"A member has at most {MostKeysOfMember} keys of a team: revoke one first.", "name");
                if (await db.ApiKeys.CountAsync(one => one.AccountId == accountId, cancel) >= MostKeys)
                    return Wrong($"An account has at most {MostKeys} keys: revoke one first.", "name");

                db.ApiKeys.Add(row);
                audit.Add(db, AuditLine.By(caller, AuditEvent.KeyMade, accountId, row.Name));
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(
                    db,
                    new MadeKey(row.Id, key, LocalTime.Format(row.ExpiresAt, caller.TimeZone))
                );
            },
            cancel
        );
    }

    /// <summary>
    /// Revokes a key that the caller may see and, over all generations, the keys of the same person that it made. They stop working
    /// at once.
    /// </summary>
    /// <param name="withOthers">Also revokes the keys that these made for other accounts; for admins only.</param>
    public async Task<EditResult<ResourceId>> RevokeAsync(
        Caller caller,
        long keyId,
        bool withOthers,
        CancellationToken cancel
    )
    {
        if (withOthers && !caller.May(Scopes.Admin))
            return new Refusal.Forbidden();
        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                var own = db.KeysOf(caller).Where(key => key.Id == keyId);
                if (await own.ToListAsync(cancel) is not [_] revoked)
                    return new Refusal.Missing();

                Revoke(db, caller, [.. revoked, .. await KeyDescent.OfAsync(db, revoked, withOthers, cancel)]);
                await db.SaveChangesAsync(cancel);
                return new ResourceId(keyId);
            },
            cancel
        );
    }

    /// <summary>Revokes every key of the person, also for teams, in the caller's transaction, which saves it.</summary>
    public async Task RevokeAllAsync(SignpostDb db, Caller caller, CancellationToken cancel)
    {
        var own = db.ApiKeys.Where(key => key.AccountId == caller.PersonId || key.PersonId == caller.PersonId);
        Revoke(db, caller, await own.ToListAsync(cancel));
    }

    /// <summary>Revokes the keys of a team in the caller's transaction, which saves it.</summary>
    /// <param name="personId">The member whose keys end; null: all keys of the team.</param>
    public async Task RevokeOfTeamAsync(
        SignpostDb db,
        Caller caller,
        long teamId,
        long? personId,
        CancellationToken cancel
    )
    {
        var keys = db.ApiKeys.Where(key => key.AccountId == teamId && (personId == null || key.PersonId == personId));
        Revoke(db, caller, await keys.ToListAsync(cancel));
    }

    private void Revoke(SignpostDb db, Caller caller, List<ApiKey> keys)
    {
        foreach (var key in keys)
            audit.Add(db, AuditLine.By(caller, AuditEvent.KeyRevoked, key.AccountId, key.Name));
        db.ApiKeys.RemoveRange(keys);
    }

    // False: the calling key was revoked or expired after it was read. A key that it still made would outlive it.
    private static async Task<bool> FollowsMakerAsync(
        SignpostDb db,
        Caller caller,
        ApiKey row,
        CancellationToken cancel
    )
    {
        if (caller.Credential is not Credential.Key(var id))
            return true;
        if (await db.ApiKeys.FindAsync([id], cancel) is not { } maker)
            return false;
        row.MakerId = id;
        if (maker.ExpiresAt is not { } end)
            return true;
        if (maker.Holder() == row.Holder() && !(row.ExpiresAt < end))
            row.ExpiresAt = end;
        return end > row.CreatedAt;
    }

    private static Refusal.Invalid Wrong(string sentence, string field) => new(new FieldError(sentence, field));

    private static Task<bool> IsAdminAsync(SignpostDb db, long id, CancellationToken cancel) =>
        FirstAdmin.Admins(db).AnyAsync(admin => admin.Id == id, cancel);
}
