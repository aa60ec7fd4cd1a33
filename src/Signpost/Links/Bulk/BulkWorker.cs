using System.Text;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Keys;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes.Jobs;
using Signpost.Hosting;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Links.Bulk;

/// <summary>
/// Changes many links, one after the other. Each is an edit like any other, by <see cref="LinkEditor"/> and in a transaction of its own, which
/// also stores how far the work is: so after an interruption no link is changed twice or left out.
/// </summary>
internal sealed class BulkWorker(
    Database database,
    Lazy<LinkEditor> editor,
    ApiKeys keys,
    Memberships memberships,
    SignpostSettings settings,
    TimeProvider clock
) : IJobWorker, IDisposable
{
    /// <summary>So many failures are named.</summary>
    public const int MostFailures = 100;

    /// <summary>Only one link of all changes at a time waits to write, so that other writers wait for one at most.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Called after each link. Tests stop or wait there.</summary>
    internal Action<long> AfterLink { get; set; } = static _ => { };

    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.ChangeLinks];

    public async Task RunAsync(Job job, CancellationToken cancel)
    {
        var (bulk, ids) = await FindAsync(job.Subject, cancel);
        if (bulk is null || await RunAsync(bulk, ids, cancel) is not { } end)
            end = BulkStatus.Cancelled;
        await EndAsync(job, end, cancel);
    }

    public void Dispose() => _turn.Dispose();

    private async Task<(BulkChange? Bulk, List<long> Ids)> FindAsync(long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        var bulk = await Running(db, id).FirstOrDefaultAsync(cancel);
        var links = await db.BulkLinks.FirstOrDefaultAsync(one => one.BulkId == id, cancel);
        return bulk is null || links is null ? (null, []) : (bulk, IdList.Read(links.Ids, bulk.LastLinkId));
    }

    // Returns how it ended; null: it was cancelled, or erased with its account.
    private async Task<BulkStatus?> RunAsync(BulkChange bulk, List<long> ids, CancellationToken cancel)
    {
        var changes = ChangesOf(bulk);
        foreach (var id in ids)
        {
            var caller =
                bulk.PersonId == 0
                    ? keys.FindAgain(bulk.KeyId)
                    : await memberships.FindAgainAsync(bulk.PersonId, bulk.AccountId, cancel);
            if (caller?.May(Scopes.LinksWrite) is not true)
                return BulkStatus.Stopped;
            if (
                !await (
                    changes is null
                        ? DeleteAsync(bulk, caller, id, cancel)
                        : ChangeAsync(bulk, caller, id, changes, cancel)
                )
            )
                return null;
            AfterLink(id);
        }

        return BulkStatus.Done;
    }

    // Null: the links are deleted.
    private LinkChanges? ChangesOf(BulkChange bulk) =>
        bulk.Deletes ? null : Read(bulk, TimeZoneInfo.FindSystemTimeZoneById(bulk.TimeZone));

    private LinkChanges Read(BulkChange bulk, TimeZoneInfo zone)
    {
        var body = JsonBody.Parse(Encoding.UTF8.GetBytes(bulk.Fields));
        return BulkFields.Changes(new FieldReader(body, zone), zone, settings.AppSchemes) with
        {
            AskedHost = bulk.AskedHost,
        };
    }

    // False: the work has ended.
    private async Task<bool> ChangeAsync(
        BulkChange bulk,
        Caller caller,
        long id,
        LinkChanges changes,
        CancellationToken cancel
    )
    {
        try
        {
            var edited = await editor.Value.UpdateAsync(
                caller,
                id,
                changes with
                {
                    Warnings = [],
                },
                async (db, _) =>
                {
                    if (!await StepAsync(db, bulk, id))
                        throw new EndedException();
                },
                cancel,
                _turn
            );
            return edited is not EditResult<ResourceId>.Refused(var why)
                || await FailAsync(bulk, id, ReasonOf(why), cancel);
        }
        catch (EndedException)
        {
            return false;
        }
    }

    // After an interruption the link may be gone already.
    private async Task<bool> DeleteAsync(BulkChange bulk, Caller caller, long id, CancellationToken cancel)
    {
        await using (var reader = database.Read())
            if (!await Running(reader, bulk.Id).AnyAsync(cancel))
                return false;
        return await InTurnAsync(
            async () =>
            {
                await editor.Value.DeleteAsync(caller, id, isPermanent: false, cancel);
                return await database.WriteAsync(db => StepAsync(db, bulk, id), cancel);
            },
            cancel
        );
    }

    private async Task<bool> InTurnAsync(Func<Task<bool>> write, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await write();
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task<bool> FailAsync(BulkChange bulk, long id, string reason, CancellationToken cancel) =>
        InTurnAsync(
            () =>
                database.WriteAsync(
                    async db =>
                    {
                        if (!await StepAsync(db, bulk, id, failed: 1))
                            return false;
                        var named = db.BulkFailures.Where(failure => failure.BulkId == bulk.Id);
                        if (await named.CountAsync(cancel) >= MostFailures)
                            return true;
                        db.BulkFailures.Add(
                            new()
                            {
                                BulkId = bulk.Id,
                                LinkId = id,
                                Reason = reason,
                            }
                        );
                        await db.SaveChangesAsync(cancel);
                        return true;
                    },
                    cancel
                ),
            cancel
        );

    private async Task<bool> StepAsync(SignpostDb db, BulkChange bulk, long id, int failed = 0)
    {
        var now = Now();
        var steps = await Running(db, bulk.Id)
            .ExecuteUpdateAsync(row =>
                row.SetProperty(one => one.LastLinkId, id)
                    .SetProperty(one => one.Done, one => one.Done + 1 - failed)
                    .SetProperty(one => one.Failed, one => one.Failed + failed)
                    .SetProperty(one => one.UpdatedAt, now)
            );
        return steps == 1;
    }

    private Task<int> EndAsync(Job job, BulkStatus end, CancellationToken cancel)
    {
        var now = Now();
        return database.WriteAsync(
            async db =>
            {
                await Running(db, job.Subject)
                    .ExecuteUpdateAsync(
                        row =>
                            row.SetProperty(one => one.Status, end)
                                .SetProperty(one => one.Fields, "")
                                .SetProperty(one => one.UpdatedAt, now),
                        cancel
                    );
                await db.BulkLinks.Where(links => links.BulkId == job.Subject).ExecuteDeleteAsync(cancel);
                return await db.Jobs.Where(one => one.Id == job.Id).ExecuteDeleteAsync(cancel);
            },
            cancel
        );
    }

    private static IQueryable<BulkChange> Running(SignpostDb db, long id) =>
        db.BulkChanges.Where(bulk => bulk.Id == id && bulk.Status == BulkStatus.Running);

    private static string ReasonOf(Refusal why) =>
        why.Errors is [] ? "The link is gone." : string.Join(' ', why.Errors.Select(error => error.Title).Distinct());

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    // It undoes the transaction of the edit.
    private sealed class EndedException : Exception;
}
