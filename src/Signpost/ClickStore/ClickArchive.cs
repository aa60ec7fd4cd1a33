using Signpost.ClickStore.Blocks;
using Signpost.ClickStore.Chunks;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>Rows of one link, of a chunk or a recent segment, in the order of storing.</summary>
/// <param name="FirstOrdinal">The ordinal of the first row; the other rows follow without gaps.</param>
internal readonly record struct ClickPiece(long FirstOrdinal, ClickColumns Columns);

/// <summary>All stored clicks, recent and compacted.</summary>
internal sealed class ClickArchive(Database database, RecentClicks recent)
{
    private const int MostTries = 100;

    /// <summary>Opens a view of one moment. Even during a compaction, each click is in it exactly once.</summary>
    /// <param name="isOwn">For the server's own work, as <see cref="Database.OpenOwnRead"/>.</param>
    public ClickView Open(bool isOwn = false)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            // First the list, then the snapshot. The compaction's row in the snapshot says which clicks of the list are in chunks
            // already. It describes one compaction only, so if another one has begun in between, this tries again.
            var list = recent.Now;
            var view = new ClickView(isOwn ? database.OpenOwnRead() : database.OpenRead(), list);
            if (recent.Now.Compactions == list.Compactions)
                return view;
            view.Dispose();
        }

        throw new InvalidOperationException("Compactions began faster than a view could be opened.");
    }

    /// <summary>The next links, in order, that have chunks with clicks before an instant.</summary>
    /// <param name="most">The most chunks that are looked at.</param>
    public IReadOnlyList<long> FindOlder(long before, long afterLink, int most)
    {
        using var connection = database.OpenOwnRead();
        using var command = connection.Command(
            null,
            """
            SELECT id >> 20 FROM click_chunks WHERE id >= @from AND first_at < @before AND count > 0
            ORDER BY id LIMIT @most
            """,
            ("@from", ClusterKey.Of(afterLink + 1, 0)),
            ("@before", before),
            ("@most", most)
        );
        using var rows = command.ExecuteReader();
        List<long> links = [];
        while (rows.Read())
            if (links is not [.., var last] || last != rows.GetInt64(0))
                links.Add(rows.GetInt64(0));
        return links;
    }

    /// <summary>
    /// Erases a link's compacted clicks before an instant; the others keep their ordinals. Ordinals are never used again. The
    /// link's rollups of these days must exist already.
    /// </summary>
    public Task<int> TrimAsync(long link, long before, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                recent.Settle(connection, transaction, database.WriteNumber);
                var erased = ChunkTrim.Run(connection, transaction, link, before);
                recent.Doubt(database.WriteNumber);
                database.AfterCommit(() => recent.Changed(new Dictionary<long, RecentSegment>()), recent.Lose);
                return erased;
            },
            cancel
        );

    /// <summary>Erases the counts of requests for unknown aliases before a UTC day.</summary>
    public Task<bool> TrimOrphansAsync(int beforeDay, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                OrphanVisits.Trim(connection, transaction, beforeDay);
                CaseVisits.Trim(connection, transaction, beforeDay);
                return true;
            },
            cancel
        );
}
