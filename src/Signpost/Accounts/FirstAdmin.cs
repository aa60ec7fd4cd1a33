using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>Creates the first admin account, once, from the browser or from the settings.</summary>
internal sealed class FirstAdmin(Database database, IPasswordHasher<Person> hasher, TimeProvider clock)
{
    /// <summary>Creates the admin. Refused if there is an admin already.</summary>
    /// <param name="wanted">The e-mail address and the password are required; the language is optional.</param>
    /// <param name="afterwards">Runs in the same transaction.</param>
    public async Task<EditResult<ResourceId>> MakeAsync(
        AccountChanges wanted,
        Func<SignpostDb, Person, Task>? afterwards,
        CancellationToken cancel
    )
    {
        if (wanted.Errors is { Count: > 0 } errors)
            return new Refusal.Invalid(errors);
        // Hashing takes long on purpose. So it is skipped if there is an admin, and it runs outside the transaction.
        if (await ExistsAsync(cancel))
            return new Refusal.Forbidden();

        var now = clock.GetUtcNow();
        var admin = new Person
        {
            Account = new() { CreatedAt = now.ToUnixTimeMilliseconds() },
            Email = wanted.Email,
            NormalizedEmail = Person.Normalize(wanted.Email!),
            IsAdmin = true,
        };
        admin.Language = wanted.Language ?? admin.Language;
        AccountEditor.NewStamp(admin);
        admin.PasswordHash = hasher.HashPassword(admin, wanted.Password!);

        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                // Checked again in the transaction: of two requests at once, only one creates an admin.
                if (await Admins(db).AnyAsync(cancel))
                    return new Refusal.Forbidden();
                // Somebody may have signed in through a provider before there is an admin.
                if (await db.People.AnyAsync(one => one.NormalizedEmail == admin.NormalizedEmail, cancel))
                    return new Refusal.Invalid(
                        new FieldError("An account with this e-mail address already exists.", "email")
                    );

                db.People.Add(admin);
                await db.SaveChangesAsync(cancel);
                if (afterwards is not null)
                    await afterwards(db, admin);
                await db.SaveChangesAsync(cancel);
                return new ResourceId(admin.Id);
            },
            cancel
        );
    }

    /// <summary>Tells whether there is an admin. Plain SQL, because it runs at every start.</summary>
    public Task<bool> ExistsAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var connection = database.OpenRead();
        using var command = connection.Command(null, "SELECT 1 FROM people WHERE is_admin LIMIT 1");
        return Task.FromResult(command.ExecuteScalar() is not null);
    }

    /// <summary>The first admin is the one with the lowest id.</summary>
    public static IQueryable<Person> Admins(SignpostDb db) =>
        db.People.Where(person => person.IsAdmin).OrderBy(person => person.Id);
}
