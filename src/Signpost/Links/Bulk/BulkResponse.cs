using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Links.Bulk;

/// <summary>A change of many links, and how far it is.</summary>
/// <param name="Status">running; done: each link was changed or has failed; cancelled; or stopped: the key or the person that began it may no longer change links.</param>
/// <param name="Total">The number of links that matched when it began.</param>
/// <param name="Done">The number of links that were changed.</param>
/// <param name="Failed">The number of links that could not be changed.</param>
/// <param name="Failures">The first hundred of these.</param>
/// <param name="LastDatetime">The date of the last change of a link, or of the end.</param>
internal sealed record BulkResponse(
    long Id,
    string Status,
    long Total,
    long Done,
    long Failed,
    IReadOnlyList<BulkFailureResponse> Failures,
    string LastDatetime,
    string Datetime
) : WarnedResponse;

/// <summary>A link that could not be changed.</summary>
/// <param name="Title">The reason.</param>
internal sealed record BulkFailureResponse(long LinkId, string Title);

/// <summary>The only reader of changes of many links.</summary>
internal sealed class BulkCatalog(Database database)
{
    public async Task<BulkResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    /// <summary>The change of the account that began last and still runs; null: none runs.</summary>
    public async Task<BulkResponse?> FindRunningAsync(Caller caller, CancellationToken cancel)
    {
        await using var db = database.Read();
        var running = await db
            .BulkChanges.Where(bulk => bulk.AccountId == caller.AccountId && bulk.Status == BulkStatus.Running)
            .OrderByDescending(bulk => bulk.Id)
            .Select(bulk => (long?)bulk.Id)
            .FirstOrDefaultAsync(cancel);
        return running is { } id ? await FindAsync(db, caller, id, cancel) : null;
    }

    /// <summary>Reads it within a transaction.</summary>
    public static async Task<BulkResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel)
    {
        var own = db.BulkChanges.Where(bulk => bulk.AccountId == caller.AccountId);
        if (await own.FirstOrDefaultAsync(bulk => bulk.Id == id, cancel) is not { } row)
            return null;
        var failures = await db
            .BulkFailures.Where(failure => failure.BulkId == id)
            .OrderBy(failure => failure.LinkId)
            .Select(failure => new BulkFailureResponse(failure.LinkId, failure.Reason))
            .ToListAsync(cancel);
        return new(
            row.Id,
            row.Status.ToString().ToLowerInvariant(),
            row.Total,
            row.Done,
            row.Failed,
            failures,
            LocalTime.Format(row.UpdatedAt, caller.TimeZone),
            LocalTime.Format(row.CreatedAt, caller.TimeZone)
        );
    }
}
