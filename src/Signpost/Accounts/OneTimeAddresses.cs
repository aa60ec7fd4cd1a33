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
    public Task<string> MakeAsync(
        SignpostDb db,
        OneTimeUse use,
        Person person,
        string email,
        TimeSpan life,
        CancellationToken cancel
    ) =>
        AddAsync(
            db,
            life,
            (hash, expires) =>
                new()
                {
                    Hash = hash,
                    Use = use,
                    PersonId = person.Id,
                    SecurityStamp = person.SecurityStamp,
                    Email = email,
                    ExpiresAt = expires,
                },
            cancel
        );

    /// <summary>Makes the address of an invitation in the caller's transaction, which saves it. It belongs to no person, and ends with the invitation.</summary>
    /// <param name="makesAccount">Whether a person without an account may create one there.</param>
    public Task<string> MakeAsync(
        SignpostDb db,
        Member invitation,
        bool makesAccount,
        TimeSpan life,
        CancellationToken cancel
    ) =>
        AddAsync(
            db,
            life,
            (hash, expires) =>
                new()
                {
                    Hash = hash,
                    Use = OneTimeUse.Invitation,
                    PersonId = null,
                    SecurityStamp = null,
                    Email = invitation.Email!,
                    ExpiresAt = expires,
                    InvitationId = invitation.Id,
                    MakesAccount = makesAccount,
                },
            cancel
        );

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
            .Where(one =>
                one.InvitationId == null
                || db.Members.Any(member => member.Id == one.InvitationId && member.JoinedAt == null)
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

    private async Task<string> AddAsync(
        SignpostDb db,
        TimeSpan life,
        Func<byte[], long, OneTimeAddress> row,
        CancellationToken cancel
    )
    {
        var now = clock.GetUtcNow();
        var expired = now.ToUnixTimeMilliseconds();
        await db.OneTimeAddresses.Where(one => one.ExpiresAt <= expired).ExecuteDeleteAsync(cancel);

        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var made = row(ApiKeys.Hash(secret), (now + life).ToUnixTimeMilliseconds());
        db.OneTimeAddresses.Add(made);
        return $"{address.Url}/login/{PathOf(made.Use)}/{secret}";
    }

    private static string PathOf(OneTimeUse use) =>
        use switch
        {
            OneTimeUse.PasswordReset => "reset",
            OneTimeUse.EmailConfirmation => "confirm",
            _ => "invitation",
        };
}
