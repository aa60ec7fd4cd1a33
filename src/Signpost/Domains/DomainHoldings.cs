using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>What becomes of domains when their account goes: released with its links, or handed on with them.</summary>
internal sealed class DomainHoldings(Database database, ChangeFeed feed) : IAccountHoldings
{
    // A domain without links is nothing that anybody would miss.
    public Task<bool> AnyAsync(long accountId, CancellationToken cancel) => Task.FromResult(false);

    public Task DeleteAsync(long accountId, CancellationToken cancel) =>
        ChangeAsync(
            accountId,
            async (db, domains) =>
            {
                var ids = domains.Select(domain => domain.Id).ToList();
                await db.RetiredAliases.Where(retired => ids.Contains(retired.DomainId)).ExecuteDeleteAsync(cancel);
                db.Domains.RemoveRange(domains);
            },
            cancel
        );

    public Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel) =>
        ChangeAsync(
            fromAccountId,
            async (db, domains) =>
            {
                foreach (var domain in domains)
                {
                    // Of two claims to one host the proven one stays.
                    var twin = await db.Domains.FirstOrDefaultAsync(
                        other => other.AccountId == toAccountId && other.Host == domain.Host,
                        cancel
                    );
                    if (twin is not null)
                        db.Domains.Remove(domain.VerifiedAt is null ? domain : twin);
                    await db.SaveChangesAsync(cancel);
                }

                await db
                    .Domains.Where(domain => domain.AccountId == fromAccountId)
                    .ExecuteUpdateAsync(all => all.SetProperty(domain => domain.AccountId, toAccountId), cancel);
            },
            cancel
        );

    private async Task ChangeAsync(
        long accountId,
        Func<SignpostDb, List<DomainRow>, Task> change,
        CancellationToken cancel
    )
    {
        List<DomainRow> domains = [];
        try
        {
            await database.WriteAsync(
                async db =>
                {
                    domains = await db.Domains.Where(domain => domain.AccountId == accountId).ToListAsync(cancel);
                    await change(db, domains);
                    return await db.SaveChangesAsync(cancel);
                },
                cancel
            );
        }
        finally
        {
            foreach (var domain in domains)
                feed.PublishDomain(new(domain.Host));
        }
    }
}
