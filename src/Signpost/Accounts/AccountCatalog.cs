using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>An account as its owner and admins see it.</summary>
internal sealed record Profile(
    long Id,
    string Email,
    string Name,
    string TimeZone,
    string Language,
    bool IsAdmin,
    bool IsDisabled,
    bool HasSecondFactor,
    long CreatedAt
);

/// <summary>Reads accounts.</summary>
internal sealed class AccountCatalog(Database database)
{
    public async Task<Profile?> FindAsync(long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await Profiles(db, Present(db).Where(account => account.Id == id)).FirstOrDefaultAsync(cancel);
    }

    public async Task<long> CountAsync(CancellationToken cancel)
    {
        await using var db = database.Read();
        return await Present(db).LongCountAsync(cancel);
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<Profile>> ListAsync(long offset, int count, CancellationToken cancel)
    {
        await using var db = database.Read();
        var page = Present(db).OrderByDescending(account => account.Id).Skip((int)offset).Take(count);
        return await Profiles(db, page).ToListAsync(cancel);
    }

    // An account that is being deleted is gone for everybody.
    private static IQueryable<Account> Present(SignpostDb db) =>
        db.Users.Where(account => !db.Jobs.Any(job => job.Kind == JobKind.DeleteAccount && job.Subject == account.Id));

    private static IQueryable<Profile> Profiles(SignpostDb db, IQueryable<Account> accounts) =>
        from account in accounts
        let isAdmin = (
            from member in db.UserRoles
            join role in db.Roles on member.RoleId equals role.Id
            where member.UserId == account.Id && role.Name == Account.AdminRole
            select member
        ).Any()
        select new Profile(
            account.Id,
            account.Email ?? "",
            account.Name,
            account.TimeZone,
            account.Language,
            isAdmin,
            account.IsDisabled,
            account.TwoFactorEnabled,
            account.CreatedAt
        );
}
