using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.ClickStore;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Statistics.Listing;

/// <summary>A click of an export.</summary>
/// <param name="ShortUrl">The short address of its link.</param>
internal readonly record struct ExportedClick(ListedClick Click, string ShortUrl);

/// <summary>Reads all clicks of a scope, link by link, each link's oldest first. Memory stays small for any number.</summary>
internal sealed class ExportReader(Database database, IStatistics statistics, PublicAddress address)
{
    private const int LinksAtOnce = 500;

    /// <param name="account">The account whose links are read.</param>
    public async IAsyncEnumerable<ExportedClick> ReadAsync(
        long account,
        StatisticsQuestion question,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var (last, hasBegun) = (0L, false);
        while (await LinksAsync(account, question, last, cancel) is [.., var end] links)
        {
            foreach (var (id, shortUrl) in links)
            {
                var ofLink = question with { Scope = new(ScopeKind.Link, id), Tags = [] };
                await foreach (var click in statistics.ReadAllAsync(ofLink, mayRefuse: !hasBegun, cancel))
                {
                    hasBegun = true;
                    yield return new(click, shortUrl);
                }
            }
            last = end.Id;
        }
    }

    private static IQueryable<LinkRow> Tagged(SignpostDb db, IQueryable<LinkRow> links, TagFilter filter)
    {
        var (keys, hasNone, isIncluding) = (filter.Named, filter.NamesNone, !filter.IsExcluding);
        var tagged =
            from linkTag in db.LinkTags
            join tag in db.Tags on linkTag.TagId equals tag.Id
            select new { linkTag.LinkId, tag.NameKey };
        return links.Where(link =>
            (
                tagged.Any(tag => tag.LinkId == link.Id && keys.Contains(tag.NameKey))
                || (hasNone && !tagged.Any(tag => tag.LinkId == link.Id))
            ) == isIncluding
        );
    }

    // Only links with stored requests: others would each cost a question.
    private async Task<List<(long Id, string ShortUrl)>> LinksAsync(
        long account,
        StatisticsQuestion question,
        long after,
        CancellationToken cancel
    )
    {
        var scope = question.Scope;
        await using var db = database.Read();
        var links = db.Links.Where(link => link.AccountId == account && link.Id > after);
        links = scope.Kind switch
        {
            ScopeKind.Link => links.Where(link => link.Id == scope.Id),
            ScopeKind.Project => links.Where(link => link.ProjectId == scope.Id),
            ScopeKind.Domain => links.Where(link => link.DomainId == scope.Id),
            ScopeKind.MainDomain => links.Where(link => link.DomainId == 0),
            _ => links,
        };
        foreach (var filter in question.Tags)
            links = Tagged(db, links, filter);
        var found = await (
            from link in links
            where db.LinkCounts.Any(count => count.LinkId == link.Id)
            join domain in db.Domains on link.DomainId equals domain.Id into domains
            from own in domains.DefaultIfEmpty()
            orderby link.Id
            select new
            {
                link.Id,
                link.Alias,
                Home = own == null ? null : own.Scheme + own.Host,
            }
        )
            .Take(LinksAtOnce)
            .ToListAsync(cancel);
        return [.. found.Select(link => (link.Id, $"{link.Home ?? address.Url}/{Alias.PathOf(link.Alias)}"))];
    }
}
