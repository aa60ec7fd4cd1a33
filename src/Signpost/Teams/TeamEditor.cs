using Microsoft.EntityFrameworkCore;
using Signpost.Accounts;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Teams;

/// <summary>Creates, changes and deletes teams.</summary>
internal sealed class TeamEditor(
    Database database,
    KeyEditor keys,
    LinkQuota quota,
    JobRunner jobs,
    ChangeFeed feed,
    AuditLog audit,
    TimeProvider clock
) : IResourceEditor<TeamChanges>
{
    /// <summary>The most teams that one person owns. Each team has the limits of an account of its own.</summary>
    public const int MostOwned = 20;

    /// <summary>The error of an edit that would make a person own more teams.</summary>
    public static readonly string TooMany = $"A person owns at most {MostOwned} teams.";

    /// <summary>Tells whether a person owns as many teams as one may.</summary>
    public static async Task<bool> OwnsEnoughAsync(SignpostDb db, long personId, CancellationToken cancel) =>
        await Memberships.Of(db, personId).CountAsync(member => member.Role == Role.Owner, cancel) >= MostOwned;

    /// <summary>Creates a team. The caller becomes its owner.</summary>
    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        TeamChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        // A team's key acts for the team, never for the person.
        if (caller.ActsForTeam)
            return new Refusal.Forbidden();
        if (changes.Errors is not [])
            return new Refusal.Invalid(changes.Errors);

        var now = Now();
        var team = new Account
        {
            Name = changes.Name.Value!,
            TimeZone = changes.TimeZone.Value ?? TeamFields.UsualZone,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                // The person may be deleted or disabled while the body comes.
                if (
                    await AccountRemoval.IsGoingAsync(db, caller.PersonId, cancel)
                    || !await db.People.AnyAsync(one => one.Id == caller.PersonId && !one.IsDisabled, cancel)
                )
                    return new Refusal.Forbidden();
                if (await OwnsEnoughAsync(db, caller.PersonId, cancel))
                    return Wrong(TooMany, "name");

                db.Accounts.Add(team);
                await db.SaveChangesAsync(cancel);
                db.Members.Add(
                    new()
                    {
                        TeamId = team.Id,
                        PersonId = caller.PersonId,
                        Role = Role.Owner,
                        JoinedAt = now,
                        CreatedAt = now,
                        UpdatedAt = now,
                    }
                );
                audit.Add(db, AuditLine.By(caller, AuditEvent.TeamCreated, team.Id, team.Name));
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(team.Id));
            },
            cancel
        );
    }

    public Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        TeamChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await db.InTeamAsync(caller, id, cancel) is not { } member)
                    return new Refusal.Missing();
                if (member.Role < Role.Admin)
                    return new Refusal.Forbidden();
                if (changes.Errors is not [])
                    return new Refusal.Invalid(changes.Errors);

                var team = await db.Accounts.SingleAsync(account => account.Id == id, cancel);
                team.Name = changes.Name.Value ?? team.Name;
                if (changes.TimeZone.IsPresent)
                    team.TimeZone = changes.TimeZone.Value ?? TeamFields.UsualZone;
                team.UpdatedAt = Now();
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(id));
            },
            cancel
        );

    /// <summary>
    /// Deletes a team. Its members and keys end at once; a job does the rest. If it has very many links, the last ones are deleted or
    /// transferred after this returns.
    /// </summary>
    public async Task<EditResult<ResourceId>> DeleteAsync(
        Caller caller,
        long id,
        Fields query,
        CancellationToken cancel
    )
    {
        var read = new FieldReader(query, caller.TimeZone);
        var links = read.OneOf("links", "delete", "transfer");
        var to = read.Number("to", _ => null);
        if (links.Value is null)
            read.Require("links", links, isThere: false);
        if (links.Value is "transfer")
            read.Require("to", to, to.Value is not null);

        var begun = await database.WriteAsync<EditResult<Job>>(
            async db =>
            {
                if (await db.InTeamAsync(caller, id, cancel) is not { } member)
                    return new Refusal.Missing();
                if (member.Role < Role.Owner || !member.May(Scopes.LinksWrite))
                    return new Refusal.Forbidden();
                if (read.Errors is not [])
                    return new Refusal.Invalid(read.Errors);
                var heir = links.Value is "transfer" ? await HeirAsync(db, caller, id, to.Value!.Value, cancel) : null;
                if (links.Value is "transfer" && heir is null)
                    return Wrong(
                        "to must be 0 for your own account, or another team in which you are an owner or admin.",
                        to.As!
                    );
                if (heir is { } taker && await quota.TransferProblemAsync(db, id, taker, cancel) is { } full)
                    return Wrong(full, to.As!);
                if (await db.Jobs.AnyAsync(job => job.HeirId == id, cancel))
                    return Wrong("This team is receiving the links of another account. Try again later.", "links");
                return await CloseAsync(db, caller, id, heir, cancel);
            },
            cancel
        );
        if (begun is EditResult<Job>.Refused(var why))
            return why;
        await jobs.FinishAsync(((EditResult<Job>.Done)begun).Value.Id, cancel);
        return new ResourceId(id);
    }

    private async Task<Job> CloseAsync(SignpostDb db, Caller caller, long id, long? heir, CancellationToken cancel)
    {
        var name = await db.Accounts.Where(team => team.Id == id).Select(team => team.Name).SingleAsync(cancel);
        await keys.RevokeOfTeamAsync(db, caller, id, personId: null, cancel);
        await db.Members.Where(member => member.TeamId == id).ExecuteDeleteAsync(cancel);
        await TeamMembers.ReleaseSharesAsync(db, id, cancel);
        var job = new Job
        {
            Kind = JobKind.DeleteAccount,
            Subject = id,
            AccountId = id,
            HeirId = heir,
        };
        db.Jobs.Add(job);
        audit.Add(db, AuditLine.By(caller, AuditEvent.TeamDeleted, id, name));
        await db.SaveChangesAsync(cancel);
        database.AfterCommit(() => feed.PublishAccount(new(id)));
        return job;
    }

    // Domains go along, so it takes an admin there.
    private static async Task<long?> HeirAsync(SignpostDb db, Caller caller, long id, long to, CancellationToken cancel)
    {
        var account = to == 0 ? caller.PersonId : to;
        // The key of a team reaches its team and, to give things back, the person's own account.
        if (caller.ActsForTeam && account != caller.PersonId)
            return null;
        return account != id && await Memberships.InAsync(db, caller, account, cancel) is { Role: >= Role.Admin } heir
            ? heir.AccountId
            : null;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static Refusal.Invalid Wrong(string sentence, string field) => new(new FieldError(sentence, field));
}
