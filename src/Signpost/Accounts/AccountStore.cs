using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>Identity's store of an account's second factor, but that recovery codes are kept as hashes.</summary>
internal sealed class AccountStore : UserStore<Account, IdentityRole<long>, SignpostDb, long>
{
    private const int HashLength = 64;

    public AccountStore(SignpostDb db)
        : base(db)
    {
        AutoSaveChanges = false;
    }

    /// <summary>Stores codes. Redeeming one comes here too, with the hashes of the others: they stay as they are.</summary>
    public override Task ReplaceCodesAsync(
        Account user,
        IEnumerable<string> recoveryCodes,
        CancellationToken cancellationToken
    ) =>
        base.ReplaceCodesAsync(
            user,
            recoveryCodes.Select(code => code.Length == HashLength ? code : Hash(code)),
            cancellationToken
        );

    // Earlier versions hashed the others again when one was redeemed.
    public override async Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken) =>
        await base.RedeemCodeAsync(user, Hash(code), cancellationToken)
        || await base.RedeemCodeAsync(user, Hash(Hash(code)), cancellationToken);

    // One round is enough: whoever reads the hashes also reads the secret of the app, which Identity keeps in clear.
    private static string Hash(string code) =>
        Convert.ToHexString(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(code.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant())
            )
        );
}
