using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>Adds and removes the caller's passkeys, and confirms who the caller is by one of them.</summary>
internal sealed class OwnPasskeys(
    Database database,
    PasskeyChallenges passkeys,
    OwnLogins logins,
    Confirmation confirmation,
    Sessions sessions,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int Most = 20;
    public const string TooMany = "You have 20 passkeys. Remove one first.";
    public const string LastWay = "This is your only way to sign in. Set a password before you remove it.";

    public async Task<IReadOnlyList<Passkey>> ListAsync(long personId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db
            .Passkeys.Where(passkey => passkey.PersonId == personId)
            .OrderBy(passkey => passkey.CreatedAt)
            .ToListAsync(cancel);
    }

    /// <summary>Asks for the current password before the browser makes a passkey, unless the person is confirmed.</summary>
    public async Task<EditResult<ChangedCredentials>> MayAddAsync(
        Caller caller,
        string password,
        CancellationToken cancel
    )
    {
        if (
            !await sessions.IsConfirmedAsync(caller, cancel)
            && await confirmation.RefuseAsync(caller, password, cancel) is { } why
        )
            return why;
        await using var db = database.Read();
        return await IsFullAsync(db, caller, cancel)
            ? new Refusal.Invalid(new FieldError(TooMany, null))
            : new ChangedCredentials();
    }

    /// <summary>Adds a passkey. It ends every other session.</summary>
    public Task<EditResult<ChangedCredentials>> AddAsync(
        Caller caller,
        UserPasskeyInfo made,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ChangedCredentials>>(
            async db =>
            {
                if (await IsFullAsync(db, caller, cancel))
                    return new Refusal.Invalid(new FieldError(TooMany, null));
                if (await db.Passkeys.AnyAsync(passkey => passkey.CredentialId == made.CredentialId, cancel))
                    return new Refusal.Forbidden();

                db.Passkeys.Add(
                    new()
                    {
                        CredentialId = made.CredentialId,
                        PersonId = caller.PersonId,
                        PublicKey = made.PublicKey,
                        Name = caller.Origin.Device,
                        SignCount = made.SignCount,
                        IsBackupEligible = made.IsBackupEligible,
                        IsBackedUp = made.IsBackedUp,
                        CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    }
                );
                audit.Add(db, AuditLine.By(caller, AuditEvent.PasskeyAdded, caller.PersonId));
                return new ChangedCredentials(await confirmation.ReopenAsync(db, caller, cancel));
            },
            cancel
        );

    /// <summary>Removes a passkey. It asks for the current password, and ends every other session.</summary>
    public async Task<EditResult<ChangedCredentials>> RemoveAsync(
        Caller caller,
        byte[] id,
        string password,
        CancellationToken cancel
    )
    {
        if (await confirmation.RefuseAsync(caller, password, cancel) is { } why)
            return why;
        return await database.WriteAsync<EditResult<ChangedCredentials>>(
            async db =>
            {
                var own = db.Passkeys.Where(one => one.PersonId == caller.PersonId && one.CredentialId == id);
                if (!await own.AnyAsync(cancel))
                    return new Refusal.Missing();
                if (!await logins.HasOtherWayAsync(db, caller, issuer: null, id, cancel))
                    return new Refusal.Invalid(new FieldError(LastWay, null));

                await own.ExecuteDeleteAsync(cancel);
                audit.Add(db, AuditLine.By(caller, AuditEvent.PasskeyRemoved, caller.PersonId));
                return new ChangedCredentials(await confirmation.ReopenAsync(db, caller, cancel));
            },
            cancel
        );
    }

    /// <summary>Confirms who the caller is: one of their passkeys proved it just now.</summary>
    /// <param name="proof">Null: the response of the browser was wrong.</param>
    public Task<EditResult<ChangedCredentials>> ConfirmAsync(
        Caller caller,
        PasskeyProof? proof,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ChangedCredentials>>(
            async db =>
                proof?.PersonId == caller.PersonId && await passkeys.UseAsync(db, proof, cancel)
                    ? new ChangedCredentials(await confirmation.RenewAsync(db, caller, cancel))
                    : new Refusal.Forbidden(),
            cancel
        );

    private static async Task<bool> IsFullAsync(SignpostDb db, Caller caller, CancellationToken cancel) =>
        await db.Passkeys.CountAsync(passkey => passkey.PersonId == caller.PersonId, cancel) >= Most;
}
