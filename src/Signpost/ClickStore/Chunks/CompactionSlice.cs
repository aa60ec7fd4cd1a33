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

    // Visitors invent texts; a chunk ends after so many characters, so that it can be read with little memory.
    private const int MostCharacters = 2 << 20;
    private const int Overhead = 32;

    private readonly List<EncodedChunk> _chunks = [];
    private readonly List<long> _removed = [];
    private readonly SortedSet<int> _days = [];
    private readonly List<ClickRow> _part = [];
    private readonly HashSet<object> _texts = new(ReferenceEqualityComparer.Instance);
    private long _characters;

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
        var added = 0;
        foreach (var holder in holders)
            added += segments[holder].CountOf(link);
        var (joined, number, ordinal) = FindJoined(link, added, stored);
        foreach (var (_, chunk) in joined)
            for (var row = 0; row < chunk.Count; row++)
                Append(link, chunk[row], ref number, ref ordinal);
        foreach (var holder in holders)
        {
            var columns = segments[holder].Columns;
            var run = columns.RunOf(link);
            for (var row = run.Start; row < run.Start + run.Count; row++)
            {
                _days.Add((int)(columns.AtOf(row) / SecondsInDay));
                Append(link, columns[row], ref number, ref ordinal);
            }
        }

        Flush(link, ref number, ref ordinal);
        foreach (var (id, _) in joined)
            if (ClusterKey.NumberOf(id) >= number)
                _removed.Add(id);
        NextLink = link + 1;
    }

    /// <summary>Says that no link is left after this slice.</summary>
    public void End() => NextLink = ClickBlocks.AllLinks;

    /// <summary>Writes the chunks and the progress of the compaction.</summary>
    public void Write(DbConnection connection, DbTransaction transaction)
    {
        ChunkWriter.Write(connection, transaction, _removed, _chunks);
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

    /// <summary>The last chunks that are joined to the new rows, in order, and the number and the ordinal to continue with.</summary>
    private static (List<(long Id, ClickColumns Rows)> Joined, long Number, long Ordinal) FindJoined(
        long link,
        int added,
        ChunkReader stored
    )
    {
        var (number, ordinal, total) = (0L, 1L, added);
        List<(long Id, ClickColumns Rows)> joined = [];
        foreach (var (place, read) in stored.Of(link, backwards: true))
        {
            if (!IsJoined(place.Count, total))
            {
                if (joined.Count == 0)
                    (number, ordinal) = (ClusterKey.NumberOf(place.Id) + 1, place.NextOrdinal);
                break;
            }

            (number, ordinal) = (ClusterKey.NumberOf(place.Id), place.FirstOrdinal);
            total += place.Count;
            joined.Add((place.Id, read()));
        }

        joined.Reverse();
        return (joined, number, ordinal);
    }

    private void Append(long link, in ClickRow row, ref long number, ref long ordinal)
    {
        Measure(row.Place, 0);
        Measure(row.Agent, 0);
        Measure(row.Language, row.Language?.Length);
        Measure(row.Referrer, row.Referrer.Host?.Length + (row.Referrer.Path?.Length ?? 0));
        Measure(
            row.Utm,
            (row.Utm.Source?.Length ?? 0)
                + (row.Utm.Medium?.Length ?? 0)
                + (row.Utm.Campaign?.Length ?? 0)
                + (row.Utm.Term?.Length ?? 0)
                + (row.Utm.Content?.Length ?? 0)
        );
        Measure(row.Target, row.Target.Destination?.Length + (row.Target.Variant?.Length ?? 0));
        _part.Add(row);
        if (_part.Count == ClickColumns.MostRows || _characters >= MostCharacters)
            Flush(link, ref number, ref ordinal);
    }

    // Rows share most of their texts.
    private void Measure(object? texts, int? characters)
    {
        if (texts is not null && _texts.Add(texts))
            _characters += Overhead + (characters ?? 0);
    }

    private void Flush(long link, ref long number, ref long ordinal)
    {
        if (_part.Count == 0)
            return;

        var chunk = EncodedChunk.Of(ClusterKey.Of(link, number), ordinal, CollectionsMarshal.AsSpan(_part));
        _chunks.Add(chunk);
        Bytes += chunk.Data.Length;
        (number, ordinal) = (number + 1, ordinal + _part.Count);
        _part.Clear();
        _texts.Clear();
        _characters = 0;
    }

    private static bool IsJoined(int stored, int added) =>
        stored + added <= ClickColumns.MostRows && (stored < Tiny || (stored < Small && stored <= Disparity * added));
}
