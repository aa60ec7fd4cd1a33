using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts.SignIn;

/// <summary>The kind of code that was right.</summary>
internal enum Proof
{
    None,
    Code,
    RecoveryCode,
}

/// <summary>
/// The second factor: six digits from an app (TOTP), or one of ten recovery codes. Identity draws and checks both; this adds
/// that each code of the app works once, and that a new secret must be proved within 15 minutes. All of it runs in the
/// caller's transaction.
/// </summary>
internal sealed class SecondFactor(TimeProvider clock)
{
    private const int RecoveryCodes = 10;
    private const string Provider = "Signpost";
    private const string UsedCodes = "UsedCodes";
    private const string Beginning = "Beginning";

    private static readonly TimeSpan BeginningLife = TimeSpan.FromMinutes(15);

    // Longer than the provider accepts a code.
    private const long UsedMilliseconds = 5 * 60_000;

    private readonly AuthenticatorTokenProvider<Person> _codes = new();

    /// <summary>Creates the secret for the app. It is used only after a code has proved that the app has it.</summary>
    public async Task BeginAsync(SignpostDb db, Person person, CancellationToken cancel)
    {
        using var store = new PersonStore(db);
        using var manager = store.Manager();
        await store.SetAuthenticatorKeyAsync(person, manager.GenerateNewAuthenticatorKey(), cancel);
        var end = (clock.GetUtcNow() + BeginningLife).ToUnixTimeMilliseconds();
        await store.SetTokenAsync(person, Provider, Beginning, end.ToString(CultureInfo.InvariantCulture), cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>
    /// The secret of <see cref="BeginAsync"/>, in Base32, while it waits for its proof; null if there is none, or if the
    /// password was entered too long ago.
    /// </summary>
    public async Task<string?> PendingAsync(SignpostDb db, Person person, CancellationToken cancel)
    {
        using var store = new PersonStore(db);
        return
            !person.TwoFactorEnabled
            && long.TryParse(await store.GetTokenAsync(person, Provider, Beginning, cancel), out var end)
            && end > clock.GetUtcNow().ToUnixTimeMilliseconds()
            ? await store.GetAuthenticatorKeyAsync(person, cancel)
            : null;
    }

    /// <summary>Turns it on if the code is right and returns the recovery codes, which are shown only once.</summary>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(
        SignpostDb db,
        Person person,
        string code,
        CancellationToken cancel
    )
    {
        if (
            await PendingAsync(db, person, cancel) is null
            || await ProveAsync(db, person, code, cancel) is not Proof.Code
        )
            return null;

        person.TwoFactorEnabled = true;
        return await NewRecoveryCodesAsync(db, person, cancel);
    }

    public static async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(
        SignpostDb db,
        Person person,
        CancellationToken cancel
    )
    {
        using var store = new PersonStore(db);
        using var manager = store.Manager();
        var codes = await manager.GenerateNewTwoFactorRecoveryCodesAsync(person, RecoveryCodes);
        await db.SaveChangesAsync(cancel);
        return [.. codes!];
    }

    public static async Task<int> RecoveryCodesLeftAsync(SignpostDb db, Person person, CancellationToken cancel)
    {
        using var store = new PersonStore(db);
        return await store.CountCodesAsync(person, cancel);
    }

    public static async Task TurnOffAsync(SignpostDb db, Person person, CancellationToken cancel)
    {
        person.TwoFactorEnabled = false;
        await db.PersonTokens.Where(token => token.UserId == person.Id).ExecuteDeleteAsync(cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Checks a code of the app or a recovery code. A right recovery code cannot be used again.</summary>
    public async Task<Proof> ProveAsync(SignpostDb db, Person person, string typed, CancellationToken cancel)
    {
        typed = typed.Replace(" ", "", StringComparison.Ordinal);
        using var store = new PersonStore(db);
        if (typed.Length == 6 && typed.All(char.IsAsciiDigit))
            return await IsFreshCodeAsync(db, store, person, typed, cancel) ? Proof.Code : Proof.None;
        if (!person.TwoFactorEnabled || typed.Length is < 10 or > 11)
            return Proof.None;

        var isRight = await store.RedeemCodeAsync(person, typed, cancel);
        await db.SaveChangesAsync(cancel);
        return isRight ? Proof.RecoveryCode : Proof.None;
    }

    // The provider accepts a valid code several times. So used codes are stored: nobody can use a code that they have seen.
    private async Task<bool> IsFreshCodeAsync(
        SignpostDb db,
        PersonStore store,
        Person person,
        string code,
        CancellationToken cancel
    )
    {
        using var manager = store.Manager();
        if (!await _codes.ValidateAsync("", code, manager, person))
            return false;

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var used = (await store.GetTokenAsync(person, Provider, UsedCodes, cancel) ?? "")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(one => now - long.Parse(one.Split('@')[1], CultureInfo.InvariantCulture) < UsedMilliseconds)
            .ToList();
        if (used.Exists(one => one.StartsWith($"{code}@", StringComparison.Ordinal)))
            return false;

        await store.SetTokenAsync(person, Provider, UsedCodes, string.Join(' ', used.Append($"{code}@{now}")), cancel);
        await db.SaveChangesAsync(cancel);
        return true;
    }
}
