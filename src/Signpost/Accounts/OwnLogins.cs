using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>Connects and disconnects the caller's accounts at OpenID Connect providers, and confirms who the caller is by one of them.</summary>
internal sealed class OwnLogins(
    SignpostSettings settings,
    Database database,
    PasskeyChallenges passkeys,
    Confirmation confirmation,
    AuditLog audit,
    TimeProvider clock
)
{
    // The clocks of the two servers may differ by so much.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private static Refusal LastWay =>
        new Refusal.Invalid(
            new FieldError("This is your only way to sign in. Set a password before you disconnect it.", "current")
        );

    private static Refusal OfSomebodyElse => new Refusal.Conflict(new FieldError("This login is taken.", "provider"));

    public async Task<IReadOnlyList<PersonLogin>> ListAsync(long personId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db
            .PersonLogins.Where(login => login.PersonId == personId)
            .OrderBy(login => login.CreatedAt)
            .ToListAsync(cancel);
    }

    /// <summary>Whether the person can give a password to confirm who they are.</summary>
    public async Task<bool> HasPasswordAsync(long personId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.People.AnyAsync(person => person.Id == personId && person.PasswordHash != null, cancel);
    }

    /// <summary>Asks for the current password before the way to the provider.</summary>
    public async Task<EditResult<ChangedCredentials>> MayConnectAsync(
        Caller caller,
        string password,
        CancellationToken cancel
    ) => await confirmation.RefuseAsync(caller, password, cancel) is { } why ? why : new ChangedCredentials();

    /// <summary>Connects the account that the provider named. It ends every other session.</summary>
    public Task<EditResult<ChangedCredentials>> ConnectAsync(
        Caller caller,
        ProviderIdentity identity,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ChangedCredentials>>(
            async db =>
            {
                var connected = await ProviderSignIn.FindAsync(db, identity, cancel);
                if (connected == caller.PersonId)
                    return new ChangedCredentials();
                if (connected is not null || await IsConnectedAsync(db, caller, identity.Issuer, cancel))
                    return OfSomebodyElse;

                db.PersonLogins.Add(
                    new()
                    {
                        Issuer = identity.Issuer,
                        Subject = identity.Subject,
                        PersonId = caller.PersonId,
                        CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    }
                );
                Note(db, caller, AuditEvent.ProviderConnected, identity.Issuer);
                return new ChangedCredentials(await confirmation.ReopenAsync(db, caller, cancel));
            },
            cancel
        );

    /// <summary>Disconnects a provider. It asks for the current password, and ends every other session.</summary>
    public async Task<EditResult<ChangedCredentials>> DisconnectAsync(
        Caller caller,
        string issuer,
        string password,
        CancellationToken cancel
    )
    {
        if (await confirmation.RefuseAsync(caller, password, cancel) is { } why)
            return why;
        return await database.WriteAsync<EditResult<ChangedCredentials>>(
            async db =>
            {
                if (!await IsConnectedAsync(db, caller, issuer, cancel))
                    return new Refusal.Missing();
                if (!await HasOtherWayAsync(db, caller, issuer, passkey: null, cancel))
                    return LastWay;

                await db
                    .PersonLogins.Where(login => login.PersonId == caller.PersonId && login.Issuer == issuer)
                    .ExecuteDeleteAsync(cancel);
                Note(db, caller, AuditEvent.ProviderDisconnected, issuer);
                return new ChangedCredentials(await confirmation.ReopenAsync(db, caller, cancel));
            },
            cancel
        );
    }

    /// <summary>Confirms who the caller is: the connected account proved it to the provider after <paramref name="since"/>.</summary>
    public Task<EditResult<ChangedCredentials>> ConfirmAsync(
        Caller caller,
        ProviderIdentity identity,
        DateTimeOffset since,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ChangedCredentials>>(
            async db =>
                identity.SignedInAt is { } at
                && at >= since - ClockSkew
                && await ProviderSignIn.FindAsync(db, identity, cancel) == caller.PersonId
                    ? new ChangedCredentials(await confirmation.RenewAsync(db, caller, cancel))
                    : new Refusal.Forbidden(),
            cancel
        );

    private static Task<bool> IsConnectedAsync(SignpostDb db, Caller caller, string issuer, CancellationToken cancel) =>
        db.PersonLogins.AnyAsync(login => login.PersonId == caller.PersonId && login.Issuer == issuer, cancel);

    /// <summary>Tells whether the person can sign in without this provider or passkey, in the caller's transaction.</summary>
    /// <param name="issuer">The provider to leave out; null: none.</param>
    /// <param name="passkey">The id of the passkey to leave out; null: none.</param>
    public async Task<bool> HasOtherWayAsync(
        SignpostDb db,
        Caller caller,
        string? issuer,
        byte[]? passkey,
        CancellationToken cancel
    )
    {
        var id = caller.PersonId;
        if (settings.Oidc is not { IsRequired: true })
            if (await db.People.AnyAsync(person => person.Id == id && person.PasswordHash != null, cancel))
                return true;
        if (passkeys.Domain is not null)
            if (await db.Passkeys.AnyAsync(one => one.PersonId == id && one.CredentialId != passkey, cancel))
                return true;
        // A login of a provider that the settings no longer name signs nobody in.
        var others = await db
            .PersonLogins.Where(login => login.PersonId == id && login.Issuer != issuer)
            .Select(login => login.Issuer)
            .ToListAsync(cancel);
        return others.Exists(other => settings.Oidc?.IsIssuer(other) is true);
    }

    private void Note(SignpostDb db, Caller caller, string what, string issuer) =>
        audit.Add(db, AuditLine.By(caller, what, caller.PersonId, issuer));
}
