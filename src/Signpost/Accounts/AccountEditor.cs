using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>
/// Creates and changes people with their own accounts. No edit removes or disables the last admin.
/// </summary>
internal sealed class AccountEditor(Database database, PasswordHashing hashing, AuditLog audit, TimeProvider clock)
{
    private const string OwnCredentials =
        "A key does not change this for its own account. Use the page /account, which asks for the current password.";
    private const string LastAdmin = "This is the last admin. The server needs at least one.";

    /// <summary>Creates an account. E-mail address and password are required.</summary>
    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        AccountChanges wanted,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        if (!caller.May(Scopes.Admin))
            return new Refusal.Forbidden();
        if (wanted.Errors is { Count: > 0 } errors)
            return new Refusal.Invalid(errors);
        // Checked before the slow hash, and again in the transaction.
        await using (var db = database.Read())
            if (await IsTakenAsync(db, wanted.Email!, 0, cancel))
                return Taken;

        var person = new Person { Account = new() { CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds() } };
        var hash = await hashing.HashAsync(wanted.Password!, cancel);
        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await IsTakenAsync(db, wanted.Email!, 0, cancel))
                    return Taken;
                Apply(person, wanted, hash);
                NewStamp(person);
                db.People.Add(person);
                await db.SaveChangesAsync(cancel);
                await TeamMembers.BindAsync(db, person, cancel);
                audit.Add(db, AuditLine.By(caller, AuditEvent.UserCreated, person.Id));
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(person.Id));
            },
            cancel
        );
    }

    /// <summary>Applies the changes and keeps the rest. A change of credentials or rights ends every session.</summary>
    public async Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        AccountChanges wanted,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        // A team's key never changes its person.
        if ((id != caller.PersonId || caller.ActsForTeam) && !caller.May(Scopes.Admin))
            return new Refusal.Forbidden();
        string? email;
        await using (var db = database.Read())
            if ((email = await EmailOfAsync(db, id, cancel)) is null)
                return new Refusal.Missing();
        if (wanted.ErrorsFor(wanted.Email ?? email) is { Count: > 0 } errors)
            return new Refusal.Invalid(errors);
        if (OwnCredentialOf(caller, id, wanted) is { } own)
            return new Refusal.Invalid(new FieldError(OwnCredentials, own));

        var hash = wanted.Password is { } password ? await hashing.HashAsync(password, cancel) : null;
        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                var people = db.People.Include(person => person.Account);
                if (await people.FirstOrDefaultAsync(person => person.Id == id, cancel) is not { } person)
                    return new Refusal.Missing();
                if (await AccountRemoval.IsGoingAsync(db, id, cancel))
                    return new Refusal.Missing();
                if (wanted.Email is { } address && await IsTakenAsync(db, address, id, cancel))
                    return Taken;
                if (await TakesLastAdminAsync(db, id, wanted, cancel) is { } field)
                    return new Refusal.Invalid(new FieldError(LastAdmin, field));
                if (wanted.IsDisabled is true && await TeamMembers.OnlyOwnerAsync(db, id, cancel) is { } owns)
                    return new Refusal.Invalid(new FieldError(owns, "is_disabled"));

                await NoteAsync(db, caller, person, wanted, cancel);
                var former = person.NormalizedEmail;
                Apply(person, wanted, hash);
                // An admin of the server vouches for the address of somebody else.
                if (person.NormalizedEmail != former)
                    await TeamMembers.MoveSharesAsync(db, person, isProven: id != caller.PersonId, cancel);
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(id));
            },
            cancel
        );
    }

    /// <summary>Tells whether the account is the last admin who can sign in.</summary>
    public static async Task<bool> IsLastAdminAsync(SignpostDb db, long id, CancellationToken cancel) =>
        await FirstAdmin.Admins(db).AnyAsync(admin => admin.Id == id, cancel)
        && !await FirstAdmin.Admins(db).AnyAsync(admin => admin.Id != id && !admin.IsDisabled, cancel);

    /// <summary>Ends every session, because each session is valid only with the security stamp of its start.</summary>
    public static void NewStamp(Person person) => person.SecurityStamp = Guid.NewGuid().ToString("N");

    // A stolen session can make a key: the key must not be a way to the password, also not by mail to another address, or around the
    // second factor.
    private static string? OwnCredentialOf(Caller caller, long id, AccountChanges wanted) =>
        caller.Credential is not Credential.Key || caller.PersonId != id ? null
        : wanted.Password is not null ? "password"
        : wanted.Email is not null ? "email"
        : wanted.DropsSecondFactor ? "two_factor_is_enabled"
        : null;

    private static Refusal.Conflict Taken =>
        new(new FieldError("An account with this e-mail address already exists.", "email"));

    private static Task<string?> EmailOfAsync(SignpostDb db, long id, CancellationToken cancel) =>
        db.People.Where(person => person.Id == id).Select(person => person.Email).FirstOrDefaultAsync(cancel);

    private static Task<bool> IsTakenAsync(SignpostDb db, string email, long except, CancellationToken cancel)
    {
        var name = Person.Normalize(email);
        return db.People.AnyAsync(person => person.NormalizedEmail == name && person.Id != except, cancel);
    }

    private static async Task<string?> TakesLastAdminAsync(
        SignpostDb db,
        long id,
        AccountChanges wanted,
        CancellationToken cancel
    )
    {
        var field =
            wanted.IsDisabled is true ? "is_disabled"
            : wanted.Role is Person.UserRole ? "role"
            : null;
        return field is not null && await IsLastAdminAsync(db, id, cancel) ? field : null;
    }

    // Compares with the stored values, before they change.
    private async Task NoteAsync(
        SignpostDb db,
        Caller caller,
        Person person,
        AccountChanges wanted,
        CancellationToken cancel
    )
    {
        if (wanted.Password is not null)
            Note(AuditEvent.PasswordChanged);
        if (wanted.Email is { } email && email != person.Email)
            Note(AuditEvent.EmailChanged);
        if (wanted.IsDisabled is { } disabled && disabled != person.IsDisabled)
            Note(disabled ? AuditEvent.UserDisabled : AuditEvent.UserEnabled);
        if (wanted.Role is { } role && role is Person.AdminRole != person.IsAdmin)
            Note(AuditEvent.RoleChanged, role);
        if (wanted.DropsSecondFactor && person.TwoFactorEnabled)
        {
            Note(AuditEvent.SecondFactorOff);
            await SecondFactor.TurnOffAsync(db, person, cancel);
        }

        void Note(string what, string? detail = null)
        {
            audit.Add(db, AuditLine.By(caller, what, person.Id, detail));
            NewStamp(person);
        }
    }

    private static void Apply(Person person, AccountChanges wanted, string? hash)
    {
        if (wanted.Email is { } email)
            (person.Email, person.NormalizedEmail) = (email, Person.Normalize(email));
        if (wanted.Role is { } role)
            person.IsAdmin = role is Person.AdminRole;
        person.PasswordHash = hash ?? person.PasswordHash;
        person.Language = wanted.Language ?? person.Language;
        person.IsDisabled = wanted.IsDisabled ?? person.IsDisabled;
        person.Account.Name = wanted.Name ?? person.Account.Name;
        person.Account.TimeZone = wanted.TimeZone ?? person.Account.TimeZone;
    }
}
