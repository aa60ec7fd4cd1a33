using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Storage;

namespace Signpost.Api.Resources;

/// <summary>Deletes or transfers projects, pixels and splash pages of a deleted account. They never prevent the deletion of the account.</summary>
internal sealed class ResourcesOfAccount<TRow>(Database database) : IAccountResources
    where TRow : class, IOwnedRow
{
    private const int AtOnce = 256;

    public Task<bool> AnyAsync(long accountId, CancellationToken cancel) => Task.FromResult(false);

    public async Task DeleteAsync(long accountId, CancellationToken cancel)
    {
        while (await database.WriteAsync(db => Some(db, accountId).ExecuteDeleteAsync(cancel), cancel) > 0) { }
    }

    public async Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel)
    {
        while (
            await database.WriteAsync(
                db =>
                    Some(db, fromAccountId)
                        .ExecuteUpdateAsync(rows => rows.SetProperty(row => row.AccountId, toAccountId), cancel),
                cancel
            ) > 0
        ) { }
    }

    // Includes those that are being deleted already.
    private static IQueryable<TRow> Some(SignpostDb db, long accountId) =>
        db.Set<TRow>()
            .IgnoreQueryFilters()
            .Where(row => row.AccountId == accountId)
            .OrderBy(row => row.Id)
            .Take(AtOnce);
}
