using System.Data.Common;
using Signpost.ClickStore.Chunks;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>A link's counts by UTC days, from its rollups, or from its clicks for a day without a rollup.</summary>
internal static class LinkDays
{
    /// <summary>The most days that a tally spans.</summary>
    private const int MostDays = 128;

    /// <summary>The first and the last day on which the link may have compacted requests; null: none.</summary>
    public static (int First, int Last)? SpanOf(DbConnection connection, DbTransaction transaction, long link)
    {
        using var command = connection.Command(
            transaction,
            """
            SELECT min(first), max(last) FROM (
                SELECT min(first_at) / 86400 AS first, max(last_at) / 86400 AS last FROM click_chunks
                WHERE id >= @chunk AND id < @chunkEnd AND count > 0
                UNION ALL
                SELECT min(id) - @rollup, max(id + days) - 1 - @rollup FROM rollups
                WHERE id >= @rollup AND id < @rollupEnd) AS days
            """,
            ("@chunk", ClusterKey.Of(link, 0)),
            ("@chunkEnd", ClusterKey.Of(link + 1, 0)),
            ("@rollup", ClusterKey.Of(RollupScopes.Link(link), 0)),
            ("@rollupEnd", ClusterKey.Of(RollupScopes.Link(link) + 1, 0))
        );
        using var rows = command.ExecuteReader();
        return rows.Read() && !rows.IsDBNull(0) ? (rows.GetInt32(0), rows.GetInt32(1)) : null;
    }

    /// <summary>Reads the days on which the link has compacted requests.</summary>
    public static Dictionary<int, Rollup> Read(
        DbConnection connection,
        DbTransaction transaction,
        long link,
        SortedSet<int> wanted
    )
    {
        Dictionary<int, Rollup> days = [];
        ReadRollups(connection, transaction, link, wanted, days);
        List<ClickColumns> pieces = [];
        SortedSet<int> counted = [];
        using (var reader = new ChunkReader(connection, transaction))
            foreach (var (place, read) in reader.Of(link))
            {
                var before = counted.Count;
                if (place.Count > 0)
                    counted.UnionWith(
                        wanted
                            .GetViewBetween(Days.Of(place.FirstAt), Days.Of(place.LastAt))
                            .Where(day => !days.ContainsKey(day))
                    );
                if (counted.Count > before || (counted.Count > 0 && Overlaps(counted, place)))
                    pieces.Add(read());
            }

        for (var left = counted; left.Count > 0; )
        {
            var first = left.Min;
            Tally(pieces, first, Math.Min(left.Max - first + 1, MostDays), left, days);
            left.RemoveWhere(day => day < first + MostDays);
        }

        return days;
    }

    private static bool Overlaps(SortedSet<int> counted, ChunkPlace place) =>
        place.Count > 0 && counted.GetViewBetween(Days.Of(place.FirstAt), Days.Of(place.LastAt)).Count > 0;

    private static void ReadRollups(
        DbConnection connection,
        DbTransaction transaction,
        long link,
        SortedSet<int> wanted,
        Dictionary<int, Rollup> days
    )
    {
        var scope = RollupScopes.Link(link);
        using var command = connection.Command(
            transaction,
            "SELECT id, days, totals, quarters FROM rollups WHERE id >= @from AND id < @to",
            ("@from", ClusterKey.Of(scope, 0)),
            ("@to", ClusterKey.Of(scope + 1, 0))
        );
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var stored = new StoredRollup(
                rows.GetInt32(1),
                rows.GetFieldValue<byte[]>(2),
                rows.GetFieldValue<byte[]>(3)
            );
            Split(RollupBytes.Read(stored), (int)ClusterKey.NumberOf(rows.GetInt64(0)), wanted, days);
        }
    }

    private static void Tally(
        List<ClickColumns> pieces,
        int first,
        int count,
        SortedSet<int> wanted,
        Dictionary<int, Rollup> days
    )
    {
        using RollupTally tally = new(first, count);
        do foreach (var piece in pieces)
            tally.Add(piece, piece.Runs);
        while (tally.NextPass());
        Split(tally.Rollup, first, wanted, days);
    }

    private static void Split(Rollup rollup, int first, SortedSet<int> wanted, Dictionary<int, Rollup> days)
    {
        foreach (var dimension in Enum.GetValues<Dimension>())
        foreach (var (key, cells) in rollup.Read(dimension))
        foreach (var (slot, count) in cells)
        {
            var day = first + slot / Days.Quarters;
            if (!wanted.Contains(day))
                continue;
            if (!days.TryGetValue(day, out var one))
                days.Add(day, one = new Rollup(1));
            one.Add(dimension, key, slot % Days.Quarters, count);
        }
    }
}
