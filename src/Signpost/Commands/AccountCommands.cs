using Microsoft.EntityFrameworkCore;
using Signpost.Accounts;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Gives access back to people who lost their password or key, from the machine's own terminal.</summary>
internal static class AccountCommands
{
    public static async Task ResetPasswordAsync(
        SignpostSettings settings,
        string email,
        TextReader input,
        TimeProvider clock,
        TextWriter output
    )
    {
        output.Write($"New password for {email}: ");
        output.Flush();
        var password = await input.ReadLineAsync() ?? "";
        if (AccountRules.Password(password, email) is { } problem)
            throw new StartException($"{problem} Nothing was changed.");

        var hadSecondFactor = false;
        await ChangeAsync(
            settings,
            email,
            async (db, person) =>
            {
                person.PasswordHash = PasswordHashing.NewHasher().HashPassword(person, password);
                // The operator could read the database as well, so the command also helps people who lost their phone.
                hadSecondFactor = person.TwoFactorEnabled;
                await SecondFactor.TurnOffAsync(db, person, CancellationToken.None);
                await Sessions.EndAllAsync(db, person, CancellationToken.None);
                Note(db, AuditEvent.PasswordChanged, person, clock);
            }
        );
        output.WriteLine();
        output.WriteLine($"The password of {email} is changed, and every session is ended.");
        if (hadSecondFactor)
            output.WriteLine("Its second factor is off.");
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
            (db, person) =>
            {
                db.ApiKeys.Add(ApiKeys.Row(person.Id, key, "Made on the command line", clock.GetUtcNow()));
                Note(db, AuditEvent.KeyMade, person, clock);
                return Task.CompletedTask;
            }
        );
        output.WriteLine(key);
    }

    private static void Note(SignpostDb db, string what, Person person, TimeProvider clock) =>
        db.AuditEntries.Add(
            new()
            {
                At = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                Event = what,
                AccountId = person.Id,
                Detail = "on the command line",
            }
        );

    private static async Task ChangeAsync(
        SignpostSettings settings,
        string email,
        Func<SignpostDb, Person, Task> change
    )
    {
        using var directory = DataDirectory.Open(settings.DataDirectory);
        directory.RequireDatabase();
        await using var database = new Database(directory.DatabasePath);
        await Schema.ApplyAsync(database, CancellationToken.None);
        await database.WriteAsync(
            async db =>
            {
                var name = Person.Normalize(email);
                var person =
                    await db.People.SingleOrDefaultAsync(one => one.NormalizedEmail == name)
                    ?? throw new StartException($"There is no account {email} in {directory.Path}.");
                await change(db, person);
                return await db.SaveChangesAsync();
            },
            CancellationToken.None
        );
    }
}
