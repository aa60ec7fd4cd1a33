using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>A mail as admins see it: without its text, which may hold a one-time address.</summary>
internal sealed record ListedMail(
    long Id,
    string Recipient,
    string Subject,
    int Tries,
    string? Failure,
    long? NextTryAt,
    long MadeAt
);

/// <summary>Reads the mails that wait or failed, and deletes one.</summary>
internal sealed class MailCatalog(Database database, AuditLog audit)
{
    public async Task<long> CountAsync(CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.Mails.LongCountAsync(cancel);
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ListedMail>> ListAsync(long offset, int count, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await Listed(db.Mails.OrderByDescending(mail => mail.Id).Skip((int)offset).Take(count))
            .ToListAsync(cancel);
    }

    /// <summary>The mails that failed at least once, newest first.</summary>
    public async Task<IReadOnlyList<ListedMail>> ListFailedAsync(int count, CancellationToken cancel)
    {
        await using var db = database.Read();
        var failed = db.Mails.Where(mail => mail.Failure != null);
        return await Listed(failed.OrderByDescending(mail => mail.Id).Take(count)).ToListAsync(cancel);
    }

    /// <summary>
    /// The mails to the present address of a person, the oldest first. A mail to another address is not one of them: it would tell that the
    /// address has no account.
    /// </summary>
    /// <param name="after">Only mails with a higher id.</param>
    public async Task<IReadOnlyList<ListedMail>> ListOfPersonAsync(
        long personId,
        long after,
        int count,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var found = db
            .Mails.Where(mail => mail.PersonId == personId && mail.Id > after)
            .Where(mail => db.People.Any(person => person.Id == personId && person.Email == mail.Recipient));
        return await Listed(found.OrderBy(mail => mail.Id).Take(count)).ToListAsync(cancel);
    }

    /// <summary>Deletes a mail, which is not sent any more.</summary>
    public async Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, CancellationToken cancel)
    {
        if (!caller.May(Scopes.Admin))
            return new Refusal.Forbidden();
        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await db.Mails.FirstOrDefaultAsync(mail => mail.Id == id, cancel) is not { } mail)
                    return new Refusal.Missing();
                db.Mails.Remove(mail);
                audit.Add(db, AuditLine.By(caller, AuditEvent.MailDeleted, mail.PersonId));
                await db.SaveChangesAsync(cancel);
                return new ResourceId(id);
            },
            cancel
        );
    }

    private static IQueryable<ListedMail> Listed(IQueryable<QueuedMail> mails) =>
        mails.Select(mail => new ListedMail(
            mail.Id,
            mail.Recipient,
            mail.Subject,
            mail.Tries,
            mail.Failure,
            mail.NextTryAt,
            mail.MadeAt
        ));
}
