using System.Data.Common;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The order of a list: the index that has it, and the column; ids decide between equal values.</summary>
internal readonly record struct LinkOrder(string Index, string Column)
{
    public static LinkOrder Of(string name) =>
        name switch
        {
            "datetime" => new(LinkIndexes.ByCreation, "created_at"),
            "last_datetime" => new(LinkIndexes.ByEdit, "updated_at"),
            "clicks" => new(LinkIndexes.ByClicks, "ranked_clicks"),
            "url" => new(LinkIndexes.ByAlias, "alias_key"),
            _ => new(LinkIndexes.ById, "id"),
        };
}

/// <summary>Reads the links of one list in one snapshot of the database.</summary>
internal sealed class LinkReading(
    DbTransaction snapshot,
    LinkConditions conditions,
    LinkQuery query,
    CancellationToken cancel
)
{
    /// <summary>Instead of an index: the links of the tag, by id.</summary>
    public const string ByTag = "tag";

    /// <summary>Instead of an index: the links of the tags.</summary>
    public const string ByTags = "tags";

    private readonly int _size = query.Window.Paging.Size;
    private long _left = long.MaxValue;
    private readonly long _skip = query.Cursor is null ? query.Window.Paging.Start : 0;

    /// <summary>So many links are followed up to the end of the page.</summary>
    public long Needed => _skip + _size + 1;

    public DbTransaction Snapshot => snapshot;
    public LinkConditions Conditions => conditions;

    /// <summary>The SQL of the database.</summary>
    public Dialect Dialect { get; } = Dialect.Of(snapshot.Connection!);

    public LinkOrder Order { get; } = LinkOrder.Of(query.Window.OrderBy);

    /// <summary>The search for <see cref="LinkTexts"/>.</summary>
    public string? Grams { get; set; }

    /// <summary>The links that an index finds, as a source of rows.</summary>
    public string Source(string index) =>
        index switch
        {
            ByTag => $"link_tags {Dialect.Join} links {Dialect.By(LinkIndexes.ById)} ON tag_id = @tag AND id = link_id",
            ByTags =>
                $"(SELECT DISTINCT link_id FROM link_tags WHERE tag_id IN (@tags)) AS tagged {Dialect.Join} links {Dialect.By(LinkIndexes.ById)} ON id = link_id",
            _ => $"links {Dialect.By(index)}",
        };

    public static bool IsByTags(string index) => index is ByTag or ByTags;

    /// <summary>The id, in SQL, by which a source is sorted.</summary>
    public static string IdOf(string index) => IsByTags(index) ? "link_id" : "id";

    /// <summary>The number of links that an index finds, and how many of them match all filters.</summary>
    /// <param name="most">No more links are read.</param>
    public (long Rows, long Hits) Count(string index, int most)
    {
        using var command = Command(
            $"""
            SELECT count(*), coalesce(sum(hit), 0) FROM (
                SELECT CASE WHEN {conditions.All} THEN 1 ELSE 0 END AS hit
                FROM {Source(index)} WHERE {conditions.Of(index)} LIMIT @most) AS counted
            """,
            ("@most", most)
        );
        using var rows = command.ExecuteReader();
        rows.Read();
        return (rows.GetInt64(0), rows.GetInt64(1));
    }

    /// <summary>The page without a search.</summary>
    public LinkPage Page(string index, LinkSet set)
    {
        using var command = Command(
            $"SELECT id, {Order.Column} FROM {Source(index)} WHERE {conditions.All} {After(IdOf(index))} {OrderBy(IdOf(index))} LIMIT @take OFFSET @skip",
            ("@take", _size + 1),
            ("@skip", _skip)
        );
        using var rows = command.ExecuteReader();
        List<(long, object)> read = [];
        while (rows.Read())
            read.Add((rows.GetInt64(0), rows.GetValue(1)));
        return PageOf(read, set.Total, set.IsExact);
    }

    /// <summary>The ids of links that the search may find.</summary>
    public List<long> Found(int most)
    {
        using var command = Command(LinkTexts.SelectFound(Dialect), ("@most", most));
        using var rows = command.ExecuteReader();
        List<long> found = [];
        while (rows.Read())
            found.Add(rows.GetInt64(0));
        return found;
    }

    /// <summary>The number of these links that match all filters and the search.</summary>
    public int Compare(LinkSearch search, IReadOnlyCollection<long> found)
    {
        using var command = Command(
            $"SELECT id, id, {search.Columns} FROM links {Dialect.ById} WHERE id IN (@found) AND {conditions.All}",
            ("@found", found)
        );
        return Matches(command, search).Count();
    }

    /// <summary>The page of a search that compares all links of a small set.</summary>
    /// <param name="index">Finds the set; null: <paramref name="found"/> is it.</param>
    /// <param name="found">The set; null: all that match the filters.</param>
    public LinkPage Whole(LinkSearch search, string? index, IReadOnlyCollection<long>? found = null)
    {
        var only = found is null ? "" : "id IN (@found) AND ";
        using var command = Command(
            $"SELECT id, {Order.Column}, {search.Columns} FROM {(index is null ? $"links {Dialect.ById}" : Source(index))} WHERE {only}{conditions.All} {OrderBy("id")}",
            found is null ? [] : [("@found", found)]
        );
        List<(long Id, object Key)> all = [.. Matches(command, search)];
        var start = query.Cursor is { } cursor
            ? all.Count(link => cursor.IsAtOrBefore(link, query.Window.Ascending))
            : _skip;
        return PageOf([.. all.Skip((int)Math.Min(start, all.Count)).Take(_size + 1)], all.Count, true);
    }

    /// <summary>The page of a search that compares the links on the way through an order.</summary>
    /// <param name="counted">So many links are known to be found.</param>
    /// <param name="condition">One more condition; null: none.</param>
    /// <param name="id">The id, in SQL, by which the source is sorted.</param>
    public LinkPage Walk(LinkSearch search, string source, int counted, string? condition = null, string id = "id") =>
        TryWalk(search, source, counted, long.MaxValue, condition, id)!;

    /// <summary>As <see cref="Walk"/>; null: the page needs more links to be read.</summary>
    /// <param name="most">No more links are read.</param>
    public LinkPage? TryWalk(
        LinkSearch search,
        string source,
        int counted,
        long most,
        string? condition = null,
        string id = "id"
    )
    {
        _left = most;
        var also = condition is null ? "" : $"{condition} AND ";
        using var command = Command(
            $"SELECT id, {Order.Column}, {search.Columns} FROM {source} WHERE {also}{conditions.All} {After(id)} {OrderBy(id)}"
        );
        List<(long, object)> read = [];
        var passed = 0L;
        foreach (var link in Matches(command, search))
        {
            if (passed++ < _skip)
                continue;
            read.Add(link);
            if (read.Count > _size)
                break;
        }

        if (_left < 0)
            return null;
        var isWhole = query.Cursor is null && read.Count <= _size;
        return PageOf(read, isWhole ? passed : Math.Max(counted, passed), isWhole);
    }

    /// <summary>The ids of all links that match, ascending; null: there are more than <paramref name="most"/>.</summary>
    /// <param name="search">Null: none.</param>
    /// <param name="condition">One more condition; null: none.</param>
    /// <param name="id">The id, in SQL, by which the source is sorted.</param>
    public List<long>? Ids(LinkSearch? search, string source, int most, string? condition = null, string id = "id")
    {
        var also = condition is null ? "" : $"{condition} AND ";
        var texts = search is null ? "" : $", {search.Columns}";
        using var command = Command($"SELECT id, id{texts} FROM {source} WHERE {also}{conditions.All} ORDER BY {id}");
        List<long> ids = [];
        foreach (var (found, _) in search is null ? Rows(command) : Matches(command, search))
        {
            if (ids.Count == most)
                return null;
            ids.Add(found);
        }

        return ids;
    }

    private IEnumerable<(long Id, object Key)> Rows(DbCommand command)
    {
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            cancel.ThrowIfCancellationRequested();
            yield return (rows.GetInt64(0), rows.GetValue(1));
        }
    }

    private IEnumerable<(long Id, object Key)> Matches(DbCommand command, LinkSearch search)
    {
        using var rows = command.ExecuteReader();
        while (rows.Read() && _left-- > 0)
        {
            cancel.ThrowIfCancellationRequested();
            if (
                Enumerable
                    .Range(2, rows.FieldCount - 2)
                    .Any(at => !rows.IsDBNull(at) && search.Finds(rows.GetString(at)))
            )
                yield return (rows.GetInt64(0), rows.GetValue(1));
        }
    }

    private LinkPage PageOf(List<(long Id, object Key)> read, long total, bool isExact)
    {
        var hasNext = read.Count > _size;
        if (hasNext)
            read.RemoveAt(_size);
        var next = hasNext ? new LinkCursor(query.Window.Paging.Page + 1, read[^1].Id, read[^1].Key) : null;
        var least = read.Count == 0 ? 0 : _skip + read.Count + (hasNext ? 1 : 0);
        // The end of the list is known, so its length is.
        if (!hasNext && query.Cursor is null && (read.Count > 0 || _skip == 0))
            (total, isExact) = (least, true);
        return new([.. read.Select(link => link.Id)], isExact ? total : Math.Max(total, least), isExact, next);
    }

    private string OrderBy(string id)
    {
        var direction = query.Window.Ascending ? "ASC" : "DESC";
        return Order.Column is "id"
            ? $"ORDER BY {id} {direction}"
            : $"ORDER BY {Order.Column} {direction}, {id} {direction}";
    }

    private string After(string id)
    {
        if (query.Cursor is null)
            return "";
        var sign = query.Window.Ascending ? ">" : "<";
        return Order.Column is "id" ? $"AND {id} {sign} @last" : $"AND ({Order.Column}, {id}) {sign} (@key, @last)";
    }

    private DbCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        snapshot.Connection!.Command(
            snapshot,
            sql,
            [
                .. conditions.Values,
                .. values,
                ("@grams", Grams),
                ("@last", query.Cursor?.Id),
                ("@key", query.Cursor?.Key),
            ]
        );
}
