using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Keys;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>How making the first admin ended.</summary>
internal abstract record FirstAdminResult
{
    private FirstAdminResult() { }

    public sealed record Made : FirstAdminResult;

    /// <param name="Problems">Sentences by field: <c>email</c>, <c>password</c>.</param>
    public sealed record Wrong(IReadOnlyDictionary<string, string> Problems) : FirstAdminResult;

    /// <summary>There is an admin already: set-up is closed for good.</summary>
    public sealed record Closed : FirstAdminResult;
}

/// <summary>Makes the first admin account, once, in the browser or from the settings.</summary>
internal sealed class FirstAdmin(Database database, IPasswordHasher<Account> hasher, TimeProvider clock)
{
    /// <summary>Makes the admin, with <paramref name="key"/> as first API key if there is one; or says what is wrong.</summary>
    public async Task<FirstAdminResult> MakeAsync(string email, string password, string? key, CancellationToken cancel)
    {
        Dictionary<string, string> problems = [];
        if (AccountRules.Email(email) is { } aboutEmail)
            problems["email"] = aboutEmail;
        if (AccountRules.Password(password) is { } aboutPassword)
            problems["password"] = aboutPassword;
        if (problems.Count > 0)
            return new FirstAdminResult.Wrong(problems);
        // Hashing takes long on purpose: not for a door that is closed, and not while others wait to write.
        if (await ExistsAsync(cancel))
            return new FirstAdminResult.Closed();

        var now = clock.GetUtcNow();
        var account = new Account
        {
            UserName = email,
            NormalizedUserName = email.ToUpperInvariant(),
            Email = email,
            NormalizedEmail = email.ToUpperInvariant(),
            EmailConfirmed = true,
            LockoutEnabled = true,
            SecurityStamp = Guid.NewGuid().ToString("N"),
            CreatedAt = now.ToUnixTimeMilliseconds(),
        };
        account.PasswordHash = hasher.HashPassword(account, password);

        return await database.WriteAsync<FirstAdminResult>(
            async db =>
            {
                // Asked again inside the transaction: of two at once, one finds the door closed.
                if (await Admins(db).AnyAsync(cancel))
                    return new FirstAdminResult.Closed();

                var role = await RoleAsync(db, cancel);
                db.Users.Add(account);
                await db.SaveChangesAsync(cancel);
                db.UserRoles.Add(new() { UserId = account.Id, RoleId = role.Id });
                if (key is not null)
                    db.ApiKeys.Add(ApiKeys.Row(account.Id, key, "First key", now));
                await db.SaveChangesAsync(cancel);
                return new FirstAdminResult.Made();
            },
            cancel
        );
    }

    /// <summary>Tells whether there is an admin. Plain SQL, because every start asks.</summary>
    public Task<bool> ExistsAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            "SELECT 1 FROM account_roles ar JOIN roles r ON r.id = ar.role_id WHERE r.name = @admin LIMIT 1",
            ("@admin", Account.AdminRole)
        );
        return Task.FromResult(command.ExecuteScalar() is not null);
    }

    /// <summary>The first admin is the one with the lowest id.</summary>
    public static IQueryable<Account> Admins(SignpostDb db) =>
        from account in db.Users
        join member in db.UserRoles on account.Id equals member.UserId
        join role in db.Roles on member.RoleId equals role.Id
        where role.Name == Account.AdminRole
        orderby account.Id
        select account;

    /// <summary>The role of admins, made when it is first needed.</summary>
    public static async Task<IdentityRole<long>> RoleAsync(SignpostDb db, CancellationToken cancel)
    {
        if (await db.Roles.SingleOrDefaultAsync(role => role.Name == Account.AdminRole, cancel) is { } known)
            return known;

        var made = new IdentityRole<long>(Account.AdminRole) { NormalizedName = Account.AdminRole.ToUpperInvariant() };
        db.Roles.Add(made);
        await db.SaveChangesAsync(cancel);
        return made;
    }
}
