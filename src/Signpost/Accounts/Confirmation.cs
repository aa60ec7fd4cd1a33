using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>
/// Asks the person of a session who they are before credentials change, so that a session that was left open is not enough: by the
/// current password, or, if the person has none, by a provider or a passkey a short time ago.
/// </summary>
internal sealed class Confirmation(
    Database database,
    PasswordHashing hashing,
    Sessions sessions,
    AttemptLimiter limiter
)
{
    public const string NoPassword = "You have no password here. First confirm that it is you.";

    private static readonly Allowance Tries = new(10, TimeSpan.FromMinutes(15), IsKept: true);

    /// <summary>Returns the refusal; null: the person is confirmed.</summary>
    /// <param name="password">The current password as it was sent.</param>
    public async Task<Refusal?> RefuseAsync(Caller caller, string password, CancellationToken cancel)
    {
        string? hash;
        await using (var db = database.Read())
            hash = (await db.People.SingleAsync(person => person.Id == caller.PersonId, cancel)).PasswordHash;
        if (hash is null)
            return await sessions.IsConfirmedAsync(caller, cancel)
                ? null
                : new Refusal.Invalid(new FieldError(NoPassword, "current"));

        var tries = $"own {caller.PersonId}";
        if (limiter.Take(tries, Tries) is { } wait)
            return new Refusal.TooMany(wait);
        var fits = AccountRules.FitsHash(password);
        if (
            await hashing.VerifyAsync(fits ? hash : null, fits ? password : "", cancel)
            is PasswordVerificationResult.Failed
        )
            return new Refusal.Invalid(new FieldError("The current password is wrong.", "current"));

        limiter.Forget(tries);
        return null;
    }

    /// <summary>Replaces the session of a person who is confirmed. The other sessions go on. Returns the secret for the cookie.</summary>
    public async Task<string> RenewAsync(SignpostDb db, Caller caller, CancellationToken cancel)
    {
        var person = await db.People.SingleAsync(person => person.Id == caller.PersonId, cancel);
        if (caller.Credential is Credential.Session(var id))
            await Sessions.EndAsync(db, caller.PersonId, id, cancel);
        return await sessions.OpenAsync(db, person, caller.Origin, cancel);
    }

    /// <summary>Ends every session of the person, and opens one in place of this one. Returns the secret for the cookie.</summary>
    public async Task<string> ReopenAsync(SignpostDb db, Caller caller, CancellationToken cancel)
    {
        var person = await db.People.SingleAsync(person => person.Id == caller.PersonId, cancel);
        await Sessions.EndAllAsync(db, person, cancel);
        // Without a password nothing was asked for just now: the confirmation by the provider or a passkey must not last longer.
        return await sessions.OpenAsync(db, person, caller.Origin, cancel, person.PasswordHash is not null);
    }
}
