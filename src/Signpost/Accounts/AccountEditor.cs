using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>Makes and changes accounts. There is always an admin who can sign in: the last one cannot be taken away.</summary>
internal sealed class AccountEditor(Database database, PasswordHashing hashing, AuditLog audit, TimeProvider clock)
{
    private const string LastAdmin = "This is the last admin: the server would be nobody's.";

    /// <summary>Makes an account; e-mail and password must be there.</summary>
    public async Task<AccountEdit> CreateAsync(
        AccountChanges wanted,
        Actor by,
        AfterAccountEdit? afterwards,
        CancellationToken cancel
    )
    {
        if (wanted.Problems() is { Count: > 0 } problems)
            return new AccountEdit.Wrong(problems);
        // Asked before the hash, which takes long, and again in the transaction.
        await using (var db = database.Read())
            if (await IsTakenAsync(db, wanted.Email!, 0, cancel))
                return Taken;

        var account = new Account { CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(), LockoutEnabled = true };
        var hash = await hashing.HashAsync(wanted.Password!, cancel);
        return await database.WriteAsync<AccountEdit>(
            async db =>
            {
                if (await IsTakenAsync(db, wanted.Email!, 0, cancel))
                    return Taken;
                Apply(account, wanted, hash);
                NewStamp(account);
                account.EmailConfirmed = true;
                db.Users.Add(account);
                await db.SaveChangesAsync(cancel);
                if (wanted.Role is Account.AdminRole)
                    await SetAdminAsync(db, account.Id, isAdmin: true, cancel);
                audit.Add(db, new(AuditEvent.UserCreated, account.Id, by));
                await db.SaveChangesAsync(cancel);
                if (afterwards is not null)
                    await afterwards(db, account.Id);
                return new AccountEdit.Done(account.Id);
            },
            cancel
        );
    }

    /// <summary>Changes what is wanted and leaves the rest. Whatever touches the way in ends every session.</summary>
    public async Task<AccountEdit> UpdateAsync(
        long id,
        AccountChanges wanted,
        Actor by,
        AfterAccountEdit? afterwards,
        CancellationToken cancel
    )
    {
        var problems = wanted.Problems();
        await using (var db = database.Read())
            if (!await db.Users.AnyAsync(account => account.Id == id, cancel))
                return new AccountEdit.Missing();
        if (problems.Count > 0)
            return new AccountEdit.Wrong(problems);

        var hash = wanted.Password is { } password ? await hashing.HashAsync(password, cancel) : null;
        return await database.WriteAsync<AccountEdit>(
            async db =>
            {
                if (await db.Users.FirstOrDefaultAsync(account => account.Id == id, cancel) is not { } account)
                    return new AccountEdit.Missing();
                if (await AccountRemoval.IsGoingAsync(db, id, cancel))
                    return new AccountEdit.Missing();
                if (wanted.Email is { } email && await IsTakenAsync(db, email, id, cancel))
                    return Taken;
                if (await TakesLastAdminAsync(db, account, wanted, cancel) is { } field)
                    return AccountEdit.No(field, LastAdmin);

                await NoteAsync(db, account, wanted, by, cancel);
                Apply(account, wanted, hash);
                await db.SaveChangesAsync(cancel);
                if (afterwards is not null)
                    await afterwards(db, id);
                return new AccountEdit.Done(id);
            },
            cancel
        );
    }

    /// <summary>Tells whether nobody would be left to run the server without this account.</summary>
    public static async Task<bool> IsLastAdminAsync(SignpostDb db, long id, CancellationToken cancel) =>
        await FirstAdmin.Admins(db).AnyAsync(admin => admin.Id == id, cancel)
        && !await FirstAdmin.Admins(db).AnyAsync(admin => admin.Id != id && !admin.IsDisabled, cancel);

    /// <summary>Ends every session: each one was opened under the stamp of its time.</summary>
    public static void NewStamp(Account account) => account.SecurityStamp = Guid.NewGuid().ToString("N");

    private static AccountEdit.Wrong Taken =>
        AccountEdit.No("email", "There is an account with this e-mail address.", true);

    private static Task<bool> IsTakenAsync(SignpostDb db, string email, long except, CancellationToken cancel)
    {
        var name = email.ToUpperInvariant();
        return db.Users.AnyAsync(user => user.NormalizedEmail == name && user.Id != except, cancel);
    }

    private static async Task<string?> TakesLastAdminAsync(
        SignpostDb db,
        Account account,
        AccountChanges wanted,
        CancellationToken cancel
    )
    {
        var field =
            wanted.IsDisabled is true ? "is_disabled"
            : wanted.Role is Account.UserRole ? "role"
            : null;
        return field is not null && await IsLastAdminAsync(db, account.Id, cancel) ? field : null;
    }

    // Compares with what is stored, before it is changed.
    private async Task NoteAsync(
        SignpostDb db,
        Account account,
        AccountChanges wanted,
        Actor by,
        CancellationToken cancel
    )
    {
        var isAdmin = await FirstAdmin.Admins(db).AnyAsync(admin => admin.Id == account.Id, cancel);
        if (wanted.Password is not null)
            Note(AuditEvent.PasswordChanged);
        if (wanted.Email is { } email && email != account.Email)
            Note(AuditEvent.EmailChanged);
        if (wanted.IsDisabled is { } disabled && disabled != account.IsDisabled)
            Note(disabled ? AuditEvent.UserDisabled : AuditEvent.UserEnabled);
        if (wanted.DropsSecondFactor && account.TwoFactorEnabled)
        {
            Note(AuditEvent.SecondFactorOff);
            await SecondFactor.TurnOffAsync(db, account, cancel);
        }

        if (wanted.Role is { } role && role is Account.AdminRole != isAdmin)
        {
            Note(AuditEvent.RoleChanged, role);
            await SetAdminAsync(db, account.Id, role is Account.AdminRole, cancel);
        }

        void Note(string what, string? detail = null)
        {
            audit.Add(db, new(what, account.Id, by, detail));
            NewStamp(account);
        }
    }

    private static void Apply(Account account, AccountChanges wanted, string? hash)
    {
        if (wanted.Email is { } email)
        {
            (account.Email, account.UserName) = (email, email);
            account.NormalizedEmail = account.NormalizedUserName = email.ToUpperInvariant();
        }

        account.PasswordHash = hash ?? account.PasswordHash;
        account.Name = wanted.Name ?? account.Name;
        account.TimeZone = wanted.TimeZone ?? account.TimeZone;
        account.Language = wanted.Language ?? account.Language;
        account.IsDisabled = wanted.IsDisabled ?? account.IsDisabled;
    }

    private static async Task SetAdminAsync(SignpostDb db, long id, bool isAdmin, CancellationToken cancel)
    {
        var role = await FirstAdmin.RoleAsync(db, cancel);
        if (isAdmin)
            db.UserRoles.Add(new() { UserId = id, RoleId = role.Id });
        else
            await db
                .UserRoles.Where(member => member.UserId == id && member.RoleId == role.Id)
                .ExecuteDeleteAsync(cancel);
    }
}
