using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>What becomes of the things of an account that is deleted.</summary>
internal abstract record Inheritance
{
    private Inheritance() { }

    public sealed record Nothing : Inheritance;

    public sealed record DeleteAll : Inheritance;

    public sealed record GiveTo(long AccountId) : Inheritance;
}

/// <summary>Begins to delete accounts: from then on they are disabled and nobody sees them; the rest is a job.</summary>
internal sealed class AccountRemoval(
    Database database,
    IEnumerable<IAccountResources> resources,
    JobRunner jobs,
    ChangeFeed feed,
    AuditLog audit
)
{
    /// <summary>Deletes an account. Of very many links the last go after this returns.</summary>
    public async Task<AccountEdit> DeleteAsync(
        long id,
        Inheritance inheritance,
        Caller caller,
        CancellationToken cancel
    )
    {
        var (refused, job) = await CloseAsync(id, inheritance, caller, cancel);
        if (job is null)
            return refused!;

        await jobs.FinishAsync(job.Id, cancel);
        return new AccountEdit.Done(id);
    }

    private async Task<bool> HasThingsAsync(long id, CancellationToken cancel)
    {
        foreach (var resource in resources)
            if (await resource.AnyAsync(id, cancel))
                return true;
        return false;
    }

    private async Task<(AccountEdit? Refused, Job? Job)> CloseAsync(
        long id,
        Inheritance inheritance,
        Caller caller,
        CancellationToken cancel
    )
    {
        var mustSay = inheritance is Inheritance.Nothing && await HasThingsAsync(id, cancel);
        var heir = (inheritance as Inheritance.GiveTo)?.AccountId;
        return await database.WriteAsync<(AccountEdit?, Job?)>(
            async db =>
            {
                if (await db.People.FirstOrDefaultAsync(person => person.Id == id, cancel) is not { } person)
                    return (new AccountEdit.Missing(), null);
                if (await IsGoingAsync(db, id, cancel))
                    return (new AccountEdit.Missing(), null);
                if (await RefusalAsync(db, id, heir, mustSay, cancel) is { } refusal)
                    return (refusal, null);

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
                return (null, job);
            },
            cancel
        );
    }

    /// <summary>Whether an account is being deleted.</summary>
    public static Task<bool> IsGoingAsync(SignpostDb db, long id, CancellationToken cancel) =>
        db.Jobs.AnyAsync(job => job.Kind == JobKind.DeleteAccount && job.Subject == id, cancel);

    private static async Task<AccountEdit?> RefusalAsync(
        SignpostDb db,
        long id,
        long? heir,
        bool mustSay,
        CancellationToken cancel
    )
    {
        if (await AccountEditor.IsLastAdminAsync(db, id, cancel))
            return AccountEdit.No("user_id", "This is the last admin: the server would be nobody's.");
        if (mustSay)
            return AccountEdit.No("links", "This account has links: send links=delete, or links=transfer and to.");
        if (await db.Jobs.AnyAsync(job => job.HeirId == id, cancel))
            return AccountEdit.No("user_id", "This account is just being given another's things: try again later.");
        if (heir is null)
            return null;
        return heir == id || !await db.People.AnyAsync(person => person.Id == heir && !person.IsDisabled, cancel)
            ? AccountEdit.No("to", "to must be the id of another account that is not disabled.")
            : null;
    }
}
