using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.SignIn;

/// <summary>Signs people in by a passkey. It proves the device and the person, so no second factor is asked for.</summary>
internal sealed class PasskeySignIn(
    Database database,
    PasskeyChallenges passkeys,
    Sessions sessions,
    AttemptLimiter limiter,
    AuditLog audit
)
{
    /// <summary>Counts an attempt before its response is checked. Returns the time to wait if none is left, else null.</summary>
    public TimeSpan? Take(Origin origin) => SignInManager.TakeAddress(limiter, origin);

    /// <param name="proof">Null: the response of the browser was wrong.</param>
    /// <param name="former">The secret of the session that this one replaces in the browser; null: none.</param>
    /// <returns><see cref="SignInResult.Welcome"/> or <see cref="SignInResult.Wrong"/>.</returns>
    public Task<SignInResult> SignInAsync(
        PasskeyProof? proof,
        string? former,
        Origin origin,
        CancellationToken cancel
    ) =>
        database.WriteAsync<SignInResult>(
            async db =>
            {
                var person = proof is null
                    ? null
                    : await db.People.FirstOrDefaultAsync(one => one.Id == proof.PersonId, cancel);
                if (person is null or { IsDisabled: true } || !await passkeys.UseAsync(db, proof!, cancel))
                {
                    audit.Add(db, new(AuditEvent.PasskeyRefused, person?.Id, ActorId: null, origin.Network));
                    await db.SaveChangesAsync(cancel);
                    return new SignInResult.Wrong();
                }

                person.SignIns++;
                audit.Add(db, new(AuditEvent.SignedIn, person.Id, person.Id, origin.Network, origin.Device));
                await Sessions.EndFormerAsync(db, former, cancel);
                return new SignInResult.Welcome(await sessions.OpenAsync(db, person, origin, cancel));
            },
            cancel
        );
}
