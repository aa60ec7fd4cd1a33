using Microsoft.Data.Sqlite;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.Clicks.Rows;

/// <summary>
/// What becomes of the rollups of groups when links leave them or come to them. Visitors may be off by those who came by
/// several links; so these rollups are noted, to be made anew from the clicks.
/// </summary>
internal static class GroupRollups
{
    /// <summary>Takes a link's days out of some groups' rollups, and notes that these are to be made anew.</summary>
    public static void Subtract(
        SqliteConnection connection,
        SqliteTransaction transaction,
        long link,
        IEnumerable<long> groups
    )
    {
        List<long> scopes = [.. groups];
        if (scopes.Count == 0)
            return;

        foreach (var (day, counts) in DaysOf(connection, transaction, link))
        foreach (var scope in scopes)
            Change(
                connection,
                transaction,
                ClusterKey.Of(scope, day),
                rollup => rollup.Subtract(counts),
                orMake: false
            );
    }

    /// <summary>Adds a link's days to some groups' rollups, and notes that these are to be made anew.</summary>
    public static void Add(
        SqliteConnection connection,
        SqliteTransaction transaction,
        long link,
        IEnumerable<long> groups
    )
    {
        List<long> scopes = [.. groups];
        if (scopes.Count == 0)
            return;

        foreach (var (day, counts) in DaysOf(connection, transaction, link))
        foreach (var scope in scopes)
            Change(connection, transaction, ClusterKey.Of(scope, day), rollup => rollup.Add(counts), orMake: true);
    }

    private static void Change(
        SqliteConnection connection,
        SqliteTransaction transaction,
        long id,
        Action<Rollup> change,
        bool orMake
    )
    {
        var stored = RollupTable.Find(connection, transaction, id);
        if (stored is null && !orMake)
            return;

        var rollup = stored is { } there ? RollupBytes.Read(there) : new Rollup(1);
        change(rollup);
        if (rollup.IsEmpty)
            RollupTable.Remove(connection, transaction, id);
        else
            RollupTable.Write(connection, transaction, new(id, RollupBytes.Write(rollup)));
        connection.Run(transaction, "INSERT OR IGNORE INTO stale_rollups (id) VALUES ($id)", ("$id", id));
    }

    // Days that were never closed are in no group's rollup, and will be closed without the link, or with it.
    private static IEnumerable<(int Day, Rollup Counts)> DaysOf(
        SqliteConnection connection,
        SqliteTransaction transaction,
        long link
    )
    {
        var closed = ClosedDays(connection, transaction);
        var ofRollups = OfRollups(connection, transaction, link, closed);
        foreach (var (day, counts) in ofRollups)
            yield return (day, counts);

        using ChunkReader chunks = new(connection, transaction);
        List<ClickColumns> pieces = [];
        SortedSet<int> days = [];
        foreach (var (_, read) in chunks.Of(link))
        {
            var piece = read();
            pieces.Add(piece);
            for (var row = 0; row < piece.Count; row++)
                days.Add(Days.Of(piece.AtOf(row)));
        }

        foreach (var day in days)
            if (closed.Contains(day) && !ofRollups.ContainsKey(day))
                yield return (day, Count(pieces, day));
    }

    private static Rollup Count(List<ClickColumns> pieces, int day)
    {
        using RollupTally tally = new(day, 1);
        do foreach (var piece in pieces)
            tally.Add(piece, piece.Runs);
        while (tally.NextPass());
        return tally.Rollup;
    }

    private static Dictionary<int, Rollup> OfRollups(
        SqliteConnection connection,
        SqliteTransaction transaction,
        long link,
        HashSet<int> closed
    )
    {
        using var command = connection.Command(
            transaction,
            "SELECT id, days, totals, quarters FROM rollups WHERE id >= $from AND id < $to",
            ("$from", ClusterKey.Of(RollupScopes.Link(link), 0)),
            ("$to", ClusterKey.Of(RollupScopes.Link(link) + 1, 0))
        );
        using var rows = command.ExecuteReader();
        Dictionary<int, Rollup> days = [];
        while (rows.Read())
        {
            var first = (int)ClusterKey.NumberOf(rows.GetInt64(0));
            var rollup = RollupBytes.Read(
                new(rows.GetInt32(1), rows.GetFieldValue<byte[]>(2), rows.GetFieldValue<byte[]>(3))
            );
            for (var day = 0; day < rollup.Days; day++)
                if (closed.Contains(first + day) && rollup.OfDay(day) is { IsEmpty: false } one)
                    days.TryAdd(first + day, one);
        }

        return days;
    }

    private static HashSet<int> ClosedDays(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.Command(transaction, "SELECT day FROM click_days WHERE rolled_revision > 0");
        using var rows = command.ExecuteReader();
        HashSet<int> days = [];
        while (rows.Read())
            days.Add(rows.GetInt32(0));
        return days;
    }
}
