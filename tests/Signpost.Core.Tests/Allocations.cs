namespace Signpost.Core.Tests;

/// <summary>Counts what a piece of work allocates.</summary>
internal static class Allocations
{
    private const int Runs = 10;

    /// <summary>
    /// The bytes that one run of the work allocates: the least of some, because a collection that another test causes takes
    /// away this thread's buffer, and what was left of it counts as allocated.
    /// </summary>
    public static long Of(Action work)
    {
        work();
        var least = long.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
