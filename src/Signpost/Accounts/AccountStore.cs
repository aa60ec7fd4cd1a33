using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>Identity's store of an account's second factor, but that recovery codes are kept as hashes.</summary>
internal sealed class AccountStore : UserStore<Account, IdentityRole<long>, SignpostDb, long>
{
    public AccountStore(SignpostDb db)
        : base(db)
    {
        AutoSaveChanges = false;
    }

    public override Task ReplaceCodesAsync(
        Account user,
        IEnumerable<string> recoveryCodes,
        CancellationToken cancellationToken
    ) => base.ReplaceCodesAsync(user, recoveryCodes.Select(Hash), cancellationToken);

    public override Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken) =>
        base.RedeemCodeAsync(user, Hash(code), cancellationToken);

    // 10 characters of 29 are 48 bits, drawn by us: nothing that guessing would find, unlike a password.
    private static string Hash(string code) =>
        Convert.ToHexString(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(code.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant())
            )
        );
}
