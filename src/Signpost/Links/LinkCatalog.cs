using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The only reader of links for people and programs. It returns only links of the caller's account.</summary>
internal sealed class LinkCatalog(Database database, ClickCounts counts, ClickRanking ranking, PublicAddress address)
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

    /// <summary>One page, and the number of links on all pages.</summary>
    public async Task<(IReadOnlyList<LinkResponse> Links, long Total)> ListAsync(
        Caller caller,
        LinkQuery query,
        CancellationToken cancel
    )
    {
        if (query.MatchesNothing)
            return ([], 0);
        await using var db = database.Read();
        if (
            query.ProjectId is { } project
            && await Gone(db, JobKind.DeleteProject).AnyAsync(gone => gone == project, cancel)
        )
            return ([], 0);

        var found = query.Filter(db.Links.Where(link => link.AccountId == caller.AccountId));
        if (query.Window.OrderBy is "clicks")
            return await ListByClicksAsync(db, caller, query, found, cancel);

        var total = await found.LongCountAsync(cancel);
        if (query.Window.Paging.Offset(total) is not { } offset || offset >= total)
            return ([], total);

        // No table has so many rows that an offset needs more than an int.
        var rows = await query.Sort(found).Skip((int)offset).Take(query.Window.Paging.Size).ToListAsync(cancel);
        return (await ResponsesAsync(db, caller, rows, cancel), total);
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

    private async Task<(IReadOnlyList<LinkResponse> Links, long Total)> ListByClicksAsync(
        SignpostDb db,
        Caller caller,
        LinkQuery query,
        IQueryable<LinkRow> found,
        CancellationToken cancel
    )
    {
        var all = await IdsAsync(db, found, cancel);
        if (query.Window.Paging.Offset(all.Count) is not { } offset || offset >= all.Count)
            return ([], all.Count);

        var page = await ranking.OrderAsync(all, query.Window.Ascending, (int)offset, query.Window.Paging.Size, cancel);
        var rows = await db.Links.Where(link => page.Contains(link.Id)).ToDictionaryAsync(link => link.Id, cancel);
        return (
            await ResponsesAsync(db, caller, [.. page.Where(rows.ContainsKey).Select(id => rows[id])], cancel),
            all.Count
        );
    }

    // Without the context, which is several times slower for a hundred thousand links.
    private static async Task<List<long>> IdsAsync(SignpostDb db, IQueryable<LinkRow> links, CancellationToken cancel)
    {
        await db.Database.OpenConnectionAsync(cancel);
        await using var command = links.Select(link => link.Id).CreateDbCommand();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        List<long> ids = [];
        while (rows.Read())
            ids.Add(rows.GetInt64(0));
        return ids;
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
        var domains = await DomainsAsync(db, rows, cancel);
        // A deleted project or splash page disappears at once; its links are updated later, one after the other.
        var gone = await Gone(db, JobKind.DeleteProject).ToListAsync(cancel);
        var gonePages = await Gone(db, JobKind.DeleteSplashPage).ToListAsync(cancel);
        return
        [
            .. rows.Select(row =>
                LinkResponse.Of(
                    row,
                    row.ProjectId is { } project && gone.Contains(project) ? null : row.ProjectId,
                    row.SplashPageId is { } page && gonePages.Contains(page) ? null : row.SplashPageId,
                    domains.GetValueOrDefault(row.DomainId, address.Url),
                    address.Url,
                    [.. pixels[row.Id]],
                    clicks.GetValueOrDefault(row.Id),
                    caller.TimeZone
                )
            ),
        ];
    }

    private static IQueryable<long> Gone(SignpostDb db, JobKind kind) =>
        db.Jobs.Where(job => job.Kind == kind).Select(job => job.Subject);

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
