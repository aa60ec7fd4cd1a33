using System.Collections.Immutable;

namespace Signpost.ClickStore.Blocks;

/// <summary>Walks the links of many segments in order.</summary>
internal static class RecentLinks
{
    /// <summary>Each link from one on, with the segments up to a block that hold it. The list is reused for each link.</summary>
    public static IEnumerable<(long Link, List<int> Holders)> From(
        ImmutableArray<RecentSegment> segments,
        long throughBlock,
        long from
    )
    {
        var runs = new int[segments.Length];
        PriorityQueue<int, (long Link, int Segment)> next = new();
        for (var segment = 0; segment < segments.Length; segment++)
        {
            runs[segment] = FirstRun(segments[segment], from);
            if (segments[segment].Block <= throughBlock)
                Enqueue(segment);
        }

        List<int> holders = [];
        while (next.TryPeek(out _, out var first))
        {
            holders.Clear();
            while (next.TryPeek(out var segment, out var at) && at.Link == first.Link)
            {
                next.Dequeue();
                holders.Add(segment);
                runs[segment]++;
                Enqueue(segment);
            }

            yield return (first.Link, holders);
        }

        void Enqueue(int segment)
        {
            var all = segments[segment].Columns.Runs;
            if (runs[segment] < all.Length)
                next.Enqueue(segment, (all[runs[segment]].Link, segment));
        }
    }

    private static int FirstRun(RecentSegment segment, long from)
    {
        var runs = segment.Columns.Runs;
        var (low, high) = (0, runs.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (runs[middle].Link < from)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
