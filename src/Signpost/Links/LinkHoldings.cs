using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>What becomes of links when their account goes.</summary>
internal sealed class LinkHoldings(Database database, ChangeFeed feed, TimeProvider clock) : IAccountHoldings
{
    // Some milliseconds of the one writer's time.
    private const int BatchSize = 250;

    public async Task<bool> AnyAsync(long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.Links.AnyAsync(link => link.AccountId == accountId, cancel);
    }

    /// <summary>Deletes them as their owner would; their aliases stay nobody's for a while.</summary>
    public Task DeleteAsync(long accountId, CancellationToken cancel) =>
        ForAllAsync(
            accountId,
            async (db, links) =>
            {
                var ids = links.Select(link => link.Id).ToList();
                foreach (var link in links)
                {
                    await LinkPictures.RemoveAllAsync(db, link);
                    await AliasBook.RetireAsync(db, accountId, link.DomainId, link.AliasKey, Now());
                }

                await db.LinkCounts.Where(count => ids.Contains(count.LinkId)).ExecuteDeleteAsync(cancel);
                db.Links.RemoveRange(links);
            },
            cancel
        );

    public async Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel)
    {
        await ForAllAsync(
            fromAccountId,
            async (db, links) =>
            {
                var now = Now();
                foreach (var link in links)
                    (link.AccountId, link.UpdatedAt, link.Version) = (toAccountId, now, link.Version + 1);

                // A picture that a bulk shares moves with the first of its links.
                var names = links.SelectMany(link => new[] { link.CloakingFavicon, link.CloakingOpengraph }).ToList();
                await db
                    .Files.Where(file => names.Contains(file.Name))
                    .ExecuteUpdateAsync(file => file.SetProperty(f => f.AccountId, toAccountId), cancel);
            },
            cancel
        );
        await database.WriteAsync(
            db =>
                db.RetiredAliases.Where(alias => alias.AccountId == fromAccountId)
                    .ExecuteUpdateAsync(alias => alias.SetProperty(a => a.AccountId, toAccountId), cancel),
            cancel
        );
    }

    private async Task ForAllAsync(long accountId, Func<SignpostDb, List<LinkRow>, Task> act, CancellationToken cancel)
    {
        List<LinkRow> links;
        do
        {
            links = await database.WriteAsync(
                async db =>
                {
                    var batch = await db
                        .Links.Where(link => link.AccountId == accountId)
                        .OrderBy(link => link.Id)
                        .Take(BatchSize)
                        .ToListAsync(cancel);
                    if (batch.Count > 0)
                    {
                        await act(db, batch);
                        await db.SaveChangesAsync(cancel);
                    }

                    return batch;
                },
                cancel
            );
            foreach (var link in links)
                feed.Publish(new(link.Id, link.DomainId, link.AliasKey));
        } while (links.Count > 0);
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
