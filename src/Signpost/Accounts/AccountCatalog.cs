using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>A person with their own account, as shown to the person and to admins.</summary>
internal sealed record Profile(
    long Id,
    string Email,
    string Name,
    string TimeZone,
    string Language,
    bool IsAdmin,
    bool IsDisabled,
    bool HasSecondFactor,
    long CreatedAt,
    long SignIns,
    long? LastActiveAt,
    Usage Usage
);

/// <summary>The size of an account's things, of which each has a limit.</summary>
internal sealed record Usage(long Links, long PictureBytes, long KeptBytes);

/// <summary>Reads people with their own accounts.</summary>
internal sealed class AccountCatalog(Database database)
{
    public async Task<Profile?> FindAsync(long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await Profiles(Present(db).Where(person => person.Id == id)).FirstOrDefaultAsync(cancel);
    }

    /// <summary>The size of the things of any account, also a team's.</summary>
    public async Task<Usage> UsageAsync(long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db
            .Accounts.Where(account => account.Id == accountId)
            .Select(account => new Usage(account.LinkCount, account.PictureBytes, account.KeptBytes))
            .SingleAsync(cancel);
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
        var page = Present(db).OrderByDescending(person => person.Id).Skip((int)offset).Take(count);
        return await Profiles(page).ToListAsync(cancel);
    }

    // An account that is being deleted is hidden from everybody.
    private static IQueryable<Person> Present(SignpostDb db) =>
        db.People.Where(person => !db.Jobs.Any(job => job.Kind == JobKind.DeleteAccount && job.Subject == person.Id));

    private static IQueryable<Profile> Profiles(IQueryable<Person> people) =>
        people.Select(person => new Profile(
            person.Id,
            person.Email!,
            person.Account.Name,
            person.Account.TimeZone,
            person.Language,
            person.IsAdmin,
            person.IsDisabled,
            person.TwoFactorEnabled,
            person.Account.CreatedAt,
            person.SignIns,
            person.LastActiveAt,
            new Usage(person.Account.LinkCount, person.Account.PictureBytes, person.Account.KeptBytes)
        ));
}
