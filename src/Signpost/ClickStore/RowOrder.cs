using System.Runtime.InteropServices;
using Signpost.Core.Statistics;

namespace Signpost.ClickStore;

/// <summary>The order of a block's rows: by link, and within a link by arrival.</summary>
internal static class RowOrder
{
    public static ClickColumns Encode(List<ClickRow> rows) => ClickColumns.Of(CollectionsMarshal.AsSpan(rows));

    /// <summary>Sorts rows by link; rows of the same link keep their order.</summary>
    public static ClickRow[] ByLink(IReadOnlyList<ClickRow> rows)
    {
        // One number holds the link and the row's index: a plain sort of numbers is then a stable sort of rows.
        var keys = new long[rows.Count];
        for (var row = 0; row < keys.Length; row++)
            keys[row] = Storage.ClusterKey.Of(rows[row].LinkId, row);
        Array.Sort(keys);

        var sorted = new ClickRow[keys.Length];
        for (var row = 0; row < keys.Length; row++)
            sorted[row] = rows[(int)Storage.ClusterKey.NumberOf(keys[row])];
        return sorted;
    }

    /// <summary>Joins two blocks: within a link, rows of the later block follow those of the earlier one.</summary>
    public static ClickColumns Join(ClickColumns earlier, ClickColumns later)
    {
        List<ClickRow> rows = new(earlier.Count + later.Count);
        for (var row = 0; row < earlier.Count; row++)
            rows.Add(earlier[row]);
        for (var row = 0; row < later.Count; row++)
            rows.Add(later[row]);
        return ClickColumns.Of(ByLink(rows));
    }
}
