using System.Data.Common;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The ids of one page in their order.</summary>
/// <param name="Total">The number of links on all pages, or a lower bound.</param>
/// <param name="Next">Where the next page begins; null: this is the last one.</param>
internal sealed record LinkPage(IReadOnlyList<long> Ids, long Total, bool IsExact, LinkCursor? Next)
{
    public static LinkPage Empty(long total = 0, bool isExact = true) => new([], total, isExact, null);
}

/// <summary>
/// Finds the links of a list with work that hardly grows with the account: it either sorts the few links that a filter or search finds,
/// or follows the index of the order and takes those that match.
/// </summary>
internal sealed class LinkFinder(Database database, TimeProvider clock)
{
    /// <summary>So many links may be read and sorted.</summary>
    internal int Few { get; init; } = 5_000;

    /// <summary>So many links of some tags may be read and sorted: an order does not tell which links have it.</summary>
    internal int FewTagged { get; init; } = 30_000;

    /// <summary>So many entries of an index may be read to count links.</summary>
    internal int MostCounted { get; init; } = 20_000;

    /// <summary>So many links may be read on the way to a page before they are found by the index of texts.</summary>
    internal int MostRead { get; init; } = 10_000;

    /// <summary>To read a link takes so many times as long as to find one in the index of texts.</summary>
    internal int ReadCost { get; init; } = 6;

    private static readonly string[] Grouped = [LinkIndexes.ByProject, LinkIndexes.ByDomain, LinkIndexes.ByState];

    /// <summary>So many found links are compared with the search to count them.</summary>
    private const int Compared = 1_000;

    public LinkPage Find(long account, LinkQuery query, CancellationToken cancel)
    {
        if (query.MatchesNothing || query.HasNoDomain)
            return LinkPage.Empty();
        using var connection = database.OpenRead();
        return Find(connection, account, query, cancel);
    }

    /// <summary>As the other overload, over a connection that may read.</summary>
    internal LinkPage Find(DbConnection connection, long account, LinkQuery query, CancellationToken cancel)
    {
        using var snapshot = Database.BeginSnapshot(connection);
        if (query.ProjectId is > 0 and var project && Gone(snapshot, JobKind.DeleteProject).Contains(project))
            return LinkPage.Empty();

        FoundTags[] tags = [.. query.Tags.Select(filter => FoundTags.Find(snapshot, account, filter))];
        var conditions = new LinkConditions(account, query, Now(), Gone(snapshot, JobKind.DeleteDomain), tags);
        var reading = new LinkReading(snapshot, conditions, query, cancel);
        var set = Narrow(reading, conditions);
        if (set is { Total: 0, IsExact: true } || query.IsPastEnd(Count(reading, new(account))))
            return LinkPage.Empty(set.Total, set.IsExact);
        return LinkSearch.Of(query) is { } search ? Search(reading, set, search) : List(reading, set);
    }

    /// <summary>The ids of all links that match, ascending, at one moment; null: there are more than <paramref name="most"/>.</summary>
    public List<long>? All(long account, LinkQuery query, int most, CancellationToken cancel)
    {
        if (query.MatchesNothing || query.HasNoDomain)
            return [];
        using var connection = database.OpenRead();
        using var snapshot = Database.BeginSnapshot(connection);
        if (query.ProjectId is > 0 and var project && Gone(snapshot, JobKind.DeleteProject).Contains(project))
            return [];

        FoundTags[] tags = [.. query.Tags.Select(filter => FoundTags.Find(snapshot, account, filter))];
        var conditions = new LinkConditions(account, query, Now(), Gone(snapshot, JobKind.DeleteDomain), tags);
        var reading = new LinkReading(snapshot, conditions, query, cancel);
        var set = Narrow(reading, conditions);
        var search = LinkSearch.Of(query);
        if (search is null || (set.IsExact && set.Total <= Few) || IsIncomplete(reading))
            return reading.Ids(search, reading.Source(set.Index), most, id: LinkReading.IdOf(set.Index));
        reading.Grams = search.Grams(account, reading.Dialect);
        return reading.Ids(search, LinkTexts.From(reading.Dialect), most, reading.Dialect.HasGrams, LinkTexts.Id);
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private LinkPage List(LinkReading reading, LinkSet set) => reading.Page(IndexFor(reading, set), set);

    // The smallest set of links that one filter finds, and the number of those that match all filters.
    private LinkSet Narrow(LinkReading reading, LinkConditions conditions)
    {
        GroupFilter all = new(conditions.Account);
        List<(string Index, long Rows, long? Hits)> sets = [(LinkIndexes.ById, Count(reading, all), null)];
        if (conditions.Project is { } project)
            sets.Add((LinkIndexes.ByProject, Count(reading, all with { Project = project }), null));
        if (conditions.Domain is { } domain)
            sets.Add((LinkIndexes.ByDomain, Count(reading, all with { Domain = domain }), null));
        if (conditions.IsEnabled is { } enabled)
            sets.Add((LinkIndexes.ByState, Count(reading, all with { IsEnabled = enabled }), null));
        foreach (var index in conditions.Indexes.Except(Grouped))
        {
            var (found, hits) = reading.Count(index, MostCounted);
            sets.Add((index, found, hits));
        }

        if (conditions.Tags is { Ids: [_], Links: var ofTag })
            sets.Add((LinkReading.ByTag, ofTag, null));
        else if (conditions.Tags is { Links: var ofTags } && ofTags <= FewTagged)
            sets.Add((LinkReading.ByTags, ofTags, null));

        var best = sets.MinBy(set => set.Rows);
        if (conditions.IsOfGroups)
            return new(best.Index, Count(reading, GroupFilter.Of(conditions)), true);
        if (conditions.IsOnlyOfTag)
            return new(best.Index, conditions.Tags!.Links, true);
        var (rows, matching) = best.Hits is { } known ? (best.Rows, known) : reading.Count(best.Index, MostCounted);
        return new(best.Index, matching, rows < MostCounted);
    }

    private string IndexFor(LinkReading reading, LinkSet set) =>
        set.IsExact && set.Total <= (LinkReading.IsByTags(set.Index) ? FewTagged : Few) ? set.Index
        : reading.Order.Index == LinkIndexes.ById && set.IsById ? set.Index
        : reading.Order.Index;

    private LinkPage Search(LinkReading reading, LinkSet set, LinkSearch search)
    {
        if (set.IsExact && set.Total <= Few)
            return reading.Whole(search, set.Index);
        if (IsIncomplete(reading))
        {
            var index = IndexFor(reading, set);
            return reading.Walk(search, reading.Source(index), 0, id: LinkReading.IdOf(index));
        }

        reading.Grams = search.Grams(reading.Conditions.Account, reading.Dialect);
        var found = reading.Found(Few + 1);
        if (found.Count <= Few)
            return reading.Whole(search, null, found);
        var counted = reading.Compare(search, found[..Math.Min(Compared, found.Count)]);
        if (reading.Order.Index == LinkIndexes.ById)
            return reading.Walk(
                search,
                LinkTexts.From(reading.Dialect),
                counted,
                reading.Dialect.HasGrams,
                LinkTexts.Id
            );
        var source = reading.Source(reading.Order.Index);
        // The links on the way may be just those without the part.
        if (IsDense(reading, found) && reading.TryWalk(search, source, counted, MostRead) is { } page)
            return page;
        return reading.Walk(search, source, counted, LinkTexts.IsFound(reading.Dialect));
    }

    // Whether it takes less time to compare each link on the way to the page than to find all links with the part.
    private bool IsDense(LinkReading reading, List<long> found)
    {
        var density = found.Count / (found[^1] - (double)found[0] + 1);
        var all = Count(reading, new(reading.Conditions.Account));
        return reading.Needed / density * ReadCost < density * all;
    }

    // Links that are older than the index are being added to it.
    private static bool IsIncomplete(LinkReading reading) => Gone(reading.Snapshot, JobKind.IndexLinks).Count > 0;

    private static List<long> Gone(DbTransaction snapshot, JobKind kind)
    {
        using var command = snapshot.Connection!.Command(
            snapshot,
            "SELECT subject FROM jobs WHERE kind = @kind",
            ("@kind", (int)kind)
        );
        using var rows = command.ExecuteReader();
        List<long> gone = [];
        while (rows.Read())
            gone.Add(rows.GetInt64(0));
        return gone;
    }

    // A value that is null is no filter.
    private static long Count(LinkReading reading, GroupFilter filter)
    {
        using var command = reading.Snapshot.Connection!.Command(
            reading.Snapshot,
            """
            SELECT CAST(coalesce(sum(links), 0) AS bigint) FROM link_groups
            WHERE account_id = @account AND (@project IS NULL OR project_id = @project)
                AND (@domain IS NULL OR domain_id = @domain) AND (@enabled IS NULL OR is_enabled = @enabled)
                AND domain_id NOT IN (SELECT subject FROM jobs WHERE kind = @kind)
            """,
            ("@account", filter.Account),
            ("@project", filter.Project),
            ("@domain", filter.Domain),
            ("@enabled", filter.IsEnabled),
            ("@kind", (int)JobKind.DeleteDomain)
        );
        return (long)command.ExecuteScalar()!;
    }

    private readonly record struct GroupFilter(long Account)
    {
        public long? Project { get; init; }
        public long? Domain { get; init; }
        public bool? IsEnabled { get; init; }

        public static GroupFilter Of(LinkConditions conditions) =>
            new(conditions.Account)
            {
                Project = conditions.Project,
                Domain = conditions.Domain,
                IsEnabled = conditions.IsEnabled,
            };
    }
}

/// <summary>The links that one index finds.</summary>
/// <param name="Total">How many of them match all filters, or a lower bound.</param>
internal readonly record struct LinkSet(string Index, long Total, bool IsExact)
{
    /// <summary>The index gives them in the order of their ids.</summary>
    public bool IsById =>
        Index
            is LinkIndexes.ById
                or LinkIndexes.ByProject
                or LinkIndexes.ByDomain
                or LinkIndexes.ByState
                or LinkIndexes.ByDestination
                or LinkReading.ByTag;
}
