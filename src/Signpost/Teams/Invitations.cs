using Microsoft.EntityFrameworkCore;
using Signpost.Accounts;
using Signpost.Accounts.Audit;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Hosting;
using Signpost.Mail;
using Signpost.Storage;

namespace Signpost.Teams;

/// <summary>An invitation as its one-time address shows it. It never tells whether the e-mail address has an account.</summary>
/// <param name="IsYours">The person who is signed in may accept.</param>
internal sealed record ShownInvitation(string Email, string TeamName, bool IsYours);

/// <summary>
/// The one-time addresses of invitations. A person who has an account accepts there while signed in; a new person creates an account.
/// </summary>
/// <remarks>
/// The inviter knows the address, so it does not prove that its user reads the mailbox. Therefore an account that is created there
/// gets this invitation only, and no other invitation to the same e-mail address.
/// </remarks>
internal sealed class Invitations(
    SignpostSettings settings,
    Database database,
    OneTimeAddresses addresses,
    MailQueue mails,
    PasswordHashing hashing,
    Sessions sessions,
    AttemptLimiter limiter,
    AuditLog audit,
    TimeProvider clock
)
{
    private const string NotHere =
        "No account is created. If you have one with this e-mail address, sign in. Otherwise ask an administrator of this server for one.";

    private static readonly TimeSpan Life = TimeSpan.FromDays(7);
    private static readonly Allowance PerEmail = new(1, TimeSpan.FromDays(1));

    /// <summary>Counts an invitation of a team to an e-mail address. Returns the time to wait if there was one within a day, else null.</summary>
    public TimeSpan? TakeEmail(Member invitation) => limiter.Take(LimitOf(invitation), PerEmail);

    /// <summary>
    /// Makes the one-time address of a new invitation, and mails it if mail is on, in the caller's transaction, which saves both. The
    /// work is the same whether or not the e-mail address has an account.
    /// </summary>
    public async Task<string> OfferAsync(SignpostDb db, Caller inviter, Member invitation, CancellationToken cancel)
    {
        var person = await db.People.SingleAsync(one => one.Id == inviter.PersonId, cancel);
        var makesAccount = settings.Inviters is Inviters.Members || person.IsAdmin;
        var url = await addresses.MakeAsync(db, invitation, makesAccount, Life, cancel);
        if (mails.IsOn && limiter.Take($"invitation mail {invitation.NormalizedEmail}", PerEmail) is null)
        {
            var team = await TeamNameAsync(db, invitation, cancel);
            mails.Add(
                db,
                new("invitation", invitation.Email!, invitation.PersonId, person.Language, Life)
                {
                    Names = [("team", team)],
                    Url = url,
                }
            );
        }

        return url;
    }

    /// <summary>Finds the invitation of an address without using it; null: the address does not work.</summary>
    /// <param name="personId">The person who is signed in; null: nobody.</param>
    public async Task<ShownInvitation?> FindAsync(string secret, long? personId, CancellationToken cancel)
    {
        await using var db = database.Read();
        if (await addresses.FindAsync(db, OneTimeUse.Invitation, secret, cancel) is not { } found)
            return null;
        if (await InvitationAsync(db, found, cancel) is not { } invitation)
            return null;
        return new(
            invitation.Email!,
            await TeamNameAsync(db, invitation, cancel),
            personId is { } id && await IsOfAsync(db, invitation, id, cancel)
        );
    }

    /// <summary>
    /// Uses the address: the person who is signed in joins the team. An invitation for somebody else is missing. A person who owns too many
    /// teams becomes no owner; then the address still works.
    /// </summary>
    public Task<EditResult<ResourceId>> AcceptAsync(Caller caller, string secret, CancellationToken cancel) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (
                    await addresses.FindAsync(db, OneTimeUse.Invitation, secret, cancel) is not { } found
                    || await InvitationAsync(db, found, cancel) is not { } invitation
                    || !await IsOfAsync(db, invitation, caller.PersonId, cancel)
                )
                    return new Refusal.Missing();
                return await JoinAsync(db, invitation, caller.PersonId, caller.Origin, cancel) is { } full
                    ? new Refusal.Invalid(new FieldError(full, null))
                    : new ResourceId(invitation.Id);
            },
            cancel
        );

    /// <summary>Uses the address: creates an account that is in the team, and opens a session.</summary>
    /// <param name="wanted">The password is required; name and language are optional. The e-mail address is that of the invitation.</param>
    /// <param name="former">The secret of the session that this one replaces in the browser; null: none.</param>
    /// <returns>
    /// The secret of the session. An e-mail address that has an account and an inviter who may not bring new people get the same refusal.
    /// </returns>
    public async Task<EditResult<string>> MakeAccountAsync(
        string secret,
        AccountChanges wanted,
        string? former,
        Origin origin,
        CancellationToken cancel
    )
    {
        await using (var db = database.Read())
        {
            if (await addresses.FindAsync(db, OneTimeUse.Invitation, secret, cancel) is not { } seen)
                return new Refusal.Missing();
            if (wanted.ErrorsFor(seen.Email) is { Count: > 0 } errors)
                return new Refusal.Invalid(errors);
            if (!await MayMakeAsync(db, seen, cancel))
                return new Refusal.Conflict(new FieldError(NotHere, null));
        }

        var hash = await hashing.HashAsync(wanted.Password!, cancel);
        return await database.WriteAsync<EditResult<string>>(
            async db =>
            {
                if (
                    await addresses.FindAsync(db, OneTimeUse.Invitation, secret, cancel) is not { } found
                    || await InvitationAsync(db, found, cancel) is not { } invitation
                )
                    return new Refusal.Missing();
                if (!await MayMakeAsync(db, found, cancel))
                    return new Refusal.Conflict(new FieldError(NotHere, null));

                var person = NewPerson(found.Email, wanted, hash);
                db.People.Add(person);
                await db.SaveChangesAsync(cancel);
                audit.Add(db, new(AuditEvent.UserCreated, person.Id, person.Id, origin.Network));
                await JoinAsync(db, invitation, person.Id, origin, cancel);
                audit.Add(db, new(AuditEvent.SignedIn, person.Id, person.Id, origin.Network, origin.Device));
                await Sessions.EndFormerAsync(db, former, cancel);
                return await sessions.OpenAsync(db, person, origin, cancel);
            },
            cancel
        );
    }

    /// <summary>
    /// Makes a member of an invited person in the caller's transaction; nothing changes for a member. The one-time address of the invitation
    /// ends.
    /// </summary>
    /// <returns>The reason why the person cannot join; null: they are a member.</returns>
    public async Task<string?> JoinAsync(
        SignpostDb db,
        Member invitation,
        long personId,
        Origin origin,
        CancellationToken cancel
    )
    {
        if (invitation.JoinedAt is not null)
            return null;
        if (invitation.Role == Role.Owner && await TeamEditor.OwnsEnoughAsync(db, personId, cancel))
            return TeamEditor.TooMany;

        await db.OneTimeAddresses.Where(one => one.InvitationId == invitation.Id).ExecuteDeleteAsync(cancel);
        // Somebody who accepted and was removed may be invited again at once.
        limiter.Forget(LimitOf(invitation));
        var now = Now();
        (invitation.PersonId, invitation.JoinedAt, invitation.UpdatedAt) = (personId, now, now);
        (invitation.Email, invitation.NormalizedEmail) = (null, null);
        audit.Add(
            db,
            new(AuditEvent.MemberJoined, invitation.TeamId, personId, origin.Network, invitation.Role.Name())
        );
        await db.SaveChangesAsync(cancel);
        return null;
    }

    private static string LimitOf(Member invitation) => $"invite {invitation.TeamId} {invitation.NormalizedEmail}";

    private static Task<Member?> InvitationAsync(SignpostDb db, OneTimeAddress address, CancellationToken cancel) =>
        db.Members.FirstOrDefaultAsync(one => one.Id == address.InvitationId && one.JoinedAt == null, cancel);

    private static Task<string> TeamNameAsync(SignpostDb db, Member invitation, CancellationToken cancel) =>
        db.Accounts.Where(team => team.Id == invitation.TeamId).Select(team => team.Name).SingleAsync(cancel);

    // An invitation that is bound to nobody is for the person who has its e-mail address and is not in the team in another way.
    private static async Task<bool> IsOfAsync(
        SignpostDb db,
        Member invitation,
        long personId,
        CancellationToken cancel
    ) =>
        invitation.PersonId is { } bound
            ? bound == personId
            : await db.People.AnyAsync(
                person =>
                    person.Id == personId
                    && person.NormalizedEmail == invitation.NormalizedEmail
                    && !db.Members.Any(other => other.TeamId == invitation.TeamId && other.PersonId == personId),
                cancel
            );

    private static async Task<bool> MayMakeAsync(SignpostDb db, OneTimeAddress address, CancellationToken cancel)
    {
        var email = Person.Normalize(address.Email);
        return address.MakesAccount
            && !await db.Members.AnyAsync(one => one.Id == address.InvitationId && one.PersonId != null, cancel)
            && !await db.People.AnyAsync(person => person.NormalizedEmail == email, cancel);
    }

    private Person NewPerson(string email, AccountChanges wanted, string hash)
    {
        var person = new Person
        {
            Account = new() { CreatedAt = Now(), Name = wanted.Name ?? "" },
            Email = email,
            NormalizedEmail = Person.Normalize(email),
            PasswordHash = hash,
            SignIns = 1,
        };
        person.Language = wanted.Language ?? person.Language;
        AccountEditor.NewStamp(person);
        return person;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
