using System.Collections.Concurrent;
using Signpost.Core.Statistics;

namespace Signpost.ClickStore.Blocks;

/// <summary>A block in memory: clicks of many links, sorted by link, and within a link in the order of storing.</summary>
internal sealed class RecentSegment(long block, ClickColumns columns)
{
    // For fewer rows it is faster to make the piece again than to find it.
    private const int WorthKeeping = 64;

    private readonly ConcurrentDictionary<long, ClickColumns> _pieces = [];

    public long Block => block;

    public ClickColumns Columns => columns;

    public int Count => columns.Count;

    public int CountOf(long link) => columns.RunOf(link).Count;

    /// <summary>The rows of one link; null: it has none.</summary>
    public ClickColumns? PieceOf(long link)
    {
        var run = columns.RunOf(link);
        if (run.Count == 0)
            return null;
        if (run.Count == columns.Count)
            return columns;
        if (run.Count < WorthKeeping || !columns.KeepsTexts)
            return Cut(run);

        return _pieces.TryGetValue(link, out var piece) ? piece : _pieces.GetOrAdd(link, Cut(run));
    }

    /// <summary>Whether at least one of the links has rows here.</summary>
    public bool HoldsAny(HashSet<long> links)
    {
        foreach (var run in columns.Runs)
            if (links.Contains(run.Link))
                return true;
        return false;
    }

    /// <summary>The same block without these links.</summary>
    public RecentSegment Without(HashSet<long> links)
    {
        List<ClickRow> kept = new(columns.Count);
        foreach (var run in columns.Runs)
            if (!links.Contains(run.Link))
                for (var row = run.Start; row < run.Start + run.Count; row++)
                    kept.Add(columns[row]);
        return new(block, RowOrder.Encode(kept));
    }

    private ClickColumns Cut(LinkRun run)
    {
        var rows = new ClickRow[run.Count];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = columns[run.Start + row];
        return ClickColumns.Of(rows);
    }
}
