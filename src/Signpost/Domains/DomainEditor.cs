using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Links;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Domains;

/// <summary>The only writer of domains, except for the results of <see cref="DomainChecks"/>.</summary>
internal sealed class DomainEditor(
    Database database,
    ChangeFeed feed,
    PublicAddress address,
    LinkDraft links,
    LinkLoops loops,
    CaseEdits cases,
    CaseRules rules,
    LinkDomains usable,
    JobRunner jobs,
    TimeProvider clock
) : IResourceEditor<DomainChanges>
{
    public const string LinksField = "links";
    private const int MostDomains = 1000;
    private const int MostNamed = 10;

    /// <summary>Adds a domain. It serves nothing until it is verified.</summary>
    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        DomainChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        var now = Now();
        var row = new DomainRow
        {
            AccountId = caller.AccountId,
            Scheme = DomainFields.UsualScheme,
            Host = changes.Host.Value?.Text ?? "",
            IsCaseSensitive = changes.IsCaseSensitive.Value,
            Token = DomainProof.DrawToken(),
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (Apply(row, changes) is { Count: > 0 } errors)
            return new Refusal.Invalid(errors);

        if (await DomainAliases.LoopsAsync(database, loops, caller, row, changes, cancel) is { } looping)
            return looping;

        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await FindConflictAsync(db, row, cancel) is { } problem)
                    return new Refusal.Conflict(new FieldError(problem, changes.Host.As));
                if (await DomainAliases.ApplyAsync(db, caller, row, changes, cancel) is [_, ..] wrong)
                    return new Refusal.Invalid(wrong);

                db.Domains.Add(row);
                await db.SaveChangesAsync(cancel);
                await DomainFiles.SaveAsync(db, row.Id, changes, cancel);
                database.AfterCommit(rules.Reload);
                await DomainShares.SaveAsync(db, row, changes, cancel);
                return await afterwards.DoneAsync(db, new ResourceId(row.Id));
            },
            cancel
        );
    }

    public async Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        DomainChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        if (await cases.CollisionsAsync(caller, id, changes, cancel) is { } collisions)
            return collisions;
        if (await DomainAliases.LoopsAsync(database, loops, caller, id, changes, cancel) is { } looping)
            return looping;

        Job? job = null;
        var edited = await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await db.Domains.OwnAsync(caller, id, cancel) is not { } row)
                    return new Refusal.Missing();
                if (Apply(row, changes) is { Count: > 0 } errors)
                    return new Refusal.Invalid(errors);
                if (await DomainAliases.ApplyAsync(db, caller, row, changes, cancel) is [_, ..] wrong)
                    return new Refusal.Invalid(wrong);
                (job, var problem) = await cases.BeginAsync(db, row, changes, cancel);
                if (problem is not null)
                    return problem;

                // Each change has its own time, because the files of the domain are kept in memory by it.
                row.UpdatedAt = Math.Max(Now(), row.UpdatedAt + 1);
                await db.SaveChangesAsync(cancel);
                await DomainFiles.SaveAsync(db, id, changes, cancel);
                await DomainShares.SaveAsync(db, row, changes, cancel);
                database.AfterCommit(() => feed.PublishDomain(new(row.Host)));
                return await afterwards.DoneAsync(db, new ResourceId(id));
            },
            cancel
        );
        if (job is not null)
            await jobs.FinishAsync(job.Id, cancel);
        return edited;
    }

    /// <summary>
    /// Deletes a domain; the next account that wants the host must verify it again. If the domain has links, the request must
    /// say whether to delete or to move them. Very many links are deleted in part after this returns.
    /// </summary>
    public async Task<EditResult<ResourceId>> DeleteAsync(
        Caller caller,
        long id,
        Fields query,
        CancellationToken cancel
    )
    {
        var read = new FieldReader(query, caller.TimeZone);
        var fate = read.OneOf(LinksField, "delete", "move").Value;
        await using (var reader = database.Read())
        {
            if (await reader.Domains.OwnAsync(caller, id, cancel) is not { } row)
                return new Refusal.Missing();
            if (read.Errors is not [])
                return new Refusal.Invalid(read.Errors);
            if (fate is "move" && !usable.MayUseMain(caller))
                return new Refusal.Invalid(
                    new FieldError("The links cannot move: the main domain takes no links of yours.", LinksField)
                );
            if (fate is "move" && Unmovable(id) is { } conflict)
                return conflict;
            if (fate is null && await LinksProblemAsync(reader, row, cancel) is { } hasLinks)
                return hasLinks;
        }

        var begun = await BeginAsync(caller, id, fate, cancel);
        if (begun is EditResult<Job>.Refused(var why))
            return why;
        var job = ((EditResult<Job>.Done)begun).Value;
        if (job.Kind is JobKind.MoveDomain)
            return await MoveAsync(caller, job, cancel);
        await jobs.FinishAsync(job.Id, cancel);
        return new ResourceId(id);
    }

    private Task<EditResult<Job>> BeginAsync(Caller caller, long id, string? fate, CancellationToken cancel)
    {
        return database.WriteAsync<EditResult<Job>>(
            async db =>
            {
                if (await db.Domains.OwnAsync(caller, id, cancel) is not { } row)
                    return new Refusal.Missing();
                if (await LinkMoves.IsMovingAsync(db, id))
                    return LinksConflict("The domain's links are being moved.");
                if (fate is "move" && await CaseChange.IsRunningAsync(db, [0, id], cancel))
                    return LinksConflict(
                        "The case of aliases is being changed here or on the main domain. Try again later."
                    );
                if (await DomainAliases.DeleteProblemAsync(db, row, cancel) is { } aliased)
                    return new Refusal.Conflict(new FieldError(aliased, null));
                if (fate is null && await db.LinksAndTrash.AnyAsync(link => link.DomainId == id, cancel))
                    return LinksConflict("The domain has got links meanwhile.");

                var job = new Job
                {
                    Kind = fate is "move" ? JobKind.MoveDomain : JobKind.DeleteDomain,
                    Subject = id,
                    AccountId = caller.AccountId,
                };
                db.Jobs.Add(job);
                // A move may still be given up: its job tells them.
                if (fate is not "move")
                {
                    GuestNotices.TellDeleted(db.Database.CurrentTransaction!.GetDbTransaction(), id, Now());
                    db.Domains.Remove(row);
                }
                await db.SaveChangesAsync(cancel);
                database.AfterCommit(() => feed.PublishDomain(new(row.Host)));
                return job;
            },
            cancel
        );
    }

    // Until all aliases are reserved, the move may still be given up. Only after that can the request stop waiting.
    private async Task<EditResult<ResourceId>> MoveAsync(Caller caller, Job job, CancellationToken cancel)
    {
        while (!await jobs.FinishAsync(job.Id, cancel))
        {
            await using var reader = database.Read();
            var now = await reader.Jobs.FirstOrDefaultAsync(one => one.Id == job.Id, cancel);
            if (now is null or { Kind: JobKind.MoveDomain, Cursor: LinkMoves.Reserved })
                break;
            if (jobs.IsStopping)
                return new Refusal.Conflict(
                    new FieldError("The server is stopping. The move continues at the next start.", null)
                );
        }

        await using var db = database.Read();
        var isGivenUp =
            await db.Domains.OwnAsync(caller, job.Subject, cancel) is not null
            && !await LinkMoves.IsMovingAsync(db, job.Subject);
        if (!isGivenUp)
            return new ResourceId(job.Subject);
        return Unmovable(job.Subject)
            ?? LinksConflict("Meanwhile, another link took one of the aliases on the main domain.");
    }

    // The other problems are told first, in the transaction.
    private static async Task<Refusal?> LinksProblemAsync(SignpostDb db, DomainRow row, CancellationToken cancel) =>
        !await LinkMoves.IsMovingAsync(db, row.Id)
        && await DomainAliases.DeleteProblemAsync(db, row, cancel) is null
        && await LinkDomains.CountAllAsync(db, row.Id, cancel) is { All: > 0 } all
            ? HasLinks(all)
            : null;

    private static Refusal.Conflict LinksConflict(string sentence) => new(new FieldError(sentence, LinksField));

    private static Refusal.Conflict HasLinks(DomainLinks links) =>
        LinksConflict(
            $"The domain has {links.All:N0} {(links.All == 1 ? "link" : "links")}"
                + (links.InTrash == 0 ? "" : $", of which {links.InTrash:N0} in the trash")
                + (
                    links.OfGuests == 0
                        ? ""
                        : $", among them {links.OfGuests:N0} of other accounts (accounts: {links.Guests:N0})"
                )
                + $". Add ?{LinksField}=move to move them to "
                + $"the main domain, or ?{LinksField}=delete to delete them."
        );

    private Refusal.Conflict? Unmovable(long id)
    {
        using var connection = database.OpenRead();
        var unmovable = LinkMoves.Unmovable(connection, id, rules, DomainJobs.IsBarred(links), Now(), MostNamed);
        return unmovable is []
            ? null
            : new Refusal.Conflict([
                .. unmovable
                    .Take(MostNamed)
                    .Select(alias => new FieldError(
                        $"The alias {alias} is taken or reserved on the main domain.",
                        LinksField
                    )),
            ]);
    }

    // After an error, the row must not be saved.
    private List<FieldError> Apply(DomainRow row, DomainChanges changes)
    {
        List<FieldError> errors = [.. changes.Errors];
        if (changes.Host is { Value: { } host, As: { } hostAs })
        {
            if (host.Text != row.Host)
                errors.Add(new("host cannot be changed. Add the other host as a new domain.", hostAs));
            else if (row.VerifiedAt is null && address.IsMain(host.Text))
                errors.Add(new("host must not be the server's own main domain.", hostAs));
        }

        row.Scheme = changes.Scheme.IsPresent ? changes.Scheme.Value ?? DomainFields.UsualScheme : row.Scheme;
        row.IsEnabled = changes.IsEnabled.Or(row.IsEnabled);
        row.CustomIndexUrl = changes.Index.IsPresent ? changes.Index.Value?.Text : row.CustomIndexUrl;
        row.CustomNotFoundUrl = changes.NotFound.IsPresent ? changes.NotFound.Value?.Text : row.CustomNotFoundUrl;
        if (changes.Index.Value is { } index && DomainDirectory.LeadsTo(index, row.Host) && index.AliasPath is "")
            errors.Add(
                new("custom_index_url must not be the domain's own index: that would be a loop.", changes.Index.As)
            );
        // A link that exists there now may be deleted later; then the address would redirect to itself.
        if (changes.NotFound.Value is { } notFound && DomainDirectory.LeadsTo(notFound, row.Host))
            errors.Add(new("custom_not_found_url must be on another host.", changes.NotFound.As));
        return errors;
    }

    private static async Task<string?> FindConflictAsync(SignpostDb db, DomainRow row, CancellationToken cancel)
    {
        var claims = db.Domains.Where(other => other.Host == row.Host);
        if (await claims.AnyAsync(other => other.AccountId == row.AccountId, cancel))
            return "The domain already exists in your account.";
        if (await claims.AnyAsync(other => other.VerifiedAt != null, cancel))
            return "The domain already exists in another account.";
        return await db.Domains.CountAsync(other => other.AccountId == row.AccountId, cancel) >= MostDomains
            ? $"An account has at most {MostDomains:N0} domains."
            : null;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
