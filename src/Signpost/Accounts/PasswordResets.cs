using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>A one-time address where a person sets a new password.</summary>
/// <param name="Url">The address. It is shown only once.</param>
/// <param name="Expires">The date on which it expires, in the caller's time zone.</param>
internal sealed record MadeReset(string Url, string Expires) : WarnedResponse;

/// <summary>Sets a new password for people who forgot theirs. The second factor stays as it is.</summary>
internal sealed class PasswordResets(
    Database database,
    OneTimeAddresses addresses,
    PasswordHashing hashing,
    KeyEditor keys,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>An address that an admin hands over works so long.</summary>
    private static readonly TimeSpan HandedLife = TimeSpan.FromDays(1);

    /// <summary>Makes an address that an admin hands over to the person. It ends the earlier ones.</summary>
    public async Task<EditResult<MadeReset>> MakeAsync(
        Caller caller,
        long id,
        AfterEdit<MadeReset>? afterwards,
        CancellationToken cancel
    )
    {
        if (!caller.May(Scopes.Admin))
            return new Refusal.Forbidden();
        // A stolen session can make a key: the key must not be a way to the password.
        if (caller.Credential is Credential.Key && caller.PersonId == id)
            return Wrong(
                "A key does not change this for its own account. Use the page /account, which asks for the current password."
            );
        return await database.WriteAsync<EditResult<MadeReset>>(
            async db =>
            {
                if (await db.People.FirstOrDefaultAsync(one => one.Id == id, cancel) is not { } person)
                    return new Refusal.Missing();
                if (await AccountRemoval.IsGoingAsync(db, id, cancel))
                    return new Refusal.Missing();
                if (person.IsDisabled)
                    return Wrong("This account is disabled: nobody can sign in to it.");

                await OneTimeAddresses.EndAsync(db, OneTimeUse.PasswordReset, id, cancel);
                var url = await addresses.MakeAsync(
                    db,
                    OneTimeUse.PasswordReset,
                    person,
                    person.Email!,
                    HandedLife,
                    cancel
                );
                audit.Add(db, AuditLine.By(caller, AuditEvent.PasswordResetMade, id));
                await db.SaveChangesAsync(cancel);
                var expires = LocalTime.Format(
                    (clock.GetUtcNow() + HandedLife).ToUnixTimeMilliseconds(),
                    caller.TimeZone
                );
                return await afterwards.DoneAsync(db, new MadeReset(url, expires));
            },
            cancel
        );
    }

    /// <summary>The e-mail address of the account whose password the address sets; null: the address does not work.</summary>
    public async Task<string?> FindAsync(string secret, CancellationToken cancel)
    {
        await using var db = database.Read();
        return (await addresses.FindAsync(db, OneTimeUse.PasswordReset, secret, cancel))?.Email;
    }

    /// <summary>Uses the address: sets the password, ends every session and, if that is wanted, revokes every key.</summary>
    /// <returns>The id of the person.</returns>
    public async Task<EditResult<long>> ResetAsync(
        string secret,
        string password,
        bool revokesKeys,
        Origin origin,
        CancellationToken cancel
    )
    {
        if (await FindAsync(secret, cancel) is not { } email)
            return new Refusal.Missing();
        if (AccountRules.Password(password, email) is { } wrong)
            return new Refusal.Invalid(new FieldError(wrong, "password"));

        var hash = await hashing.HashAsync(password, cancel);
        return await database.WriteAsync<EditResult<long>>(
            async db =>
            {
                if (await addresses.UseAsync(db, OneTimeUse.PasswordReset, secret, cancel) is not { PersonId: { } id })
                    return new Refusal.Missing();
                var person = await db.People.Include(one => one.Account).SingleAsync(one => one.Id == id, cancel);
                person.PasswordHash = hash;
                await Sessions.EndAllAsync(db, person, cancel);
                await OneTimeAddresses.EndAsync(db, OneTimeUse.PasswordReset, id, cancel);
                if (revokesKeys)
                    await keys.RevokeAllAsync(db, CallerOf(person, origin), cancel);
                audit.Add(db, new(AuditEvent.PasswordReset, id, id, origin.Network));
                await db.SaveChangesAsync(cancel);
                return id;
            },
            cancel
        );
    }

    private static Caller CallerOf(Person person, Origin origin) =>
        new(
            person.Id,
            person.Id,
            TimeZoneInfo.Utc,
            person.IsAdmin,
            Scopes.AccountWrite,
            // No session: the one-time address is the credential.
            new Credential.Session(0),
            origin
        );

    private static Refusal.Invalid Wrong(string sentence) => new(new FieldError(sentence, "user_id"));
}
