using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Clicks;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The only reader of links for people and programs. It returns only links of the caller's account.</summary>
internal sealed class LinkCatalog(Database database, ClickCounts counts, LinkFinder finder, PublicAddress address)
{
    public async Task<LinkResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    /// <summary>Reads it within a transaction.</summary>
    public async Task<LinkResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel)
    {
        var row = await db.Links.FirstOrDefaultAsync(
            link => link.Id == id && link.AccountId == caller.AccountId,
            cancel
        );
        return row is null ? null : (await ResponsesAsync(db, caller, [row], cancel))[0];
    }

    /// <summary>One page, and what is known of the others.</summary>
    public async Task<(IReadOnlyList<LinkResponse> Links, LinkPage Page)> ListAsync(
        Caller caller,
        LinkQuery query,
        CancellationToken cancel
    )
    {
        var page = finder.Find(caller.AccountId, query, cancel);
        if (page.Ids is [])
            return ([], page);
        await using var db = database.Read();
        var rows = await db.Links.Where(link => page.Ids.Contains(link.Id)).ToDictionaryAsync(link => link.Id, cancel);
        var found = page.Ids.Where(rows.ContainsKey).Select(id => rows[id]);
        return (await ResponsesAsync(db, caller, [.. found], cancel), page);
    }

    /// <summary>Links with a higher id, the lowest id first. It reads all links in pages of the same cost.</summary>
    public async Task<IReadOnlyList<LinkResponse>> ListAfterAsync(
        Caller caller,
        long after,
        int count,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var found = db.Links.Where(link => link.AccountId == caller.AccountId && link.Id > after);
        var rows = await found.OrderBy(link => link.Id).Take(count).ToListAsync(cancel);
        return await ResponsesAsync(db, caller, rows, cancel);
    }

    private async Task<LinkResponse[]> ResponsesAsync(
        SignpostDb db,
        Caller caller,
        IReadOnlyList<LinkRow> rows,
        CancellationToken cancel
    )
    {
        long[] ids = [.. rows.Select(row => row.Id)];
        var clicks = await counts.ReadAsync(ids, cancel);
        var pixels = await PixelsAsync(db, ids, cancel);
        var tags = await LinkTags.NamesAsync(db, ids, cancel);
        var domains = await DomainsAsync(db, rows, cancel);
        // A deleted project disappears at once; its links are updated later, one after the other.
        var gone = await GoneProjects(db).ToListAsync(cancel);
        return
        [
            .. rows.Select(row =>
                LinkResponse.Of(
                    row,
                    row.ProjectId is { } project && gone.Contains(project) ? null : row.ProjectId,
                    domains.GetValueOrDefault(row.DomainId, address.Url),
                    address.Url,
                    [.. tags[row.Id]],
                    [.. pixels[row.Id]],
                    clicks.GetValueOrDefault(row.Id),
                    caller.TimeZone
                )
            ),
        ];
    }

    private static IQueryable<long> GoneProjects(SignpostDb db) =>
        db.Jobs.Where(job => job.Kind == JobKind.DeleteProject).Select(job => job.Subject);

    private static async Task<ILookup<long, long>> PixelsAsync(SignpostDb db, long[] links, CancellationToken cancel) =>
        (
            await db
                .LinkPixels.Where(linkPixel => links.Contains(linkPixel.LinkId))
                .OrderBy(linkPixel => linkPixel.PixelId)
                .ToListAsync(cancel)
        ).ToLookup(linkPixel => linkPixel.LinkId, linkPixel => linkPixel.PixelId);

    private static async Task<Dictionary<long, string>> DomainsAsync(
        SignpostDb db,
        IReadOnlyList<LinkRow> rows,
        CancellationToken cancel
    )
    {
        long[] ids = [.. rows.Select(row => row.DomainId).Where(id => id != 0).Distinct()];
        return ids is []
            ? []
            : await db
                .Domains.Where(domain => ids.Contains(domain.Id))
                .ToDictionaryAsync(domain => domain.Id, domain => domain.Scheme + domain.Host, cancel);
    }
}
