using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Signpost.Storage;

namespace Signpost.Accounts.SignIn;

/// <summary>
/// Identity's store of a person's second factor and passkeys. It stores recovery codes as hashes; Identity's own store does not.
/// Identity only reads passkeys.
/// </summary>
internal sealed class PersonStore : UserOnlyStore<Person, SignpostDb, long>
{
    private const int HashLength = 64;

    public PersonStore(SignpostDb db)
        : base(db)
    {
        AutoSaveChanges = false;
    }

    /// <summary>Identity's functions over this store.</summary>
    public UserManager<Person> Manager() =>
        new(
            this,
            Options.Create(new IdentityOptions()),
            PasswordHashing.NewHasher(),
            [],
            [],
            new Normalizer(),
            new IdentityErrorDescriber(),
            null!,
            NullLogger<UserManager<Person>>.Instance
        );

    /// <summary>Stores codes. If a code was redeemed, the argument holds the hashes of the other codes; they are kept.</summary>
    public override Task ReplaceCodesAsync(
        Person user,
        IEnumerable<string> recoveryCodes,
        CancellationToken cancellationToken
    ) =>
        base.ReplaceCodesAsync(
            user,
            recoveryCodes.Select(code => code.Length == HashLength ? code : Hash(code)),
            cancellationToken
        );

    public override Task<UserPasskeyInfo?> FindPasskeyAsync(
        Person user,
        byte[] credentialId,
        CancellationToken cancellationToken
    ) =>
        Context
            .Passkeys.Where(passkey => passkey.PersonId == user.Id && passkey.CredentialId == credentialId)
            .Select(passkey => Info(passkey))
            .FirstOrDefaultAsync<UserPasskeyInfo?>(cancellationToken);

    public override async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(
        Person user,
        CancellationToken cancellationToken
    ) =>
        await Context
            .Passkeys.Where(passkey => passkey.PersonId == user.Id)
            .Select(passkey => Info(passkey))
            .ToListAsync(cancellationToken);

    public override Task<Person?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        Context.People.FirstOrDefaultAsync(
            person =>
                Context.Passkeys.Any(passkey => passkey.PersonId == person.Id && passkey.CredentialId == credentialId),
            cancellationToken
        );

    private static UserPasskeyInfo Info(Passkey passkey) =>
        new(
            passkey.CredentialId,
            passkey.PublicKey,
            DateTimeOffset.FromUnixTimeMilliseconds(passkey.CreatedAt),
            (uint)passkey.SignCount,
            transports: [],
            isUserVerified: true,
            passkey.IsBackupEligible,
            passkey.IsBackedUp,
            attestationObject: [],
            clientDataJson: []
        );

    // Earlier versions hashed the other codes again after one was redeemed.
    public override async Task<bool> RedeemCodeAsync(Person user, string code, CancellationToken cancellationToken) =>
        await base.RedeemCodeAsync(user, Hash(code), cancellationToken)
        || await base.RedeemCodeAsync(user, Hash(Hash(code)), cancellationToken);

    // One round is enough: an attacker who reads the hashes also reads the secret of the app, which Identity stores in clear.
    private static string Hash(string code) =>
        Convert.ToHexString(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(code.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant())
            )
        );

    // Identity normalizes the address again with each update. The result must equal the stored address.
    private sealed class Normalizer : ILookupNormalizer
    {
        public string? NormalizeName(string? name) => name;

        public string? NormalizeEmail(string? email) => email is null ? null : Person.Normalize(email);
    }
}
