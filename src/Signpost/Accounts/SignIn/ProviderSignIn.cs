using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Web;

namespace Signpost.Accounts.SignIn;

/// <summary>
/// Signs in people whom the OpenID Connect provider knows. A person is found by the provider and the account there, never by an
/// e-mail address. Otherwise an address that somebody may choose at the provider would open the account of somebody else here.
/// </summary>
internal sealed class ProviderSignIn(
    SignpostSettings settings,
    Database database,
    Sessions sessions,
    AttemptLimiter limiter,
    AuditLog audit,
    StartNotice notice,
    TimeProvider clock
)
{
    // Not the one of passwords: any page may send a browser here.
    private static readonly Allowance PerAddress = new(30, TimeSpan.FromMinutes(1));

    /// <summary>Counts an attempt before its tokens are fetched. Returns the time to wait if none is left, else null.</summary>
    public TimeSpan? Take(Origin origin) => limiter.Take($"provider {ClientNetwork.One(origin.Address)}", PerAddress);

    /// <summary>Signs in, and makes an account at the first sign-in if the settings or an invitation allow it. No second factor is asked for.</summary>
    /// <param name="former">The secret of the session that this one replaces in the browser; null: none.</param>
    /// <returns><see cref="SignInResult.Welcome"/> or <see cref="SignInResult.Wrong"/>.</returns>
    public async Task<SignInResult> SignInAsync(
        ProviderIdentity identity,
        string? former,
        Origin origin,
        CancellationToken cancel
    )
    {
        var result = await database.WriteAsync<SignInResult>(
            async db =>
            {
                var id = await FindAsync(db, identity, cancel);
                var person = id is null
                    ? await MakeAsync(db, identity, origin, cancel)
                    : await db.People.SingleAsync(one => one.Id == id, cancel);
                if (person is null or { IsDisabled: true })
                {
                    audit.Add(db, new(AuditEvent.ProviderRefused, person?.Id, ActorId: null, origin.Network));
                    await db.SaveChangesAsync(cancel);
                    return new SignInResult.Wrong();
                }

                await ApplyRoleAsync(db, person, identity, origin, cancel);
                person.SignIns++;
                audit.Add(db, new(AuditEvent.SignedIn, person.Id, person.Id, origin.Network, origin.Device));
                await Sessions.EndFormerAsync(db, former, cancel);
                return new SignInResult.Welcome(
                    await sessions.OpenAsync(db, person, origin, cancel, isConfirmed: false)
                );
            },
            cancel
        );
        if (result is SignInResult.Welcome && identity.IsAdmin is true)
            notice.SetupIsOpen = false;
        return result;
    }

    /// <summary>The id of the person who signs in with this account at the provider; null: there is none.</summary>
    public static Task<long?> FindAsync(SignpostDb db, ProviderIdentity identity, CancellationToken cancel) =>
        db
            .PersonLogins.Where(login => login.Issuer == identity.Issuer && login.Subject == identity.Subject)
            .Select(login => (long?)login.PersonId)
            .FirstOrDefaultAsync(cancel);

    private async Task<Person?> MakeAsync(
        SignpostDb db,
        ProviderIdentity identity,
        Origin origin,
        CancellationToken cancel
    )
    {
        if (
            identity.VerifiedEmail is not { } email
            || AccountRules.Email(email) is not null
            || settings.Oidc is not { } provider
        )
            return null;
        var (normalized, now) = (Person.Normalize(email), clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (!provider.Allows(email) && !await TeamMembers.MayMakeAccountAsync(db, normalized, now, cancel))
            return null;
        if (await db.People.AnyAsync(one => one.NormalizedEmail == normalized, cancel))
            return null;

        var person = new Person
        {
            Account = new() { CreatedAt = now, Name = AccountRules.Name(identity.Name) is null ? identity.Name : "" },
            Email = email,
            NormalizedEmail = normalized,
        };
        AccountEditor.NewStamp(person);
        db.People.Add(person);
        await db.SaveChangesAsync(cancel);
        db.PersonLogins.Add(
            new()
            {
                Issuer = identity.Issuer,
                Subject = identity.Subject,
                PersonId = person.Id,
                CreatedAt = now,
            }
        );
        await TeamMembers.BindAsync(db, person, cancel);
        audit.Add(db, new(AuditEvent.UserCreated, person.Id, person.Id, origin.Network));
        await db.SaveChangesAsync(cancel);
        return person;
    }

    // While only the provider signs people in, an admin whom it does not know cannot sign in.
    private async Task<bool> IsLastAdminAsync(
        SignpostDb db,
        Person person,
        ProviderIdentity identity,
        CancellationToken cancel
    ) =>
        settings.Oidc is { IsRequired: true }
            ? !await FirstAdmin
                .Admins(db)
                .AnyAsync(
                    admin =>
                        admin.Id != person.Id
                        && !admin.IsDisabled
                        && db.PersonLogins.Any(login => login.PersonId == admin.Id && login.Issuer == identity.Issuer),
                    cancel
                )
            : await AccountEditor.IsLastAdminAsync(db, person.Id, cancel);

    // As each change of rights, it ends the sessions that the person has.
    private async Task ApplyRoleAsync(
        SignpostDb db,
        Person person,
        ProviderIdentity identity,
        Origin origin,
        CancellationToken cancel
    )
    {
        if (identity.IsAdmin is not { } isAdmin || isAdmin == person.IsAdmin)
            return;
        if (!isAdmin && await IsLastAdminAsync(db, person, identity, cancel))
            return;
        person.IsAdmin = isAdmin;
        await Sessions.EndAllAsync(db, person, cancel);
        var role = isAdmin ? Person.AdminRole : Person.UserRole;
        audit.Add(db, new(AuditEvent.RoleChanged, person.Id, person.Id, origin.Network, role));
        await db.SaveChangesAsync(cancel);
    }
}
