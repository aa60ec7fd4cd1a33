using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>What becomes of domains when their account goes: released with its links, or handed on with them.</summary>
internal sealed class DomainHoldings(Database database, ChangeFeed feed, LinkTies ties, TimeProvider clock)
    : IAccountHoldings
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
                foreach (var id in ids)
                    ties.ReleaseDomain(db, id);
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
                    var links = await HandOnAsync(db, domain, toAccountId, cancel);
                    database.AfterCommit(() => feed.PublishAll(links));
                }
            },
            cancel
        );

    // Of two claims to one host the proven one stays, and has the links of both: an account can lose a proof and keep links.
    private async Task<IReadOnlyList<LinkChanged>> HandOnAsync(
        SignpostDb db,
        DomainRow domain,
        long toAccountId,
        CancellationToken cancel
    )
    {
        IReadOnlyList<LinkChanged> links = [];
        var twin = await db.Domains.FirstOrDefaultAsync(
            other => other.AccountId == toAccountId && other.Host == domain.Host,
            cancel
        );
        if (twin is not null)
        {
            var (kept, gone) = domain.VerifiedAt is null ? (twin, domain) : (domain, twin);
            links = await ties.JoinAsync(db, gone.Id, kept.Id, clock.GetUtcNow().ToUnixTimeMilliseconds());
            db.Domains.Remove(gone);
            await db.SaveChangesAsync(cancel);
        }

        await db
            .Domains.Where(one => one.Id == domain.Id)
            .ExecuteUpdateAsync(all => all.SetProperty(one => one.AccountId, toAccountId), cancel);
        return links;
    }

    private Task<int> ChangeAsync(
        long accountId,
        Func<SignpostDb, List<DomainRow>, Task> change,
        CancellationToken cancel
    ) =>
        database.WriteAsync(
            async db =>
            {
                var domains = await db.Domains.Where(domain => domain.AccountId == accountId).ToListAsync(cancel);
                foreach (var domain in domains)
                    database.AfterCommit(() => feed.PublishDomain(new(domain.Host)));
                await change(db, domains);
                return await db.SaveChangesAsync(cancel);
            },
            cancel
        );
}
