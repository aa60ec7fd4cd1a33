using Signpost.ClickStore.Chunks;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>
/// Makes the rollups of a UTC day from the compacted clicks: one for each busy link and one for each group. Beside the rollup of a domain
/// come the columns of its clicks. Memory holds the clicks of one group at a time, and only a part of a large group.
/// </summary>
internal sealed class DayRollups : IDisposable
{
    /// <summary>With fewer requests on a day, reading a link's clicks is as fast as reading a rollup.</summary>
    public const int Busy = 512;

    private readonly ClickView _view;
    private readonly ChunkReader _chunks;
    private readonly int _day;
    private readonly bool _withColumns;
    private readonly long _from;
    private readonly long _to;
    private readonly CancellationToken _cancel;

    /// <param name="withColumns">False: the day's clicks are too old to be kept.</param>
    public DayRollups(ClickView view, int day, bool withColumns, CancellationToken cancel)
    {
        (_view, _day, _withColumns, _cancel) = (view, day, withColumns, cancel);
        _chunks = new ChunkReader(view.Connection, view.Transaction);
        (_from, _to) = (Days.StartOf(day), Days.StartOf(day + 1));
    }

    /// <summary>Makes all rows, one after the other.</summary>
    public IEnumerable<MadeRow> MakeAll()
    {
        var links = FindLinks();
        foreach (var group in links.GroupBy(link => link.Groups.Last()))
        foreach (var made in Make(group.Key, [.. group.Select(link => link.LinkId)], withLinks: true))
            yield return made;

        foreach (var group in links.Where(link => link.ProjectId is not null).GroupBy(link => link.Groups.First()))
        foreach (var made in Make(group.Key, [.. group.Select(link => link.LinkId)], withLinks: false))
            yield return made;
    }

    /// <summary>Makes the rows of one scope; none: it had no clicks on that day.</summary>
    public List<MadeRow> MakeOne(long scope) =>
        [.. Make(scope, ScopeLinks.Find(_view, ScopeLinks.OfCode(scope)), withLinks: false)];

    public void Dispose() => _chunks.Dispose();

    private IEnumerable<MadeRow> Make(long scope, IReadOnlyList<long> links, bool withLinks)
    {
        using RollupTally total = new(_day, 1) { MakesColumns = _withColumns && RollupScopes.HasColumns(scope) };
        var isFirst = withLinks;
        do
        {
            foreach (var link in links)
            {
                _cancel.ThrowIfCancellationRequested();
                var requests = 0;
                foreach (var piece in Read(link))
                    requests += total.Add(piece, piece.Runs);
                // Its clicks are read again, because they may be too many for the memory.
                if (isFirst && requests >= Busy)
                    yield return MakeLink(link);
            }

            isFirst = false;
        } while (total.NextPass());

        if (total.Rollup.IsEmpty)
            yield break;
        MadeRollup made = new(ClusterKey.Of(scope, _day), RollupBytes.Write(total.Rollup));
        foreach (var row in MadeRow.Of(made, total.Columns))
            yield return row;
    }

    private MadeRow MakeLink(long link)
    {
        using RollupTally tally = new(_day, 1);
        do foreach (var piece in Read(link))
            tally.Add(piece, piece.Runs);
        while (tally.NextPass());
        return new(ClusterKey.Of(RollupScopes.Link(link), _day), RollupBytes.Write(tally.Rollup), 0, []);
    }

    private IEnumerable<ClickColumns> Read(long link)
    {
        foreach (var (place, read) in _chunks.Of(link))
            if (place.Count > 0 && place.FirstAt < _to && place.LastAt >= _from)
                yield return read();
    }

    // Reads the links at the same moment as the clicks.
    private List<LinkPlace> FindLinks()
    {
        using var command = _view.Connection.Command(
            _view.Transaction,
            """
            SELECT id, account_id, project_id, domain_id, is_guest FROM links WHERE id IN (
                SELECT id >> 20 FROM click_chunks WHERE first_at < @to AND last_at >= @from AND count > 0
            ) ORDER BY id
            """,
            ("@from", _from),
            ("@to", _to)
        );
        using var rows = command.ExecuteReader();
        List<LinkPlace> links = [];
        while (rows.Read())
            links.Add(
                new(
                    rows.GetInt64(0),
                    rows.GetInt64(1),
                    rows.IsDBNull(2) ? null : rows.GetInt64(2),
                    rows.GetInt64(3),
                    rows.GetBoolean(4)
                )
            );
        return links;
    }
}
