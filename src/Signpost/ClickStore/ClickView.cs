using System.Data.Common;
using Signpost.ClickStore.Blocks;
using Signpost.ClickStore.Chunks;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>The stored clicks at one moment, and a read transaction of the same moment.</summary>
internal sealed class ClickView : IDisposable
{
    private readonly RecentList _recent;
    private readonly long _throughBlock;
    private readonly long _nextLink;
    private readonly ChunkReader _chunks;

    internal ClickView(DbConnection connection, RecentList recent)
    {
        (Connection, _recent) = (connection, recent);
        Transaction = Database.BeginSnapshot(connection);
        // The first read fixes the moment.
        if (ClickBlocks.ReadCompaction(connection, Transaction) is { } compaction)
            (_throughBlock, _nextLink) = (compaction.ThroughBlock, compaction.NextLink);
        _chunks = new ChunkReader(connection, Transaction);
    }

    public DbConnection Connection { get; }

    public DbTransaction Transaction { get; }

    /// <summary>Segments whose clicks may not be compacted yet; <see cref="IsRecent"/> tells it for each link.</summary>
    public IEnumerable<RecentSegment> Segments => _recent.Segments;

    /// <summary>Whether a link's clicks of a segment are in no chunk yet.</summary>
    public bool IsRecent(RecentSegment segment, long link) => segment.Block > _throughBlock || link >= _nextLink;

    /// <summary>A link's clicks in the order of storing; pieces without clicks of the span are left out.</summary>
    /// <param name="from">In seconds since 1970-01-01 UTC.</param>
    /// <param name="to">The first second after the span.</param>
    public IEnumerable<ClickPiece> Read(long link, long from, long to)
    {
        var ordinal = 1L;
        foreach (var (place, read) in _chunks.Of(link))
        {
            ordinal = place.NextOrdinal;
            if (place.Count > 0 && place.FirstAt < to && place.LastAt >= from)
                yield return new(place.FirstOrdinal, read());
        }

        foreach (var segment in _recent.Segments)
        {
            if (!IsRecent(segment, link) || segment.CountOf(link) is not (> 0 and var count))
                continue;
            if (Overlaps(segment, from, to))
                yield return new(ordinal, segment.PieceOf(link)!);
            ordinal += count;
        }
    }

    /// <summary>As <see cref="Read"/>, but the last piece comes first. Within a piece the order is the same.</summary>
    public IEnumerable<ClickPiece> ReadBackwards(long link, long from, long to)
    {
        var ordinal = NextCompacted(link);
        foreach (var segment in _recent.Segments)
            if (IsRecent(segment, link))
                ordinal += segment.CountOf(link);

        for (var i = _recent.Segments.Length - 1; i >= 0; i--)
        {
            var segment = _recent.Segments[i];
            if (!IsRecent(segment, link) || segment.CountOf(link) is not (> 0 and var count))
                continue;
            ordinal -= count;
            if (Overlaps(segment, from, to))
                yield return new(ordinal, segment.PieceOf(link)!);
        }

        foreach (var (place, read) in _chunks.Of(link, backwards: true))
            if (place.Count > 0 && place.FirstAt < to && place.LastAt >= from)
                yield return new(place.FirstOrdinal, read());
    }

    /// <summary>The links that have clicks at or after an instant, in order.</summary>
    public IReadOnlyCollection<long> LinksSince(long from)
    {
        SortedSet<long> links = [];
        foreach (var segment in _recent.Segments)
            if (segment.Columns.LastAt >= from)
                AddRecent(segment, from, links);

        using var command = Connection.Command(
            Transaction,
            "SELECT id >> 20 FROM click_chunks WHERE last_at >= @from AND count > 0",
            ("@from", from)
        );
        using var rows = command.ExecuteReader();
        while (rows.Read())
            links.Add(rows.GetInt64(0));
        return links;
    }

    public void Dispose()
    {
        _chunks.Dispose();
        Transaction.Dispose();
        Connection.Dispose();
    }

    private void AddRecent(RecentSegment segment, long from, SortedSet<long> links)
    {
        var isWhole = segment.Columns.FirstAt >= from;
        foreach (var run in segment.Columns.Runs)
            if (IsRecent(segment, run.Link) && (isWhole || HasSince(segment.Columns, run, from)))
                links.Add(run.Link);
    }

    private static bool HasSince(ClickColumns columns, LinkRun run, long from)
    {
        for (var row = run.Start; row < run.Start + run.Count; row++)
            if (columns.AtOf(row) >= from)
                return true;
        return false;
    }

    private static bool Overlaps(RecentSegment segment, long from, long to) =>
        segment.Columns.FirstAt < to && segment.Columns.LastAt >= from;

    private long NextCompacted(long link)
    {
        foreach (var (place, _) in _chunks.Of(link, backwards: true))
            return place.NextOrdinal;
        return 1;
    }
}
