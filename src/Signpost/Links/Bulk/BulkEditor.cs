using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes.Jobs;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Links.Bulk;

/// <summary>Begins and cancels changes of many links. <see cref="BulkWorker"/> does the work.</summary>
internal sealed class BulkEditor(
    Database database,
    LinkFinder finder,
    LinkDomains domains,
    JobRunner jobs,
    AuditLog audit,
    TimeProvider clock
)
{
    public const string NoLink = "ids must be among your links.";

    /// <summary>The most links of one change. Their ids are in memory while it runs.</summary>
    public const int MostLinks = 1_000_000;

    /// <summary>The most changes of an account that run at once.</summary>
    public const int MostRunning = 10;

    /// <summary>So many changes of an account can be read after their end.</summary>
    public const int MostKept = 100;

    /// <summary>Finds the links and stores the change, which then runs in the background.</summary>
    public async Task<EditResult<ResourceId>> BeginAsync(
        Caller caller,
        BulkRequest request,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        if (!caller.May(Scopes.LinksWrite))
            return new Refusal.Forbidden();
        if (request.Errors is not [])
            return new Refusal.Invalid(request.Errors);
        if (await ErrorsAsync(caller, request, cancel) is { Count: > 0 } errors)
            return new Refusal.Invalid(errors);
        var ids =
            request.Query is { } query ? finder.All(caller.AccountId, query, MostLinks, cancel)
            : request.Shown is { } shown ? [.. shown]
            : request.Ids.Select(sent => sent.Id).ToList();
        if (ids is null)
            return new Refusal.Invalid(new FieldError($"More than {MostLinks:N0} links match. Add a filter.", null));

        var bulk = RowOf(caller, request, ids.Count);
        var list = IdList.Write(ids);
        return await database.WriteAsync(db => AddAsync(db, caller, bulk, list, afterwards, cancel), cancel);
    }

    /// <summary>Ends a change before the next link. Links that it has changed stay as they are. After the end it does nothing.</summary>
    public Task<EditResult<ResourceId>> CancelAsync(Caller caller, long id, CancellationToken cancel) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                var own = db.BulkChanges.Where(bulk => bulk.AccountId == caller.AccountId && bulk.Id == id);
                if (await own.FirstOrDefaultAsync(cancel) is not { } row)
                    return new Refusal.Missing();
                if (row.Status is not BulkStatus.Running)
                    return new ResourceId(id);

                (row.Status, row.Fields, row.UpdatedAt) = (BulkStatus.Cancelled, "", Now());
                await db.BulkLinks.Where(links => links.BulkId == id).ExecuteDeleteAsync(cancel);
                await db.SaveChangesAsync(cancel);
                return new ResourceId(id);
            },
            cancel
        );

    private async Task<List<FieldError>> ErrorsAsync(Caller caller, BulkRequest request, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        await using var db = database.Read();
        await LinkReferences.CheckAsync(db, caller, request.Change, errors, cancel);
        if (request.Change.DomainId is { Value: var domain, As: { } domainAs })
            if (!await domains.MayUseAsync(db, caller, domain, cancel))
                errors.Add(new("domain_id must be a domain on which you may make links.", domainAs));
        if (request.Ids is [])
            return errors;

        long[] sent = [.. request.Ids.Select(id => id.Id)];
        var own = await db
            .Links.Where(link => sent.Contains(link.Id) && link.AccountId == caller.AccountId)
            .Select(link => link.Id)
            .ToHashSetAsync(cancel);
        errors.AddRange(request.Ids.Where(id => !own.Contains(id.Id)).Select(id => new FieldError(NoLink, id.As)));
        return errors;
    }

    private async Task<EditResult<ResourceId>> AddAsync(
        SignpostDb db,
        Caller caller,
        BulkChange bulk,
        byte[] list,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        var own = db.BulkChanges.Where(one => one.AccountId == caller.AccountId);
        if (await own.CountAsync(one => one.Status == BulkStatus.Running, cancel) >= MostRunning)
            return new Refusal.Conflict(
                new FieldError($"{MostRunning} changes of many links run. Wait until one has ended.", null)
            );

        var ended = own.Where(one => one.Status != BulkStatus.Running).OrderByDescending(one => one.Id);
        foreach (var old in await ended.Skip(MostKept - 1).ToListAsync(cancel))
            db.BulkChanges.Remove(old);
        db.BulkChanges.Add(bulk);
        await db.SaveChangesAsync(cancel);
        db.BulkLinks.Add(new() { BulkId = bulk.Id, Ids = list });
        var job = new Job
        {
            Kind = JobKind.ChangeLinks,
            Subject = bulk.Id,
            AccountId = caller.AccountId,
        };
        db.Jobs.Add(job);
        audit.Add(db, AuditLine.By(caller, AuditEvent.LinksChanged, caller.AccountId, $"{bulk.Total}"));
        await db.SaveChangesAsync(cancel);
        database.AfterCommit(() => jobs.Begin(job.Id));
        return await afterwards.DoneAsync(db, new ResourceId(bulk.Id));
    }

    private BulkChange RowOf(Caller caller, BulkRequest request, int total) =>
        new()
        {
            AccountId = caller.AccountId,
            KeyId = caller.Credential is Credential.Key(var key) ? key : 0,
            PersonId = caller.Credential is Credential.Session ? caller.PersonId : 0,
            Deletes = request.Deletes,
            Fields = request.Fields,
            TimeZone = caller.TimeZone.Id,
            AskedHost = request.Change.AskedHost ?? "",
            Total = total,
            CreatedAt = Now(),
            UpdatedAt = Now(),
        };

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
