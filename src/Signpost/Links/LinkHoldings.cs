using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Clicks.Rows;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>What becomes of links when their account goes.</summary>
internal sealed class LinkHoldings(Database database, ChangeFeed feed, ClickErasure clicks, TimeProvider clock)
    : IAccountHoldings
{
    // Some milliseconds of the one writer's time.
    private const int BatchSize = 250;

    public async Task<bool> AnyAsync(long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.Links.AnyAsync(link => link.AccountId == accountId, cancel);
    }

    /// <summary>Deletes them as their owner would; their aliases stay nobody's for a while.</summary>
    public async Task DeleteAsync(long accountId, CancellationToken cancel)
    {
        await clicks.PrepareAsync(cancel);
        // First the groups: then nothing has to be taken out of their rollups, link by link. And once more at the end, for
        // a day may be closed meanwhile.
        await database.WriteAsync(db => EraseGroupsAsync(db, accountId, cancel), cancel);
        await ForAllAsync(
            accountId,
            async (db, links) =>
            {
                var ids = links.Select(link => link.Id).ToList();
                foreach (var link in links)
                {
                    await LinkPictures.RemoveAllAsync(db, link);
                    await AliasBook.RetireAsync(db, accountId, link.DomainId, link.AliasKey, Now());
                }

                clicks.Erase(db, [.. links.Select(PlaceOf)]);
                db.Links.RemoveRange(links);
            },
            cancel
        );
        await database.WriteAsync(db => EraseGroupsAsync(db, accountId, cancel), cancel);
    }

    public async Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel)
    {
        await ForAllAsync(
            fromAccountId,
            async (db, links) =>
            {
                var now = Now();
                clicks.Move(
                    db,
                    [.. links.Select(link => (PlaceOf(link), PlaceOf(link) with { AccountId = toAccountId }))]
                );
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
            {
                clicks.EraseGroups(db, [RollupScopes.MainDomain(fromAccountId)]);
                return db
                    .RetiredAliases.Where(alias => alias.AccountId == fromAccountId)
                    .ExecuteUpdateAsync(alias => alias.SetProperty(a => a.AccountId, toAccountId), cancel);
            },
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
                        database.AfterCommit(() =>
                            feed.PublishAll([
                                .. batch.Select(link => new LinkChanged(link.Id, link.DomainId, link.AliasKey)),
                            ])
                        );
                    }

                    return batch;
                },
                cancel
            );
        } while (links.Count > 0);
    }

    // Its projects and domains go after the links, and nobody else's links were counted there.
    private async Task<bool> EraseGroupsAsync(SignpostDb db, long accountId, CancellationToken cancel)
    {
        var projects = db.Projects.Where(project => project.AccountId == accountId).Select(project => project.Id);
        var domains = db.Domains.Where(domain => domain.AccountId == accountId).Select(domain => domain.Id);
        clicks.EraseGroups(
            db,
            [
                RollupScopes.MainDomain(accountId),
                .. (await projects.ToListAsync(cancel)).Select(RollupScopes.Project),
                .. (await domains.ToListAsync(cancel)).Select(RollupScopes.Domain),
            ]
        );
        return true;
    }

    private static LinkPlace PlaceOf(LinkRow row) => new(row.Id, row.AccountId, row.ProjectId, row.DomainId);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
