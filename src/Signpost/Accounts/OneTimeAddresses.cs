using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Keys;
using Signpost.Addressing;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>
/// Addresses that work once, under the public address. Only the hash of their secret is stored. Reading one does not use it, because
/// programs that check mails open every address.
/// </summary>
internal sealed class OneTimeAddresses(PublicAddress address, TimeProvider clock)
{
    private const int SecretBytes = 32;

    /// <summary>Makes an address in the caller's transaction, which saves it.</summary>
    /// <param name="person">The person for whom it works, until their security stamp changes.</param>
    /// <param name="email">The e-mail address that it concerns.</param>
    public async Task<string> MakeAsync(
        SignpostDb db,
        OneTimeUse use,
        Person person,
        string email,
        TimeSpan life,
        CancellationToken cancel
    )
    {
        var now = clock.GetUtcNow();
        var expired = now.ToUnixTimeMilliseconds();
        await db.OneTimeAddresses.Where(one => one.ExpiresAt <= expired).ExecuteDeleteAsync(cancel);

        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        db.OneTimeAddresses.Add(
            new()
            {
                Hash = ApiKeys.Hash(secret),
                Use = use,
                PersonId = person.Id,
                SecurityStamp = person.SecurityStamp,
                Email = email,
                ExpiresAt = (now + life).ToUnixTimeMilliseconds(),
            }
        );
        return $"{address.Url}/login/{PathOf(use)}/{secret}";
    }

    /// <summary>Finds an address that still works; null: it does not exist, was used, or expired.</summary>
    public Task<OneTimeAddress?> FindAsync(SignpostDb db, OneTimeUse use, string secret, CancellationToken cancel)
    {
        var (hash, now) = (ApiKeys.Hash(secret), clock.GetUtcNow().ToUnixTimeMilliseconds());
        return db
            .OneTimeAddresses.Where(one => one.Hash == hash && one.Use == use && one.ExpiresAt > now)
            .Where(one =>
                one.PersonId == null
                || db.People.Any(person =>
                    person.Id == one.PersonId && !person.IsDisabled && person.SecurityStamp == one.SecurityStamp
                )
            )
            .AsNoTracking()
            .FirstOrDefaultAsync(cancel);
    }

    /// <summary>Uses an address in the caller's transaction; null: it does not work.</summary>
    public async Task<OneTimeAddress?> UseAsync(
        SignpostDb db,
        OneTimeUse use,
        string secret,
        CancellationToken cancel
    ) =>
        await FindAsync(db, use, secret, cancel) is { } found
        && await db.OneTimeAddresses.Where(one => one.Id == found.Id).ExecuteDeleteAsync(cancel) == 1
            ? found
            : null;

    /// <summary>Ends the addresses of a person for one use, in the caller's transaction.</summary>
    public static Task<int> EndAsync(SignpostDb db, OneTimeUse use, long personId, CancellationToken cancel) =>
        db.OneTimeAddresses.Where(one => one.Use == use && one.PersonId == personId).ExecuteDeleteAsync(cancel);

    private static string PathOf(OneTimeUse use) => use is OneTimeUse.PasswordReset ? "reset" : "confirm";
}
