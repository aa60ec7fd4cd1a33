using System.Data.Common;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Blocks;

/// <summary>
/// Adds the rows of a batch as a block. With few clicks, batches are tiny. So small blocks are joined to the next one, as in a
/// binary counter: each click is written again a few times, and there are never many blocks.
/// </summary>
internal sealed class BlockAppender(Database database, RecentClicks recent)
{
    private const int Small = 2_048;

    /// <summary>Adds rows that are sorted by link, inside the transaction that stores the batch.</summary>
    /// <param name="rows">The batch's rows, encoded before the transaction.</param>
    /// <param name="gone">Deleted links: their rows are dropped.</param>
    public void Append(DbConnection connection, DbTransaction transaction, ClickColumns rows, HashSet<long> gone)
    {
        if (gone.Count > 0)
            rows = new RecentSegment(0, rows).Without(gone).Columns;
        if (rows.Count == 0)
            return;

        var segments = recent.Now.Segments;
        var joined = 0;
        for (var last = segments.Length - 1; last >= 0 && IsJoined(segments[last], rows.Count); last--, joined++)
        {
            rows = RowOrder.Join(segments[last].Columns, rows);
            ClickBlocks.Remove(connection, transaction, segments[last].Block);
        }

        var segment = new RecentSegment(ClickBlocks.Add(connection, transaction, rows), rows);
        recent.Doubt(database.WriteNumber);
        database.AfterCommit(() => recent.Added(segment, joined), recent.Lose);
    }

    // A block that is being compacted does not change.
    private bool IsJoined(RecentSegment last, int count) =>
        last.Block > recent.ThroughBlock && last.Count < Small && last.Count <= 2 * count;
}
