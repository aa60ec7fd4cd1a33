using Microsoft.Data.Sqlite;

namespace Signpost.Clicks.Rows;

/// <summary>What becomes of the rollups of groups when links leave them or come to them.</summary>
internal static class GroupRollups
{
    /// <summary>Takes a link's days out of some groups' rollups, and notes that these are to be made anew.</summary>
    public static void Subtract(
        SqliteConnection connection,
        SqliteTransaction transaction,
        long link,
        IEnumerable<long> groups
    ) { }

    /// <summary>Adds a link's days to some groups' rollups, and notes that these are to be made anew.</summary>
    public static void Add(
        SqliteConnection connection,
        SqliteTransaction transaction,
        long link,
        IEnumerable<long> groups
    ) { }
}
