using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>How something that asks for the current password ended.</summary>
internal abstract record OwnEdit
{
    private OwnEdit() { }

    /// <param name="Secret">For the cookie: the session has begun anew, or (null) goes on.</param>
    /// <param name="RecoveryCodes">New ones, shown this one time.</param>
    public sealed record Done(string? Secret = null, IReadOnlyList<string>? RecoveryCodes = null) : OwnEdit;

    public sealed record Wrong(AccountProblem Problem) : OwnEdit;

    public sealed record TooMany(TimeSpan Wait) : OwnEdit;
}

/// <summary>
/// What people change of their own way in. It asks for the current password, so that a session that was left open is not
/// enough; and it ends every other session and gives this one a new secret.
/// </summary>
internal sealed class OwnAccount(
    Database database,
    AccountEditor editor,
    PasswordHashing hashing,
    Sessions sessions,
    SecondFactor second,
    AttemptLimiter limiter,
    AuditLog audit
)
{
    private static readonly Allowance Tries = new(10, TimeSpan.FromMinutes(15));

    public async Task<OwnEdit> ChangeAsync(
        Caller caller,
        AccountChanges wanted,
        string password,
        CancellationToken cancel
    )
    {
        if (await RefuseAsync(caller, password, cancel) is { } refused)
            return refused;

        string? secret = null;
        var edit = await editor.UpdateAsync(
            caller.PersonId,
            wanted,
            caller,
            async (db, id) => secret = await ReopenAsync(db, caller, cancel),
            cancel
        );
        return edit is AccountEdit.Wrong(var problems) ? new OwnEdit.Wrong(problems[0]) : new OwnEdit.Done(secret);
    }

    /// <summary>Draws a secret for the app; nothing is in force yet.</summary>
    public Task<OwnEdit> BeginSecondFactorAsync(Caller caller, string password, CancellationToken cancel) =>
        WithPasswordAsync(
            caller,
            password,
            async (db, person) =>
            {
                if (!person.TwoFactorEnabled)
                    await second.BeginAsync(db, person, cancel);
                return new OwnEdit.Done();
            },
            cancel
        );

    /// <summary>Turns the second factor on if the code is right.</summary>
    public async Task<OwnEdit> ConfirmSecondFactorAsync(Caller caller, string code, CancellationToken cancel)
    {
        if (limiter.Take($"code {caller.PersonId}", Tries) is { } wait)
            return new OwnEdit.TooMany(wait);
        return await InAccountAsync(
            caller,
            async (db, person) =>
            {
                if (await second.ConfirmAsync(db, person, code, cancel) is not { } codes)
                    return new OwnEdit.Wrong(
                        new("code", "That was not the code. The app shows a new one every half minute: try the next.")
                    );
                audit.Add(db, AuditLine.By(caller, AuditEvent.SecondFactorOn, caller.PersonId));
                return new OwnEdit.Done(await ReopenAsync(db, caller, cancel), codes);
            },
            cancel
        );
    }

    public Task<OwnEdit> RenewRecoveryCodesAsync(Caller caller, string password, CancellationToken cancel) =>
        WithPasswordAsync(
            caller,
            password,
            async (db, person) =>
            {
                audit.Add(db, AuditLine.By(caller, AuditEvent.RecoveryCodesRenewed, caller.PersonId));
                return new OwnEdit.Done(RecoveryCodes: await SecondFactor.NewRecoveryCodesAsync(db, person, cancel));
            },
            cancel
        );

    public Task<OwnEdit> TurnSecondFactorOffAsync(Caller caller, string password, CancellationToken cancel) =>
        WithPasswordAsync(
            caller,
            password,
            async (db, person) =>
            {
                await SecondFactor.TurnOffAsync(db, person, cancel);
                audit.Add(db, AuditLine.By(caller, AuditEvent.SecondFactorOff, caller.PersonId));
                return new OwnEdit.Done(await ReopenAsync(db, caller, cancel));
            },
            cancel
        );

    /// <summary>Ends one session, the present one too.</summary>
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

    /// <summary>Ends every session of the person.</summary>
    public Task<bool> EndAllSessionsAsync(Caller caller, CancellationToken cancel) =>
        database.WriteAsync(
            async db =>
            {
                var person = await db.People.SingleAsync(person => person.Id == caller.PersonId, cancel);
                await Sessions.EndAllAsync(db, person, cancel);
                audit.Add(db, AuditLine.By(caller, AuditEvent.SignedOutEverywhere, caller.PersonId));
                return await db.SaveChangesAsync(cancel) > 0;
            },
            cancel
        );

    /// <summary>The secret for the app while it waits to be proved, and the e-mail address to name it by.</summary>
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

    private async Task<OwnEdit?> RefuseAsync(Caller caller, string password, CancellationToken cancel)
    {
        var tries = $"own {caller.PersonId}";
        if (limiter.Take(tries, Tries) is { } wait)
            return new OwnEdit.TooMany(wait);

        string? hash;
        await using (var db = database.Read())
            hash = (await db.People.SingleAsync(person => person.Id == caller.PersonId, cancel)).PasswordHash;
        var fits = AccountRules.FitsHash(password);
        if (
            await hashing.VerifyAsync(fits ? hash : null, fits ? password : "", cancel)
            is PasswordVerificationResult.Failed
        )
            return new OwnEdit.Wrong(new("current", "This is not your current password."));

        limiter.Forget(tries);
        return null;
    }

    private async Task<OwnEdit> WithPasswordAsync(
        Caller caller,
        string password,
        Func<SignpostDb, Person, Task<OwnEdit>> act,
        CancellationToken cancel
    ) => await RefuseAsync(caller, password, cancel) ?? await InAccountAsync(caller, act, cancel);

    private Task<OwnEdit> InAccountAsync(
        Caller caller,
        Func<SignpostDb, Person, Task<OwnEdit>> act,
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

    private async Task<string> ReopenAsync(SignpostDb db, Caller caller, CancellationToken cancel)
    {
        var person = await db.People.SingleAsync(person => person.Id == caller.PersonId, cancel);
        await Sessions.EndAllAsync(db, person, cancel);
        return await sessions.OpenAsync(db, person, caller.Origin, cancel);
    }
}
