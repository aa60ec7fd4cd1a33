using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Storage;

namespace Signpost.Api.Resources;

/// <summary>What becomes of things that only sort or serve links when their account goes: nobody has to be asked first.</summary>
internal sealed class ResourceHoldings<TRow>(Database database) : IAccountHoldings
    where TRow : class, IOwnedRow
{
    public Task<bool> AnyAsync(long accountId, CancellationToken cancel) => Task.FromResult(false);

    public Task DeleteAsync(long accountId, CancellationToken cancel) =>
        database.WriteAsync(
            db => db.Set<TRow>().Where(row => row.AccountId == accountId).ExecuteDeleteAsync(cancel),
            cancel
        );

    public Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel) =>
        database.WriteAsync(
            db =>
                db.Set<TRow>()
                    .Where(row => row.AccountId == fromAccountId)
                    .ExecuteUpdateAsync(rows => rows.SetProperty(row => row.AccountId, toAccountId), cancel),
            cancel
        );
}
