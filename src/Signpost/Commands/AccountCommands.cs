using Microsoft.EntityFrameworkCore;
using Signpost.Accounts;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Helps people back in who lost their password or key, from the machine's own terminal.</summary>
internal static class AccountCommands
{
    public static async Task ResetPasswordAsync(
        SignpostSettings settings,
        string email,
        TextReader input,
        TextWriter output
    )
    {
        output.Write($"New password for {email}: ");
        output.Flush();
        var password = await input.ReadLineAsync() ?? "";
        if (AccountRules.Password(password) is { } problem)
            throw new StartException($"{problem} Nothing was changed.");

        await ChangeAsync(
            settings,
            email,
            (_, account) =>
            {
                account.PasswordHash = PasswordHashing.NewHasher().HashPassword(account, password);
                // Ends every session that was opened with the old one.
                account.SecurityStamp = Guid.NewGuid().ToString("N");
                account.AccessFailedCount = 0;
                account.LockoutEnd = null;
            }
        );
        output.WriteLine();
        output.WriteLine($"The password of {email} is changed.");
    }

    public static async Task CreateKeyAsync(
        SignpostSettings settings,
        string email,
        TimeProvider clock,
        TextWriter output
    )
    {
        var key = ApiKeys.Draw();
        await ChangeAsync(
            settings,
            email,
            (db, account) => db.ApiKeys.Add(ApiKeys.Row(account.Id, key, "Made on the command line", clock.GetUtcNow()))
        );
        output.WriteLine(key);
    }

    private static async Task ChangeAsync(SignpostSettings settings, string email, Action<SignpostDb, Account> change)
    {
        using var directory = DataDirectory.Open(settings.DataDirectory);
        await using var database = new Database(directory.DatabasePath);
        await Schema.ApplyAsync(database, CancellationToken.None);
        await database.WriteAsync(
            async db =>
            {
                var name = email.ToUpperInvariant();
                var account =
                    await db.Users.SingleOrDefaultAsync(user => user.NormalizedEmail == name)
                    ?? throw new StartException($"There is no account {email} in {directory.Path}.");
                change(db, account);
                return await db.SaveChangesAsync();
            },
            CancellationToken.None
        );
    }
}
