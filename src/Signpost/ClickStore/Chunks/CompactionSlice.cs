using System.Collections.Immutable;
using System.Data.Common;
using System.Runtime.InteropServices;
using Signpost.ClickStore.Blocks;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Chunks;

/// <summary>The new chunks of some links, with their recent rows, before they are written.</summary>
internal sealed class CompactionSlice
{
    private const int SecondsInDay = 86_400;

    // A link's last chunks are joined to the new rows unless they are much larger: so each click is written again only a few
    // times, and a link has few chunks. A separate chunk of about one page would cost too much.
    private const int Tiny = 96;
    private const int Small = 8_192;
    private const int Disparity = 4;

    private readonly List<EncodedChunk> _chunks = [];
    private readonly List<long> _removed = [];
    private readonly SortedSet<int> _days = [];
    private readonly List<ClickRow> _rows = [];

    /// <summary>The first link that is not in the slice.</summary>
    public long NextLink { get; private set; }

    /// <summary>The state of the stored rows from which the slice was made.</summary>
    public required long Epoch { get; init; }

    /// <summary>The last block of the slice's compaction.</summary>
    public required long ThroughBlock { get; init; }

    public int Bytes { get; private set; }

    /// <summary>Makes the chunks of a link.</summary>
    public void Add(long link, ImmutableArray<RecentSegment> segments, ReadOnlySpan<int> holders, ChunkReader stored)
    {
        _rows.Clear();
        foreach (var holder in holders)
            segments[holder].CopyTo(_rows, link);
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(_rows))
            _days.Add((int)(row.AtSeconds / SecondsInDay));

        Append(link, _rows, stored);
        NextLink = link + 1;
    }

    /// <summary>Says that no link is left after this slice.</summary>
    public void End() => NextLink = ClickBlocks.AllLinks;

    /// <summary>Writes the chunks and the progress of the compaction.</summary>
    public void Write(DbConnection connection, DbTransaction transaction)
    {
        using var writer = new ChunkWriter(connection, transaction);
        foreach (var id in _removed)
            writer.Remove(id);
        foreach (var chunk in _chunks)
            writer.Write(chunk);
        foreach (var day in _days)
            connection.Run(
                transaction,
                """
                INSERT INTO click_days (day, revision, rolled_revision) VALUES (@day, 1, 0)
                ON CONFLICT (day) DO UPDATE SET revision = click_days.revision + 1
                """,
                ("@day", day)
            );
        ClickBlocks.WriteCompaction(connection, transaction, ThroughBlock, NextLink);
    }

    private void Append(long link, List<ClickRow> added, ChunkReader stored)
    {
        var (number, ordinal, total) = (0L, 1L, added.Count);
        List<(long Id, ClickColumns Rows)> joined = [];
        foreach (var (place, read) in stored.Of(link, backwards: true))
        {
            var isLast = joined.Count == 0;
            if (!IsJoined(place.Count, total))
            {
                if (isLast)
                    (number, ordinal) = (ClusterKey.NumberOf(place.Id) + 1, place.NextOrdinal);
                break;
            }

            (number, ordinal) = (ClusterKey.NumberOf(place.Id), place.FirstOrdinal);
            total += place.Count;
            joined.Add((place.Id, read()));
        }

        var rows = added;
        if (joined.Count > 0)
        {
            rows = new(total);
            for (var chunk = joined.Count - 1; chunk >= 0; chunk--)
            for (var row = 0; row < joined[chunk].Rows.Count; row++)
                rows.Add(joined[chunk].Rows[row]);
            rows.AddRange(added);
        }

        var all = CollectionsMarshal.AsSpan(rows);
        for (var start = 0; start < all.Length; start += ClickColumns.MostRows, number++)
        {
            var part = all[start..Math.Min(start + ClickColumns.MostRows, all.Length)];
            var chunk = EncodedChunk.Of(ClusterKey.Of(link, number), ordinal + start, part);
            _chunks.Add(chunk);
            Bytes += chunk.Data.Length;
        }

        foreach (var (id, _) in joined)
            if (ClusterKey.NumberOf(id) >= number)
                _removed.Add(id);
    }

    private static bool IsJoined(int stored, int added) =>
        stored + added <= ClickColumns.MostRows && (stored < Tiny || (stored < Small && stored <= Disparity * added));
}
