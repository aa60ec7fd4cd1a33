using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Signpost.Storage;

namespace Signpost.Accounts.SignIn;

/// <summary>What proved to be right.</summary>
internal enum Proof
{
    None,
    Code,
    RecoveryCode,
}

/// <summary>
/// The second factor: six digits from an app (TOTP, by Identity's own provider), or one of ten recovery codes, each of
/// which is good once. Everything here runs in the caller's transaction.
/// </summary>
internal sealed class SecondFactor(TimeProvider clock)
{
    private const int RecoveryCodes = 10;

    // Without what is easily taken for something else.
    private const string RecoveryAlphabet = "23456789BCDFGHJKLMNPQRSTVWXYZ";
    private const string Provider = "Signpost";
    private const string UsedCodes = "UsedCodes";
    private const string Beginning = "Beginning";

    private static readonly TimeSpan BeginningLife = TimeSpan.FromMinutes(15);

    // Longer than the provider takes a code for good.
    private const long UsedMilliseconds = 5 * 60_000;

    private readonly AuthenticatorTokenProvider<Account> _codes = new();

    /// <summary>Draws the secret that the app is to have; in force only once a code has proved that it does.</summary>
    public async Task BeginAsync(SignpostDb db, Account account, CancellationToken cancel)
    {
        using var store = new AccountStore(db);
        using var manager = Over(store);
        await store.SetAuthenticatorKeyAsync(account, manager.GenerateNewAuthenticatorKey(), cancel);
        var end = (clock.GetUtcNow() + BeginningLife).ToUnixTimeMilliseconds();
        await store.SetTokenAsync(account, Provider, Beginning, end.ToString(CultureInfo.InvariantCulture), cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>
    /// The secret of <see cref="BeginAsync"/>, in Base32, while it waits to be proved; null when none does, or when the
    /// password that it was drawn for is too long ago.
    /// </summary>
    public async Task<string?> PendingAsync(SignpostDb db, Account account, CancellationToken cancel)
    {
        using var store = new AccountStore(db);
        return
            !account.TwoFactorEnabled
            && long.TryParse(await store.GetTokenAsync(account, Provider, Beginning, cancel), out var end)
            && end > clock.GetUtcNow().ToUnixTimeMilliseconds()
            ? await store.GetAuthenticatorKeyAsync(account, cancel)
            : null;
    }

    /// <summary>Turns it on if the code is right; answers the recovery codes, which are shown this one time.</summary>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(
        SignpostDb db,
        Account account,
        string code,
        CancellationToken cancel
    )
    {
        if (
            await PendingAsync(db, account, cancel) is null
            || await ProveAsync(db, account, code, cancel) is not Proof.Code
        )
            return null;

        account.TwoFactorEnabled = true;
        return await NewRecoveryCodesAsync(db, account, cancel);
    }

    public static async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(
        SignpostDb db,
        Account account,
        CancellationToken cancel
    )
    {
        List<string> codes = [.. Enumerable.Range(0, RecoveryCodes).Select(_ => DrawRecoveryCode())];
        using var store = new AccountStore(db);
        await store.ReplaceCodesAsync(account, codes, cancel);
        await db.SaveChangesAsync(cancel);
        return codes;
    }

    public static async Task<int> RecoveryCodesLeftAsync(SignpostDb db, Account account, CancellationToken cancel)
    {
        using var store = new AccountStore(db);
        return await store.CountCodesAsync(account, cancel);
    }

    public static async Task TurnOffAsync(SignpostDb db, Account account, CancellationToken cancel)
    {
        account.TwoFactorEnabled = false;
        await db.UserTokens.Where(token => token.UserId == account.Id).ExecuteDeleteAsync(cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Judges what was typed: a code of the app, or a recovery code, which is used up by it.</summary>
    public async Task<Proof> ProveAsync(SignpostDb db, Account account, string typed, CancellationToken cancel)
    {
        typed = typed.Replace(" ", "", StringComparison.Ordinal);
        using var store = new AccountStore(db);
        if (typed.Length == 6 && typed.All(char.IsAsciiDigit))
            return await IsFreshCodeAsync(db, store, account, typed, cancel) ? Proof.Code : Proof.None;
        if (!account.TwoFactorEnabled || typed.Length is < 10 or > 11)
            return Proof.None;

        var isRight = await store.RedeemCodeAsync(account, typed, cancel);
        await db.SaveChangesAsync(cancel);
        return isRight ? Proof.RecoveryCode : Proof.None;
    }

    // The provider takes a code as long as it is valid, for whoever read it over a shoulder too: so used ones are kept.
    private async Task<bool> IsFreshCodeAsync(
        SignpostDb db,
        AccountStore store,
        Account account,
        string code,
        CancellationToken cancel
    )
    {
        using var manager = Over(store);
        if (!await _codes.ValidateAsync("", code, manager, account))
            return false;

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var used = (await store.GetTokenAsync(account, Provider, UsedCodes, cancel) ?? "")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(one => now - long.Parse(one.Split('@')[1], CultureInfo.InvariantCulture) < UsedMilliseconds)
            .ToList();
        if (used.Exists(one => one.StartsWith($"{code}@", StringComparison.Ordinal)))
            return false;

        await store.SetTokenAsync(account, Provider, UsedCodes, string.Join(' ', used.Append($"{code}@{now}")), cancel);
        await db.SaveChangesAsync(cancel);
        return true;
    }

    private static string DrawRecoveryCode() =>
        $"{RandomNumberGenerator.GetString(RecoveryAlphabet, 5)}-{RandomNumberGenerator.GetString(RecoveryAlphabet, 5)}";

    private static UserManager<Account> Over(AccountStore store) =>
        new(
            store,
            Options.Create(new IdentityOptions()),
            PasswordHashing.NewHasher(),
            [],
            [],
            new UpperInvariantLookupNormalizer(),
            new IdentityErrorDescriber(),
            null!,
            NullLogger<UserManager<Account>>.Instance
        );
}
