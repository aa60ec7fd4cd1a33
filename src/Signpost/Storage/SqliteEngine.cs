using SQLitePCL;

namespace Signpost.Storage;

/// <summary>Settings of SQLite that hold for the whole process.</summary>
internal static class SqliteEngine
{
    private const int MemoryStatus = 9; // SQLITE_CONFIG_MEMSTATUS

    /// <summary>
    /// Turns off the statistics of memory: they take one lock for each allocation, which requests and low-priority threads
    /// would share. Call it once, before anything else uses SQLite.
    /// </summary>
    /// <exception cref="InvalidOperationException">SQLite is in use already.</exception>
    public static void Configure()
    {
        Batteries_V2.Init();
        var code = raw.sqlite3_config(MemoryStatus, 0);
        if (code != raw.SQLITE_OK)
            throw new InvalidOperationException($"SQLite refused to turn off its memory statistics (code {code}).");
    }
}
