using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Clicks;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The only reader of links for people and programs. It returns only links of the caller's account.</summary>
internal sealed class LinkCatalog(
    Database database,
    ClickCounts counts,
    LinkFinder finder,
    PublicAddress address,
    SignpostSettings settings
)
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

    /// <summary>One page of the trash, the link that was deleted last first, and the number of links there.</summary>
    public async Task<(IReadOnlyList<LinkResponse> Links, long Total)> ListTrashAsync(
        Caller caller,
        Paging paging,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var trash = db.LinksAndTrash.Where(link => link.AccountId == caller.AccountId && link.DeletedAt != null);
        var total = await trash.LongCountAsync(cancel);
        if (paging.Offset(total) is not { } offset || offset >= total)
            return ([], total);
        var rows = await trash
            .OrderByDescending(link => link.DeletedAt)
            .ThenByDescending(link => link.Id)
            .Skip((int)offset)
            .Take(paging.Size)
            .ToListAsync(cancel);
        return (await ResponsesAsync(db, caller, rows, cancel), total);
    }

    /// <summary>A link in the trash; null: the caller has no such link there.</summary>
    public async Task<LinkResponse?> FindInTrashAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        var row = await db.LinksAndTrash.FirstOrDefaultAsync(
            link => link.Id == id && link.AccountId == caller.AccountId && link.DeletedAt != null,
            cancel
        );
        return row is null ? null : (await ResponsesAsync(db, caller, [row], cancel))[0];
    }

    /// <summary>
    /// Links with a higher id, the lowest id first, also those in the trash. It reads all links in pages of the same cost.
    /// </summary>
    public async Task<IReadOnlyList<LinkResponse>> ListAfterAsync(
        Caller caller,
        long after,
        int count,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var found = db.LinksAndTrash.Where(link => link.AccountId == caller.AccountId && link.Id > after);
        var rows = await found.OrderBy(link => link.Id).Take(count).ToListAsync(cancel);
        return await ResponsesAsync(db, caller, rows, cancel);
    }

    /// <summary>Those of these links that the caller has, the lowest id first, without the trash.</summary>
    /// <param name="ids">At most 1,000.</param>
    public async Task<IReadOnlyList<LinkResponse>> ListAsync(
        Caller caller,
        IReadOnlyList<long> ids,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var found = db.Links.Where(link => link.AccountId == caller.AccountId && ids.Contains(link.Id));
        return await ResponsesAsync(db, caller, await found.OrderBy(link => link.Id).ToListAsync(cancel), cancel);
    }

    /// <summary>The newest links on a domain with their aliases and the keys of these, without the trash.</summary>
    /// <param name="domainId">0: the main domain.</param>
    public async Task<IReadOnlyList<(long Id, string Alias, string Key)>> ListAliasesAsync(
        Caller caller,
        long domainId,
        int most,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var newest = db
            .Links.Where(link => link.AccountId == caller.AccountId && link.DomainId == domainId)
            .OrderByDescending(link => link.Id)
            .Select(link => new
            {
                link.Id,
                link.Alias,
                link.AliasKey,
            });
        return [.. (await newest.Take(most).ToListAsync(cancel)).Select(link => (link.Id, link.Alias, link.AliasKey))];
    }

    /// <summary>The ids of all links of a list, ascending, at one moment; null: there are more than <paramref name="most"/>.</summary>
    public IReadOnlyList<long>? FindAll(Caller caller, LinkQuery query, int most, CancellationToken cancel) =>
        finder.All(caller.AccountId, query, most, cancel);

    /// <summary>The links of all accounts that have one of these keys of aliases on a domain, by key; null: another account has it.</summary>
    /// <param name="domainId">0: the main domain.</param>
    /// <param name="keys">At most 1,000.</param>
    public async Task<IReadOnlyDictionary<string, long?>> FindAliasesAsync(
        Caller caller,
        long domainId,
        IReadOnlyList<string> keys,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        return await db
            .Links.Where(link => link.DomainId == domainId && keys.Contains(link.AliasKey))
            .Select(link => new { link.AliasKey, Id = link.AccountId == caller.AccountId ? link.Id : (long?)null })
            .ToDictionaryAsync(link => link.AliasKey, link => link.Id, cancel);
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
        // A deleted project or splash page disappears at once; its links are updated later, one after the other.
        var gone = await Gone(db, JobKind.DeleteProject).ToListAsync(cancel);
        var gonePages = await Gone(db, JobKind.DeleteSplashPage).ToListAsync(cancel);
        var logos = await LogosAsync(db, caller, rows, cancel);
        return
        [
            .. rows.Select(row =>
                LinkResponse
                    .Of(
                        row,
                        row.ProjectId is { } project && gone.Contains(project) ? null : row.ProjectId,
                        row.SplashPageId is { } page && gonePages.Contains(page) ? null : row.SplashPageId,
                        domains.GetValueOrDefault(row.DomainId, address.Url),
                        address.Url,
                        [.. tags[row.Id]],
                        [.. pixels[row.Id]],
                        clicks.GetValueOrDefault(row.Id),
                        caller.TimeZone
                    )
                    .WithLogoOf(logos) with
                {
                    DeletedAt = LocalTime.Format(row.DeletedAt, caller.TimeZone),
                    ErasedAt = LocalTime.Format(row.DeletedAt + settings.TrashMilliseconds, caller.TimeZone),
                }
            ),
        ];
    }

    // The links of a deleted logo still name it.
    private static async Task<HashSet<long>> LogosAsync(
        SignpostDb db,
        Caller caller,
        IReadOnlyList<LinkRow> rows,
        CancellationToken cancel
    )
    {
        long[] ids = [.. rows.Select(row => row.StatisticsPublicLogo).OfType<long>().Distinct()];
        return ids is []
            ? []
            : await db
                .QrLogos.Where(logo => ids.Contains(logo.Id) && logo.AccountId == caller.AccountId)
                .Select(logo => logo.Id)
                .ToHashSetAsync(cancel);
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
