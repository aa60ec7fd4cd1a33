using System.Runtime.InteropServices;
using Signpost.Core.Statistics;

namespace Signpost.ClickStore;

/// <summary>The order of a block's rows: by link, and within a link as they came.</summary>
internal static class RowOrder
{
    public static ClickColumns Encode(List<ClickRow> rows) => ClickColumns.Of(CollectionsMarshal.AsSpan(rows));

    /// <summary>Rows sorted by link, those of equal links in the order given.</summary>
    public static ClickRow[] ByLink(IReadOnlyList<ClickRow> rows)
    {
        // Whose and which in one number: a plain sort of numbers is then a stable sort of rows.
        var keys = new long[rows.Count];
        for (var row = 0; row < keys.Length; row++)
            keys[row] = Storage.ClusterKey.Of(rows[row].LinkId, row);
        Array.Sort(keys);

        var sorted = new ClickRow[keys.Length];
        for (var row = 0; row < keys.Length; row++)
            sorted[row] = rows[(int)Storage.ClusterKey.NumberOf(keys[row])];
        return sorted;
    }

    /// <summary>Two blocks in one, the later block's rows behind the earlier's.</summary>
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
