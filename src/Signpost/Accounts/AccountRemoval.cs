using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>The choice for the links of a deleted account.</summary>
internal abstract record Inheritance
{
    private Inheritance() { }

    public sealed record Nothing : Inheritance;

    public sealed record DeleteAll : Inheritance;

    public sealed record GiveTo(long AccountId) : Inheritance;
}

/// <summary>Starts to delete accounts. They are disabled and hidden at once; a job does the rest.</summary>
internal sealed class AccountRemoval(
    Database database,
    IEnumerable<IAccountResources> resources,
    JobRunner jobs,
    ChangeFeed feed,
    AuditLog audit
)
{
    /// <summary>
    /// Deletes an account. If it has very many links, the last ones are deleted after this returns. Admins delete any account, and a person
    /// with a session their own.
    /// </summary>
    public async Task<EditResult<ResourceId>> DeleteAsync(
        Caller caller,
        long id,
        Inheritance inheritance,
        CancellationToken cancel
    )
    {
        var isOwn = caller.PersonId == id && caller.Credential is Credential.Session;
        if (!isOwn && !caller.May(Scopes.Admin))
            return new Refusal.Forbidden();
        var begun = await CloseAsync(caller, id, inheritance, cancel);
        if (begun is EditResult<Job>.Done(var job))
            await jobs.FinishAsync(job.Id, cancel);
        return begun is EditResult<Job>.Refused(var why) ? why : new ResourceId(id);
    }

    private async Task<bool> HasThingsAsync(long id, CancellationToken cancel)
    {
        foreach (var resource in resources)
            if (await resource.AnyAsync(id, cancel))
                return true;
        return false;
    }

    private async Task<EditResult<Job>> CloseAsync(
        Caller caller,
        long id,
        Inheritance inheritance,
        CancellationToken cancel
    )
    {
        var mustSay = inheritance is Inheritance.Nothing && await HasThingsAsync(id, cancel);
        var heir = (inheritance as Inheritance.GiveTo)?.AccountId;
        return await database.WriteAsync<EditResult<Job>>(
            async db =>
            {
                if (await db.People.FirstOrDefaultAsync(person => person.Id == id, cancel) is not { } person)
                    return new Refusal.Missing();
                if (await IsGoingAsync(db, id, cancel))
                    return new Refusal.Missing();
                if (await RefusalAsync(db, id, heir, mustSay, cancel) is { } refusal)
                    return refusal;

                await TeamMembers.EndAllAsync(db, id, cancel);
                person.IsDisabled = true;
                AccountEditor.NewStamp(person);
                var job = new Job
                {
                    Kind = JobKind.DeleteAccount,
                    Subject = id,
                    AccountId = id,
                    HeirId = heir,
                };
                db.Jobs.Add(job);
                audit.Add(db, AuditLine.By(caller, AuditEvent.UserDeleted, id));
                await db.SaveChangesAsync(cancel);
                database.AfterCommit(() => feed.PublishAccount(new(id)));
                return job;
            },
            cancel
        );
    }

    /// <summary>Whether an account is being deleted.</summary>
    public static Task<bool> IsGoingAsync(SignpostDb db, long id, CancellationToken cancel) =>
        db.Jobs.AnyAsync(job => job.Kind == JobKind.DeleteAccount && job.Subject == id, cancel);

    private static async Task<Refusal?> RefusalAsync(
        SignpostDb db,
        long id,
        long? heir,
        bool mustSay,
        CancellationToken cancel
    )
    {
        if (await AccountEditor.IsLastAdminAsync(db, id, cancel))
            return new Refusal.Invalid(
                new FieldError("This is the last admin. The server needs at least one.", "user_id")
            );
        if (await TeamMembers.OnlyOwnerAsync(db, id, cancel) is { } owns)
            return new Refusal.Invalid(new FieldError(owns, "user_id"));
        if (mustSay)
            return new Refusal.Invalid(
                new FieldError(
                    "This account has links (perhaps in the trash), or domains with links of others: send links=delete, or links=transfer and to.",
                    "links"
                )
            );
        if (await db.Jobs.AnyAsync(job => job.HeirId == id, cancel))
            return new Refusal.Invalid(
                new FieldError("This account is receiving the links of another account. Try again later.", "user_id")
            );
        if (heir is null)
            return null;
        return heir == id || !await db.People.AnyAsync(person => person.Id == heir && !person.IsDisabled, cancel)
            ? new Refusal.Invalid(new FieldError("to must be the id of another account that is not disabled.", "to"))
            : null;
    }
}
