namespace Signpost.Hosting;

/// <summary>How long garbage collections have stopped all threads. Of two collections in quick succession the first may be missed.</summary>
internal static class CollectionPauses
{
    private static long _longest;
    private static int _watches;

    /// <summary>The longest pause since the start.</summary>
    public static TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    /// <summary>Begins to watch; further calls do nothing.</summary>
    public static void Watch()
    {
        if (Interlocked.Exchange(ref _watches, 1) == 0)
            _ = new AfterCollection();
    }

    private static void Note()
    {
        foreach (var pause in GC.GetGCMemoryInfo(GCKind.Any).PauseDurations)
            if (pause.Ticks > Interlocked.Read(ref _longest))
                Interlocked.Exchange(ref _longest, pause.Ticks);
    }

    /// <summary>Nothing refers to it, so each collection finalizes it, and it makes the next.</summary>
    private sealed class AfterCollection
    {
        ~AfterCollection()
        {
            Note();
            if (!Environment.HasShutdownStarted)
                _ = new AfterCollection();
        }
    }
}
