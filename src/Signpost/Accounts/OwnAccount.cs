using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>The result of a change of one's own credentials.</summary>
/// <param name="Secret">The new secret for the cookie; null: the session keeps its secret.</param>
/// <param name="RecoveryCodes">New recovery codes, shown only once.</param>
internal sealed record ChangedCredentials(string? Secret = null, IReadOnlyList<string>? RecoveryCodes = null);

/// <summary>A new key, and the session's new secret for the cookie if the password was asked for; null: the session goes on.</summary>
internal sealed record ConfirmedKey(MadeKey Made, string? Secret);

/// <summary>
/// Changes the credentials of the caller. It asks for the current password, so that a session that was left open is not
/// enough; and it ends every other session and gives this one a new secret.
/// </summary>
internal sealed class OwnAccount(
    Database database,
    AccountEditor editor,
    AccountRemoval removal,
    KeyEditor keys,
    Confirmation confirmation,
    Sessions sessions,
    SecondFactor second,
    AttemptLimiter limiter,
    AuditLog audit
)
{
    private const string OtherEmail = "This is not the e-mail address of your account.";

    // Six digits are easy to guess.
    private static readonly Allowance Codes = new(10, TimeSpan.FromMinutes(15), IsKept: true);

    public async Task<EditResult<ChangedCredentials>> ChangeAsync(
        Caller caller,
        AccountChanges wanted,
        string password,
        bool revokesKeys,
        CancellationToken cancel
    )
    {
        if (await confirmation.RefuseAsync(caller, password, cancel) is { } refused)
            return refused;

        string? secret = null;
        var edit = await editor.UpdateAsync(
            caller,
            caller.PersonId,
            wanted,
            async (db, _) =>
            {
                if (revokesKeys)
                    await keys.RevokeAllAsync(db, caller, cancel);
                secret = await confirmation.ReopenAsync(db, caller, cancel);
            },
            cancel
        );
        return edit is EditResult<ResourceId>.Refused(var why) ? why : new ChangedCredentials(secret);
    }

    /// <summary>Deletes the account with all its things. It asks for the e-mail address and the current password.</summary>
    public async Task<EditResult<ResourceId>> DeleteAsync(
        Caller caller,
        string email,
        string password,
        CancellationToken cancel
    )
    {
        var typed = Person.Normalize(email);
        await using (var db = database.Read())
            if (
                AccountRules.Email(email) is not null
                || !await db.People.AnyAsync(one => one.Id == caller.PersonId && one.NormalizedEmail == typed, cancel)
            )
                return new Refusal.Invalid(new FieldError(OtherEmail, "email"));
        if (await confirmation.RefuseAsync(caller, password, cancel) is { } refused)
            return refused;

        var edit = await removal.DeleteAsync(caller, caller.PersonId, new Inheritance.DeleteAll(), cancel);
        // The form has no field for the account.
        return edit is EditResult<ResourceId>.Refused(Refusal.Invalid(var errors))
            ? new Refusal.Invalid([.. errors.Select(error => error with { Field = null })])
            : edit;
    }

    /// <summary>Makes a key. It asks for the current password, unless the person confirmed within the last 10 minutes who they are.</summary>
    public async Task<EditResult<ConfirmedKey>> MakeKeyAsync(
        Caller caller,
        NewKey wanted,
        string password,
        CancellationToken cancel
    )
    {
        if (wanted.Errors is not [])
            return new Refusal.Invalid(wanted.Errors);
        var isConfirmed = await sessions.IsConfirmedAsync(caller, cancel);
        if (!isConfirmed && await confirmation.RefuseAsync(caller, password, cancel) is { } refused)
            return refused;

        string? secret = null;
        var edit = await keys.MakeAsync(
            caller,
            caller.AccountId,
            wanted,
            async (db, _) => secret = isConfirmed ? null : await confirmation.RenewAsync(db, caller, cancel),
            cancel
        );
        return edit switch
        {
            EditResult<MadeKey>.Done(var made) => new ConfirmedKey(made, secret),
            EditResult<MadeKey>.Refused(var why) => why,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Creates a secret for the app. The second factor is still off.</summary>
    public Task<EditResult<ChangedCredentials>> BeginSecondFactorAsync(
        Caller caller,
        string password,
        CancellationToken cancel
    ) =>
        WithPasswordAsync(
            caller,
            password,
            async (db, person) =>
            {
                if (!person.TwoFactorEnabled)
                    await second.BeginAsync(db, person, cancel);
                return new ChangedCredentials();
            },
            cancel
        );

    /// <summary>Turns the second factor on if the code is right.</summary>
    public async Task<EditResult<ChangedCredentials>> ConfirmSecondFactorAsync(
        Caller caller,
        string code,
        CancellationToken cancel
    )
    {
        if (limiter.Take($"code {caller.PersonId}", Codes) is { } wait)
            return new Refusal.TooMany(wait);
        return await InAccountAsync(
            caller,
            async (db, person) =>
            {
                if (await second.ConfirmAsync(db, person, code, cancel) is not { } codes)
                    return new Refusal.Invalid(
                        new FieldError(
                            "The code is wrong. The app shows a new code every 30 seconds: try the next one.",
                            "code"
                        )
                    );
                audit.Add(db, AuditLine.By(caller, AuditEvent.SecondFactorOn, caller.PersonId));
                return new ChangedCredentials(await confirmation.ReopenAsync(db, caller, cancel), codes);
            },
            cancel
        );
    }

    public Task<EditResult<ChangedCredentials>> RenewRecoveryCodesAsync(
        Caller caller,
        string password,
        CancellationToken cancel
    ) =>
        WithPasswordAsync(
            caller,
            password,
            async (db, person) =>
            {
                audit.Add(db, AuditLine.By(caller, AuditEvent.RecoveryCodesRenewed, caller.PersonId));
                return new ChangedCredentials(
                    RecoveryCodes: await SecondFactor.NewRecoveryCodesAsync(db, person, cancel)
                );
            },
            cancel
        );

    public Task<EditResult<ChangedCredentials>> TurnSecondFactorOffAsync(
        Caller caller,
        string password,
        CancellationToken cancel
    ) =>
        WithPasswordAsync(
            caller,
            password,
            async (db, person) =>
            {
                await SecondFactor.TurnOffAsync(db, person, cancel);
                audit.Add(db, AuditLine.By(caller, AuditEvent.SecondFactorOff, caller.PersonId));
                return new ChangedCredentials(await confirmation.ReopenAsync(db, caller, cancel));
            },
            cancel
        );

    /// <summary>Ends one session; the current one is allowed, too.</summary>
    public Task<bool> EndSessionAsync(Caller caller, long sessionId, CancellationToken cancel) =>
        database.WriteAsync(
            async db =>
            {
                if (!await Sessions.EndAsync(db, caller.PersonId, sessionId, cancel))
                    return false;
                var what =
                    caller.Credential == new Credential.Session(sessionId)
                        ? AuditEvent.SignedOut
                        : AuditEvent.SessionEnded;
                audit.Add(db, AuditLine.By(caller, what, caller.PersonId));
                await db.SaveChangesAsync(cancel);
                return true;
            },
            cancel
        );

    /// <summary>Ends every session of the person, and revokes every key of the account if that is wanted.</summary>
    public Task<bool> EndAllSessionsAsync(Caller caller, bool revokesKeys, CancellationToken cancel) =>
        database.WriteAsync(
            async db =>
            {
                var person = await db.People.SingleAsync(person => person.Id == caller.PersonId, cancel);
                await Sessions.EndAllAsync(db, person, cancel);
                if (revokesKeys)
                    await keys.RevokeAllAsync(db, caller, cancel);
                audit.Add(db, AuditLine.By(caller, AuditEvent.SignedOutEverywhere, caller.PersonId));
                return await db.SaveChangesAsync(cancel) > 0;
            },
            cancel
        );

    /// <summary>The secret that waits for its proof, and the e-mail address that names it in the app.</summary>
    public async Task<(string Secret, string Email)?> PendingSecondFactorAsync(Caller caller, CancellationToken cancel)
    {
        await using var db = database.Read();
        var person = await db.People.SingleAsync(person => person.Id == caller.PersonId, cancel);
        return await second.PendingAsync(db, person, cancel) is { } secret ? (secret, person.Email!) : null;
    }

    public async Task<int> RecoveryCodesLeftAsync(Caller caller, CancellationToken cancel)
    {
        await using var db = database.Read();
        var person = await db.People.SingleAsync(person => person.Id == caller.PersonId, cancel);
        return await SecondFactor.RecoveryCodesLeftAsync(db, person, cancel);
    }

    private async Task<EditResult<ChangedCredentials>> WithPasswordAsync(
        Caller caller,
        string password,
        Func<SignpostDb, Person, Task<EditResult<ChangedCredentials>>> act,
        CancellationToken cancel
    ) =>
        await confirmation.RefuseAsync(caller, password, cancel) is { } why
            ? why
            : await InAccountAsync(caller, act, cancel);

    private Task<EditResult<ChangedCredentials>> InAccountAsync(
        Caller caller,
        Func<SignpostDb, Person, Task<EditResult<ChangedCredentials>>> act,
        CancellationToken cancel
    ) =>
        database.WriteAsync(
            async db =>
            {
                var edit = await act(db, await db.People.SingleAsync(one => one.Id == caller.PersonId, cancel));
                await db.SaveChangesAsync(cancel);
                return edit;
            },
            cancel
        );
}
