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
        await FindAsync(settings, email);
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

    // Before the password is asked for.
    private static async Task FindAsync(SignpostSettings settings, string email)
    {
        using var directory = DataDirectory.OpenBeside(settings.DataDirectory);
        await using var database = await OpenAsync(settings, directory);
        await using var db = database.Read();
        await FindAsync(db, email, directory);
    }

    private static async Task ChangeAsync(
        SignpostSettings settings,
        string email,
        Func<SignpostDb, Person, Task> change
    )
    {
        using var directory = DataDirectory.OpenBeside(settings.DataDirectory);
        await using var database = await OpenAsync(settings, directory);
        await database.WriteAsync(
            async db =>
            {
                await change(db, await FindAsync(db, email, directory));
                return await db.SaveChangesAsync();
            },
            CancellationToken.None
        );
    }

    // A server reads people and keys from the database each time, so it knows of a change at once.
    private static async Task<Database> OpenAsync(SignpostSettings settings, DataDirectory directory)
    {
        if (settings.DatabaseAddress is null)
            directory.RequireDatabase();
        var database = Database.Open(settings.DatabaseAddress, directory.DatabasePath, isBeside: true);
        try
        {
            if (settings.DatabaseAddress is not null)
                directory.RequireTables(database);
            if (!directory.IsShared && database.IsAlone)
                await Schema.ApplyAsync(database, CancellationToken.None);
            else if (!Schema.IsCurrent(database))
                throw new StartException(
                    $"The server that uses {database.Place} is of an earlier version. Use its program, or stop it first."
                );
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task<Person> FindAsync(SignpostDb db, string email, DataDirectory directory)
    {
        var name = Person.Normalize(email);
        return await db.People.SingleOrDefaultAsync(one => one.NormalizedEmail == name)
            ?? throw new StartException($"There is no account {email} in {directory.Path}.");
    }
}
