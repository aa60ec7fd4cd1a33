using Signpost.ClickStore.Blocks;
using Signpost.ClickStore.Chunks;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>Rows of one link in the order they were stored: those of a chunk or of a recent segment.</summary>
/// <param name="FirstOrdinal">The first row's number among all that the link ever had; the others follow.</param>
internal readonly record struct ClickPiece(long FirstOrdinal, ClickColumns Columns);

/// <summary>All clicks that are stored, recent or compacted.</summary>
internal sealed class ClickArchive(Database database, RecentClicks recent)
{
    private const int MostTries = 100;

    /// <summary>Opens a view of one moment: no click is missing from it or twice in it, whatever is compacted meanwhile.</summary>
    public ClickView Open()
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            // First the list, then the snapshot: which of the list's clicks are in chunks by then, the compaction's row tells. But of
            // one compaction only, so not when another one has begun in between.
            var list = recent.Now;
            var view = new ClickView(database.OpenRead(), list);
            if (recent.Now.Compactions == list.Compactions)
                return view;
            view.Dispose();
        }

        throw new InvalidOperationException("One fold began after the other, faster than a view can be opened.");
    }

    /// <summary>Links that have chunks with clicks before an instant, in order; a few of them.</summary>
    public IReadOnlyList<long> FindOlder(long before, long afterLink, int most)
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            """
            SELECT DISTINCT id >> 20 FROM click_chunks WHERE id >= @from AND first_at < @before AND count > 0
            ORDER BY id LIMIT @most
            """,
            ("@from", ClusterKey.Of(afterLink + 1, 0)),
            ("@before", before),
            ("@most", most)
        );
        using var rows = command.ExecuteReader();
        List<long> links = [];
        while (rows.Read())
            links.Add(rows.GetInt64(0));
        return links;
    }

    /// <summary>
    /// Erases a link's compacted clicks before an instant; the others keep their ordinals, which are never given again. Its
    /// rollups must be there already.
    /// </summary>
    public Task<int> TrimAsync(long link, long before, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                recent.Settle(connection, transaction);
                var erased = ChunkTrim.Run(connection, transaction, link, before);
                recent.Doubt(transaction);
                database.AfterCommit(() => recent.Changed(new Dictionary<long, RecentSegment>()), recent.Lose);
                return erased;
            },
            cancel
        );

    /// <summary>Erases what is known of requests for unknown aliases before a UTC day.</summary>
    public Task<bool> TrimOrphansAsync(int beforeDay, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                OrphanVisits.Trim(connection, transaction, beforeDay);
                return true;
            },
            cancel
        );
}
