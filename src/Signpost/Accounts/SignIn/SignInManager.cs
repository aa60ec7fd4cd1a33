using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;
using Signpost.Storage;
using Signpost.Web;

namespace Signpost.Accounts.SignIn;

/// <summary>The result of an attempt to sign in.</summary>
internal abstract record SignInResult
{
    private SignInResult() { }

    /// <param name="Secret">The secret for the cookie.</param>
    public sealed record Welcome(string Secret) : SignInResult;

    /// <param name="Ticket">Proves for five minutes that the password was right.</param>
    public sealed record NeedsCode(string Ticket) : SignInResult;

    /// <summary>The same result for an unknown account, a wrong password and a disabled account, also of a provider.</summary>
    public sealed record Wrong : SignInResult;

    /// <summary>The password was right too long ago, or something changed since.</summary>
    public sealed record TooLate : SignInResult;

    public sealed record TooMany(TimeSpan Wait) : SignInResult;
}

/// <summary>
/// Signs people in. Neither the result nor its duration tells whether an account exists. Wrong attempts are
/// limited by address, and by account from that address, for a time only.
/// </summary>
internal sealed class SignInManager(
    Database database,
    PasswordHashing hashing,
    Sessions sessions,
    SecondFactor second,
    AttemptLimiter limiter,
    AuditLog audit,
    IDataProtectionProvider protection,
    TimeProvider clock
)
{
    private static readonly Allowance PerAddress = new(10, TimeSpan.FromMinutes(1));
    private static readonly Allowance PerAccount = new(10, TimeSpan.FromMinutes(15));

    // Six digits are easy to guess, and the attacker knows the password already. So attempts from all addresses count together.
    private static readonly Allowance Codes = new(10, TimeSpan.FromMinutes(15), IsKept: true);
    private static readonly TimeSpan TicketLife = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _tickets = protection.CreateProtector("Signpost.SecondFactor");

    /// <summary>Counts an attempt to sign in, in whatever way. Returns the time to wait if the address has none left, else null.</summary>
    public static TimeSpan? TakeAddress(AttemptLimiter limiter, Origin origin) =>
        limiter.Take($"sign-in {ClientNetwork.One(origin.Address)}", PerAddress);

    /// <summary>The first step.</summary>
    /// <param name="former">The secret of the session that this one replaces in the browser; null: none.</param>
    public async Task<SignInResult> PasswordAsync(
        string email,
        string password,
        string? former,
        Origin origin,
        CancellationToken cancel
    )
    {
        var who = ClientNetwork.One(origin.Address);
        var name = AccountRules.Email(email) is null ? Person.Normalize(email) : "";
        var forAccount = $"sign-in {name} {who}";
        if ((TakeAddress(limiter, origin) ?? limiter.Take(forAccount, PerAccount)) is { } wait)
            return new SignInResult.TooMany(wait);

        Person? person;
        await using (var db = database.Read())
            person = await db.People.FirstOrDefaultAsync(one => one.NormalizedEmail == name, cancel);
        var fits = AccountRules.FitsHash(password);
        var verdict = await hashing.VerifyAsync(fits ? person?.PasswordHash : null, fits ? password : "", cancel);
        if (verdict is PasswordVerificationResult.Failed || person is null or { IsDisabled: true })
        {
            await NoteAsync(AuditEvent.SignInFailed, person?.Id, origin, cancel);
            return new SignInResult.Wrong();
        }

        limiter.Forget(forAccount);
        var better =
            verdict is PasswordVerificationResult.SuccessRehashNeeded
                ? await hashing.HashAsync(password, cancel)
                : null;
        return person.TwoFactorEnabled
            ? new SignInResult.NeedsCode(Ticket(person))
            : await OpenAsync(person, better, former, origin, cancel);
    }

    /// <summary>The second step.</summary>
    /// <param name="former">As in the first step.</param>
    public async Task<SignInResult> CodeAsync(
        string ticket,
        string typed,
        string? former,
        Origin origin,
        CancellationToken cancel
    )
    {
        if (Read(ticket) is not var (id, stamp))
            return new SignInResult.TooLate();
        var forAccount = $"code {id}";
        if ((TakeAddress(limiter, origin) ?? limiter.Take(forAccount, Codes)) is { } wait)
            return new SignInResult.TooMany(wait);

        var result = await database.WriteAsync<SignInResult>(
            async db =>
            {
                if (
                    await db.People.FirstOrDefaultAsync(one => one.Id == id, cancel) is not { IsDisabled: false } person
                    || person.SecurityStamp != stamp
                )
                    return new SignInResult.TooLate();

                var proof = await second.ProveAsync(db, person, typed, cancel);
                if (proof is Proof.None)
                {
                    audit.Add(db, new(AuditEvent.SecondFactorFailed, id, ActorId: null, origin.Network));
                    await db.SaveChangesAsync(cancel);
                    return new SignInResult.Wrong();
                }

                if (proof is Proof.RecoveryCode)
                    audit.Add(db, new(AuditEvent.RecoveryCodeUsed, id, id, origin.Network));
                person.SignIns++;
                audit.Add(db, new(AuditEvent.SignedIn, id, id, origin.Network, origin.Device));
                await Sessions.EndFormerAsync(db, former, cancel);
                return new SignInResult.Welcome(await sessions.OpenAsync(db, person, origin, cancel));
            },
            cancel
        );
        if (result is SignInResult.Welcome)
            limiter.Forget(forAccount);
        return result;
    }

    /// <summary>Tells whether a ticket of the first step is still valid.</summary>
    public bool IsGood(string ticket) => Read(ticket) is not null;

    private Task<SignInResult> OpenAsync(
        Person seen,
        string? betterHash,
        string? former,
        Origin origin,
        CancellationToken cancel
    ) =>
        database.WriteAsync<SignInResult>(
            async db =>
            {
                // The person may have changed since the check outside the transaction. Then the attempt fails.
                if (
                    await db.People.FirstOrDefaultAsync(one => one.Id == seen.Id, cancel)
                        is not { IsDisabled: false, TwoFactorEnabled: false } person
                    || person.SecurityStamp != seen.SecurityStamp
                )
                    return new SignInResult.Wrong();

                person.PasswordHash = betterHash ?? person.PasswordHash;
                person.SignIns++;
                audit.Add(db, new(AuditEvent.SignedIn, person.Id, person.Id, origin.Network, origin.Device));
                await Sessions.EndFormerAsync(db, former, cancel);
                return new SignInResult.Welcome(await sessions.OpenAsync(db, person, origin, cancel));
            },
            cancel
        );

    private Task<int> NoteAsync(string what, long? accountId, Origin origin, CancellationToken cancel) =>
        database.WriteAsync(
            db =>
            {
                audit.Add(db, new(what, accountId, ActorId: null, origin.Network));
                return db.SaveChangesAsync(cancel);
            },
            cancel
        );

    private string Ticket(Person person)
    {
        var end = (clock.GetUtcNow() + TicketLife).ToUnixTimeMilliseconds();
        return _tickets.Protect(
            string.Create(CultureInfo.InvariantCulture, $"{person.Id} {person.SecurityStamp} {end}")
        );
    }

    private (long Id, string Stamp)? Read(string ticket)
    {
        try
        {
            return
                _tickets.Unprotect(ticket).Split(' ') is [var id, var stamp, var end]
                && long.Parse(end, CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeMilliseconds()
                ? (long.Parse(id, CultureInfo.InvariantCulture), stamp)
                : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}
