using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Keys;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Accounts.SignIn;

/// <summary>
/// The sessions of people who are signed in. Each request reads them, so an ended session stops at once. A session ends alone, with all others of
/// the person (a new security stamp), by its age, or after a time without requests.
/// </summary>
internal sealed class Sessions(Database database, TimeProvider clock, ExpiryClock expiry)
{
    /// <summary>A session ends after this time without a request.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(3);

    /// <summary>A session ends after this time in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>A proof, such as a password, counts for so long after it was given.</summary>
    public static readonly TimeSpan Confirmed = TimeSpan.FromMinutes(10);

    private const int SecretBytes = 32;
    private const long Minute = 60_000;

    /// <summary>Opens a session in the caller's transaction and returns the secret for the cookie.</summary>
    /// <param name="isConfirmed">Whether the person has just proved who they are, as with a password.</param>
    public async Task<string> OpenAsync(
        SignpostDb db,
        Person person,
        Origin origin,
        CancellationToken cancel,
        bool isConfirmed = true
    )
    {
        var now = Now();
        var (oldest, quiet) = Limits(expiry.GetUtcNow().ToUnixTimeMilliseconds());
        await db
            .Sessions.Where(session => session.CreatedAt <= oldest || session.LastSeenAt <= quiet)
            .ExecuteDeleteAsync(cancel);

        person.LastActiveAt = now;
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        db.Sessions.Add(
            new()
            {
                PersonId = person.Id,
                Hash = ApiKeys.Hash(secret),
                SecurityStamp = person.SecurityStamp!,
                CreatedAt = now,
                IsConfirmed = isConfirmed,
                LastSeenAt = now,
                Device = origin.Device,
                Network = origin.Network,
            }
        );
        await db.SaveChangesAsync(cancel);
        return secret;
    }

    /// <summary>Finds the session with the cookie's secret, and the language of its account; null: there is no such session.</summary>
    public async Task<(Caller Caller, string Language)?> FindAsync(
        string secret,
        Origin origin,
        CancellationToken cancel
    )
    {
        var hash = ApiKeys.Hash(secret);
        await using var db = database.Read();
        var sessions =
            from session in InForce(db)
            join person in db.People on session.PersonId equals person.Id
            where session.Hash == hash
            select new
            {
                session.Id,
                session.LastSeenAt,
                PersonId = person.Id,
                person.IsAdmin,
                person.Account.TimeZone,
                person.Language,
            };
        if (await sessions.FirstOrDefaultAsync(cancel) is not { } found)
            return null;

        if (Now() - found.LastSeenAt >= Minute)
            await TouchAsync(found.Id, found.PersonId, cancel);
        Caller caller = new(
            found.PersonId,
            AccountId: found.PersonId,
            TimeZoneInfo.FindSystemTimeZoneById(found.TimeZone),
            found.IsAdmin,
            Scopes.All,
            new Credential.Session(found.Id),
            origin
        );
        return (caller, found.Language);
    }

    /// <summary>
    /// Tells whether the person proved within the last 10 minutes who they are. Each time a new session begins, so the age of the
    /// session says it.
    /// </summary>
    public async Task<bool> IsConfirmedAsync(Caller caller, CancellationToken cancel)
    {
        if (caller.Credential is not Credential.Session(var id))
            return false;
        var earliest = Now() - (long)Confirmed.TotalMilliseconds;
        await using var db = database.Read();
        return await db.Sessions.AnyAsync(
            session => session.Id == id && session.IsConfirmed && session.CreatedAt > earliest,
            cancel
        );
    }

    /// <summary>The sessions of a person, the last active one first.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(long personId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await InForce(db)
            .Where(session => session.PersonId == personId)
            .OrderByDescending(session => session.LastSeenAt)
            .ThenByDescending(session => session.Id)
            .ToListAsync(cancel);
    }

    /// <summary>Ends the session of a cookie of any person, in the caller's transaction.</summary>
    public static async Task EndFormerAsync(SignpostDb db, string? secret, CancellationToken cancel)
    {
        if (secret is null)
            return;
        var hash = ApiKeys.Hash(secret);
        await db.Sessions.Where(session => session.Hash == hash).ExecuteDeleteAsync(cancel);
    }

    /// <summary>Ends one session of a person in the caller's transaction; false: the session does not exist.</summary>
    public static async Task<bool> EndAsync(SignpostDb db, long personId, long sessionId, CancellationToken cancel) =>
        await db
            .Sessions.Where(session => session.Id == sessionId && session.PersonId == personId)
            .ExecuteDeleteAsync(cancel) > 0;

    /// <summary>Ends all sessions of a person in the caller's transaction, which saves the new stamp.</summary>
    public static async Task EndAllAsync(SignpostDb db, Person person, CancellationToken cancel)
    {
        AccountEditor.NewStamp(person);
        await db.Sessions.Where(session => session.PersonId == person.Id).ExecuteDeleteAsync(cancel);
    }

    private IQueryable<Session> InForce(SignpostDb db)
    {
        var (oldest, quiet) = Limits(Now());
        return from session in db.Sessions
            join person in db.People on session.PersonId equals person.Id
            where session.SecurityStamp == person.SecurityStamp && !person.IsDisabled
            where session.CreatedAt > oldest && session.LastSeenAt > quiet
            select session;
    }

    private Task<int> TouchAsync(long id, long personId, CancellationToken cancel)
    {
        var now = Now();
        return database.WriteAsync(
            async db =>
            {
                await db
                    .People.Where(person => person.Id == personId)
                    .ExecuteUpdateAsync(person => person.SetProperty(p => p.LastActiveAt, now), cancel);
                return await db
                    .Sessions.Where(session => session.Id == id)
                    .ExecuteUpdateAsync(session => session.SetProperty(s => s.LastSeenAt, now), cancel);
            },
            cancel
        );
    }

    private static (long Oldest, long Quiet) Limits(long now) =>
        (now - (long)Longest.TotalMilliseconds, now - (long)Idle.TotalMilliseconds);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
