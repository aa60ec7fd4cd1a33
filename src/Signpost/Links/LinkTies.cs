using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Clicks.Rows;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// What becomes of links when something goes that they use. Everything here runs inside the edit's transaction; whoever
/// edits publishes the answered changes after the commit.
/// </summary>
internal sealed class LinkTies(ClickErasure clicks)
{
    private const long MainDomain = 0;

    /// <summary>The links of a project live on without one. Visitors notice nothing.</summary>
    public Task ReleaseProjectAsync(SignpostDb db, long projectId)
    {
        clicks.EraseGroups(db, [RollupScopes.Project(projectId)]);
        return db
            .Links.Where(link => link.ProjectId == projectId)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.ProjectId, (long?)null));
    }

    /// <summary>The links that fire a pixel.</summary>
    public static async Task<IReadOnlyList<LinkChanged>> WithPixelAsync(SignpostDb db, long pixelId) =>
        await db
            .LinkPixels.Where(tie => tie.PixelId == pixelId)
            .Join(
                db.Links,
                tie => tie.LinkId,
                link => link.Id,
                (_, link) => new LinkChanged(link.Id, link.DomainId, link.AliasKey)
            )
            .ToListAsync();

    /// <summary>Takes a pixel off its links.</summary>
    public static async Task<IReadOnlyList<LinkChanged>> ReleasePixelAsync(SignpostDb db, long pixelId)
    {
        var links = await WithPixelAsync(db, pixelId);
        await db.LinkPixels.Where(tie => tie.PixelId == pixelId).ExecuteDeleteAsync();
        return links;
    }

    /// <summary>How many links a domain has.</summary>
    public static Task<long> CountAsync(SignpostDb db, long domainId) =>
        db.Links.LongCountAsync(link => link.DomainId == domainId);

    /// <summary>Forgets what was counted of a domain that goes when its links are gone.</summary>
    public void ReleaseDomain(SignpostDb db, long domainId)
    {
        clicks.EraseGroups(db, [RollupScopes.Domain(domainId)]);
        clicks.EraseOrphans(db, domainId);
    }

    /// <summary>Deletes all links of a domain that goes, with their clicks and pictures.</summary>
    public async Task<IReadOnlyList<LinkChanged>> DeleteAllAsync(SignpostDb db, long domainId)
    {
        var links = await OnAsync(db, domainId);
        var pictures = await PicturesAsync(db, domainId);
        var gone = db.Links.Where(link => link.DomainId == domainId);
        // First the domain: then nothing has to be taken out of its rollups, link by link.
        ReleaseDomain(db, domainId);
        clicks.Erase(db, await PlacesAsync(gone));
        await gone.ExecuteDeleteAsync();
        // The links of a bulk share their pictures, and some of them may have moved elsewhere.
        foreach (var names in pictures.Chunk(500))
            await db
                .Files.Where(file =>
                    names.Contains(file.Name)
                    && !db.Links.Any(link =>
                        link.AccountId == file.AccountId
                        && (link.CloakingFavicon == file.Name || link.CloakingOpengraph == file.Name)
                    )
                )
                .ExecuteDeleteAsync();
        return links;
    }

    /// <summary>The aliases of a domain that its account cannot have on the main domain, as typed; a few of them.</summary>
    /// <param name="isBarred">Tells by its key and destination whether a link cannot be there, whoever else is.</param>
    public static async Task<IReadOnlyList<string>> UnmovableAsync(
        SignpostDb db,
        long domainId,
        Func<string, string, bool> isBarred,
        long now,
        int most
    )
    {
        List<string> unmovable = [];
        var links = db.Links.Where(link => link.DomainId == domainId);
        var all = links.Select(link => new
        {
            link.Alias,
            link.AliasKey,
            link.LocationUrl,
        });
        await foreach (var link in all.AsAsyncEnumerable())
            if (unmovable.Count < most && isBarred(link.AliasKey, link.LocationUrl))
                unmovable.Add(link.Alias);

        unmovable.AddRange(
            await links
                .Where(link =>
                    db.Links.Any(other => other.DomainId == MainDomain && other.AliasKey == link.AliasKey)
                    || db.RetiredAliases.Any(retired =>
                        retired.DomainId == MainDomain
                        && retired.AliasKey == link.AliasKey
                        && retired.AccountId != link.AccountId
                        && retired.Until > now
                    )
                )
                .Select(link => link.Alias)
                .Take(most)
                .ToListAsync()
        );
        return unmovable;
    }

    /// <summary>Moves all links of a domain that goes to the main one, where their aliases must be free.</summary>
    public async Task<IReadOnlyList<LinkChanged>> MoveAllAsync(SignpostDb db, long domainId, long now)
    {
        var links = await OnAsync(db, domainId);
        await MoveClicksAsync(db, domainId, MainDomain);
        await db
            .RetiredAliases.Where(retired =>
                retired.DomainId == MainDomain
                && db.Links.Any(link => link.DomainId == domainId && link.AliasKey == retired.AliasKey)
            )
            .ExecuteDeleteAsync();
        await db
            .Links.Where(link => link.DomainId == domainId)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(link => link.DomainId, MainDomain)
                    .SetProperty(link => link.Version, link => link.Version + 1)
                    .SetProperty(link => link.UpdatedAt, now)
            );
        return [.. links, .. links.Select(link => link with { DomainId = MainDomain })];
    }

    /// <summary>
    /// Moves all links of a domain to another claim of the same host. Where an alias is taken there, a new one is drawn: such a
    /// link was not served, and its count is not lost.
    /// </summary>
    public async Task<IReadOnlyList<LinkChanged>> JoinAsync(SignpostDb db, long domainId, long toId, long now)
    {
        var links = await OnAsync(db, domainId);
        await MoveClicksAsync(db, domainId, toId);
        var inTheWay = await db
            .Links.Where(link =>
                link.DomainId == domainId
                && db.Links.Any(other => other.DomainId == toId && other.AliasKey == link.AliasKey)
            )
            .ToListAsync();
        var drawn = await AliasBook.DrawAsync(db, toId, inTheWay.Count);
        foreach (var (link, alias) in inTheWay.Zip(drawn))
            (link.Alias, link.AliasKey) = (alias.Text, alias.Key);
        await db.SaveChangesAsync();

        await db
            .RetiredAliases.Where(retired =>
                retired.DomainId == domainId
                || (
                    retired.DomainId == toId
                    && db.Links.Any(link => link.DomainId == domainId && link.AliasKey == retired.AliasKey)
                )
            )
            .ExecuteDeleteAsync();
        await db
            .Links.Where(link => link.DomainId == domainId)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(link => link.DomainId, toId)
                    .SetProperty(link => link.Version, link => link.Version + 1)
                    .SetProperty(link => link.UpdatedAt, now)
            );
        return [.. links, .. await OnAsync(db, toId)];
    }

    private async Task MoveClicksAsync(SignpostDb db, long domainId, long toId)
    {
        ReleaseDomain(db, domainId);
        var places = await PlacesAsync(db.Links.Where(link => link.DomainId == domainId));
        clicks.Move(db, [.. places.Select(place => (place, place with { DomainId = toId }))]);
    }

    private static Task<List<LinkPlace>> PlacesAsync(IQueryable<LinkRow> links) =>
        links.Select(link => new LinkPlace(link.Id, link.AccountId, link.ProjectId, link.DomainId)).ToListAsync();

    private static async Task<List<LinkChanged>> OnAsync(SignpostDb db, long domainId) =>
        await db
            .Links.Where(link => link.DomainId == domainId)
            .Select(link => new LinkChanged(link.Id, link.DomainId, link.AliasKey))
            .ToListAsync();

    private static async Task<List<string>> PicturesAsync(SignpostDb db, long domainId)
    {
        var links = db.Links.Where(link => link.DomainId == domainId);
        return await links
            .Where(link => link.CloakingFavicon != null)
            .Select(link => link.CloakingFavicon!)
            .Union(links.Where(link => link.CloakingOpengraph != null).Select(link => link.CloakingOpengraph!))
            .ToListAsync();
    }
}
