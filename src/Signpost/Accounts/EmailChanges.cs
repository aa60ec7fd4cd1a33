using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Mail;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>A change of an e-mail address that waits for its confirmation.</summary>
/// <param name="From">The address with which the person signs in now.</param>
/// <param name="To">The new address.</param>
internal sealed record AskedEmailChange(string From, string To);

/// <summary>
/// Changes the e-mail address of a person when mail is on: it counts when the person opens the one-time address that was mailed to the
/// new one. A new address that has an account gets the same response; the mail to it says that it has an account.
/// </summary>
internal sealed class EmailChanges(
    Database database,
    Confirmation confirmation,
    OneTimeAddresses addresses,
    MailQueue mails,
    AttemptLimiter limiter,
    AuditLog audit
)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);
    private static readonly Allowance PerPerson = new(5, TimeSpan.FromHours(1), IsKept: true);
    private static readonly Allowance PerEmail = new(3, TimeSpan.FromHours(1));

    /// <summary>Asks for the change, with the current password. A later request ends an earlier one.</summary>
    public async Task<EditResult<ResourceId>> AskAsync(
        Caller caller,
        string email,
        string password,
        CancellationToken cancel
    )
    {
        if (AccountRules.Email(email) is { } wrong)
            return new Refusal.Invalid(new FieldError(wrong, "email"));
        if (await confirmation.RefuseAsync(caller, password, cancel) is { } refused)
            return refused;
        if (
            (
                limiter.Take($"e-mail of {caller.PersonId}", PerPerson)
                ?? limiter.Take($"e-mail to {Person.Normalize(email)}", PerEmail)
            ) is
            { } wait
        )
            return new Refusal.TooMany(wait);

        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                var person = await db.People.SingleAsync(one => one.Id == caller.PersonId, cancel);
                await OneTimeAddresses.EndAsync(db, OneTimeUse.EmailConfirmation, person.Id, cancel);
                mails.Add(
                    db,
                    new("email_notice", person.Email!, person.Id, person.Language, Life) { Names = [("email", email)] }
                );
                if (await FindOtherAsync(db, person, email, cancel) is { } other)
                    mails.Add(db, new("email_taken", other.Email!, other.Id, other.Language, Life));
                else
                    await AddConfirmationAsync(db, person, email, cancel);
                audit.Add(db, AuditLine.By(caller, AuditEvent.EmailChangeAsked, person.Id));
                await db.SaveChangesAsync(cancel);
                return new ResourceId(person.Id);
            },
            cancel
        );
    }

    /// <summary>The change that an address confirms; null: the address does not work.</summary>
    public async Task<AskedEmailChange?> FindAsync(string secret, CancellationToken cancel)
    {
        await using var db = database.Read();
        if (
            await addresses.FindAsync(db, OneTimeUse.EmailConfirmation, secret, cancel)
            is not { PersonId: { } id } found
        )
            return null;
        var from = await db.People.Where(one => one.Id == id).Select(one => one.Email).FirstOrDefaultAsync(cancel);
        return from is null ? null : new(from, found.Email);
    }

    /// <summary>Uses the address: the change counts, and every session ends.</summary>
    public Task<EditResult<ResourceId>> ConfirmAsync(string secret, Origin origin, CancellationToken cancel) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (
                    await addresses.UseAsync(db, OneTimeUse.EmailConfirmation, secret, cancel)
                    is not { PersonId: { } id } found
                )
                    return new Refusal.Missing();
                var person = await db.People.SingleAsync(one => one.Id == id, cancel);
                // Somebody may have got an account with this address meanwhile.
                if (await FindOtherAsync(db, person, found.Email, cancel) is not null)
                    return new Refusal.Missing();

                (person.Email, person.NormalizedEmail) = (found.Email, Person.Normalize(found.Email));
                await TeamMembers.MoveSharesAsync(db, person, isProven: true, cancel);
                await Sessions.EndAllAsync(db, person, cancel);
                audit.Add(db, new(AuditEvent.EmailChanged, id, id, origin.Network));
                await db.SaveChangesAsync(cancel);
                return new ResourceId(id);
            },
            cancel
        );

    private async Task AddConfirmationAsync(SignpostDb db, Person person, string email, CancellationToken cancel)
    {
        var url = await addresses.MakeAsync(db, OneTimeUse.EmailConfirmation, person, email, Life, cancel);
        mails.Add(db, new("email_confirm", email, person.Id, person.Language, Life) { Url = url });
    }

    private static Task<Person?> FindOtherAsync(SignpostDb db, Person person, string email, CancellationToken cancel)
    {
        var name = Person.Normalize(email);
        return db.People.FirstOrDefaultAsync(one => one.NormalizedEmail == name && one.Id != person.Id, cancel);
    }
}
