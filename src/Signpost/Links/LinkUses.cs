using Microsoft.EntityFrameworkCore;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Counts the links in use that have a project, a pixel or a splash page, for several of these at once.</summary>
internal sealed class LinkUses(Database database)
{
    /// <summary>Links with a pixel or a splash page are counted one by one, up to this number and one more.</summary>
    public const int MostCounted = 1000;

    /// <summary>The number of links of each project. A project without links is absent.</summary>
    public async Task<IReadOnlyDictionary<long, long>> OfProjectsAsync(
        Caller caller,
        long[] ids,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        return await db
            .LinkGroups.Where(group => group.AccountId == caller.AccountId && ids.Contains(group.ProjectId))
            .Where(group => !db.Jobs.Any(job => job.Kind == JobKind.DeleteDomain && job.Subject == group.DomainId))
            .GroupBy(group => group.ProjectId)
            .ToDictionaryAsync(project => project.Key, project => project.Sum(group => group.Links), cancel);
    }

    /// <summary>The number of links of each pixel, at most <see cref="MostCounted"/> + 1.</summary>
    public Task<IReadOnlyDictionary<long, long>> OfPixelsAsync(Caller caller, long[] ids, CancellationToken cancel) =>
        CountAsync(
            ids,
            (db, id) =>
                db
                    .LinkPixels.Where(one => one.PixelId == id)
                    .Join(db.Links, one => one.LinkId, link => link.Id, (_, link) => link)
                    .Where(link => link.AccountId == caller.AccountId),
            cancel
        );

    /// <summary>The number of links of each splash page, at most <see cref="MostCounted"/> + 1.</summary>
    public Task<IReadOnlyDictionary<long, long>> OfSplashPagesAsync(
        Caller caller,
        long[] ids,
        CancellationToken cancel
    ) =>
        CountAsync(
            ids,
            (db, id) => db.Links.Where(link => link.SplashPageId == id && link.AccountId == caller.AccountId),
            cancel
        );

    /// <summary>
    /// The number of links on each of these domains, and of the accounts that have them. A domain without links is absent. The caller must
    /// own the domains.
    /// </summary>
    public async Task<IReadOnlyDictionary<long, (long Links, long Accounts)>> OnDomainsAsync(
        long[] ids,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var groups = await db
            .LinkGroups.Where(group => ids.Contains(group.DomainId) && group.Links > 0)
            .GroupBy(group => new { group.DomainId, group.AccountId })
            .Select(account => new { account.Key.DomainId, Links = account.Sum(group => group.Links) })
            .GroupBy(account => account.DomainId)
            .Select(domain => new
            {
                domain.Key,
                Links = domain.Sum(account => account.Links),
                Accounts = domain.LongCount(),
            })
            .ToListAsync(cancel);
        return groups.ToDictionary(domain => domain.Key, domain => (domain.Links, domain.Accounts));
    }

    private async Task<IReadOnlyDictionary<long, long>> CountAsync(
        long[] ids,
        Func<SignpostDb, long, IQueryable<LinkRow>> linksOf,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        Dictionary<long, long> counts = [];
        foreach (var id in ids)
            counts[id] = await linksOf(db, id).Select(link => link.Id).Take(MostCounted + 1).LongCountAsync(cancel);
        return counts;
    }
}
