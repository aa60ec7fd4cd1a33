using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Keys;
using Signpost.Storage;

namespace Signpost.Accounts.SignIn;

/// <summary>From where somebody signs in, as far as it is kept.</summary>
internal sealed record Client(string Network, string Device);

/// <summary>Whoever is signed in, in this request.</summary>
internal sealed record SignedIn(long SessionId, long AccountId);

/// <summary>
/// Who is signed in. Asked on each request, so that a session that was ended is over at once: by itself, with all others of
/// the account (a new security stamp), by its age, or because nobody came for long.
/// </summary>
internal sealed class Sessions(Database database, TimeProvider clock)
{
    /// <summary>A session ends when nobody came for so long.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(3);

    /// <summary>A session ends after so long, whoever came.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private const int SecretBytes = 32;
    private const long Minute = 60_000;

    /// <summary>Opens a session in the caller's transaction; answers the secret for the cookie.</summary>
    public async Task<string> OpenAsync(SignpostDb db, Account account, Client client, CancellationToken cancel)
    {
        var now = Now();
        var (oldest, quiet) = Limits(now);
        await db
            .Sessions.Where(session => session.CreatedAt <= oldest || session.LastSeenAt <= quiet)
            .ExecuteDeleteAsync(cancel);

        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        db.Sessions.Add(
            new()
            {
                AccountId = account.Id,
                Hash = ApiKeys.Hash(secret),
                SecurityStamp = account.SecurityStamp!,
                CreatedAt = now,
                LastSeenAt = now,
                Device = client.Device,
                Network = client.Network,
            }
        );
        await db.SaveChangesAsync(cancel);
        return secret;
    }

    /// <summary>Finds who is signed in with the cookie's secret; null: nobody.</summary>
    public async Task<SignedIn?> FindAsync(string secret, CancellationToken cancel)
    {
        var hash = ApiKeys.Hash(secret);
        await using var db = database.Read();
        if (await InForce(db).FirstOrDefaultAsync(session => session.Hash == hash, cancel) is not { } found)
            return null;

        if (Now() - found.LastSeenAt >= Minute)
            await TouchAsync(found.Id, cancel);
        return new(found.Id, found.AccountId);
    }

    /// <summary>The sessions of an account, the one seen last first.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await InForce(db)
            .Where(session => session.AccountId == accountId)
            .OrderByDescending(session => session.LastSeenAt)
            .ThenByDescending(session => session.Id)
            .ToListAsync(cancel);
    }

    /// <summary>Ends one session of an account in the caller's transaction; false: it has none such.</summary>
    public static async Task<bool> EndAsync(SignpostDb db, long accountId, long sessionId, CancellationToken cancel) =>
        await db
            .Sessions.Where(session => session.Id == sessionId && session.AccountId == accountId)
            .ExecuteDeleteAsync(cancel) > 0;

    /// <summary>Ends all sessions of an account in the caller's transaction, which saves the new stamp.</summary>
    public static async Task EndAllAsync(SignpostDb db, Account account, CancellationToken cancel)
    {
        AccountEditor.NewStamp(account);
        await db.Sessions.Where(session => session.AccountId == account.Id).ExecuteDeleteAsync(cancel);
    }

    private IQueryable<Session> InForce(SignpostDb db)
    {
        var (oldest, quiet) = Limits(Now());
        return from session in db.Sessions
            join account in db.Users on session.AccountId equals account.Id
            where session.SecurityStamp == account.SecurityStamp && !account.IsDisabled
            where session.CreatedAt > oldest && session.LastSeenAt > quiet
            select session;
    }

    private Task<int> TouchAsync(long id, CancellationToken cancel)
    {
        var now = Now();
        return database.WriteAsync(
            db =>
                db.Sessions.Where(session => session.Id == id)
                    .ExecuteUpdateAsync(session => session.SetProperty(s => s.LastSeenAt, now), cancel),
            cancel
        );
    }

    private static (long Oldest, long Quiet) Limits(long now) =>
        (now - (long)Longest.TotalMilliseconds, now - (long)Idle.TotalMilliseconds);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
