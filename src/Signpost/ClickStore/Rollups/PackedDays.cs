using System.Data.Common;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>
/// Keeps the counts of a link's days whose clicks will be erased next. Until then, days with few clicks have no rollup; now many
/// such days share one.
/// </summary>
internal static class PackedDays
{
    /// <summary>Packs all days before one that have no rollup of the link yet. The groups' rollups of these days must be valid.</summary>
    public static void Pack(DbConnection connection, DbTransaction transaction, long link, int before)
    {
        var scope = RollupScopes.Link(link);
        var (covered, last) = ReadCovered(connection, transaction, scope, before);
        var wanted = ReadClosed(connection, transaction, before);
        wanted.ExceptWith(covered);
        var days = LinkDays.Read(connection, transaction, link, wanted);
        if (days.Count == 0)
            return;

        List<(int Day, Rollup Counts)> together = [];
        if (last is { } start && RollupTable.Find(connection, transaction, ClusterKey.Of(scope, start)) is { } stored)
            together.Add((start, RollupBytes.Read(stored)));
        foreach (var (day, counts) in days.OrderBy(day => day.Key))
        {
            if (together is [var first, ..] && (day < first.Day || day - first.Day >= RollupTable.MostDays))
            {
                Write(connection, transaction, scope, together);
                together.Clear();
            }

            together.Add((day, counts));
        }

        Write(connection, transaction, scope, together);
    }

    private static void Write(
        DbConnection connection,
        DbTransaction transaction,
        long scope,
        List<(int Day, Rollup Counts)> days
    )
    {
        var first = days[0].Day;
        Rollup packed = new(days.Max(day => day.Day + day.Counts.Days) - first);
        foreach (var (day, counts) in days)
            packed.Add(counts, day - first);
        RollupTable.Write(connection, transaction, new(ClusterKey.Of(scope, first), RollupBytes.Write(packed)));
    }

    private static (HashSet<int> Days, int? Last) ReadCovered(
        DbConnection connection,
        DbTransaction transaction,
        long scope,
        int before
    )
    {
        using var command = connection.Command(
            transaction,
            "SELECT id, days, totals FROM rollups WHERE id >= @from AND id < @to ORDER BY id",
            ("@from", ClusterKey.Of(scope, 0)),
            ("@to", ClusterKey.Of(scope, before))
        );
        using var rows = command.ExecuteReader();
        HashSet<int> covered = [];
        int? last = null;
        while (rows.Read())
        {
            last = (int)ClusterKey.NumberOf(rows.GetInt64(0));
            covered.UnionWith(DaysWithin(last.Value, rows.GetInt32(1), rows.GetFieldValue<byte[]>(2)));
        }

        return (covered, last);
    }

    /// <summary>The days for which a rollup has counts.</summary>
    public static IEnumerable<int> DaysWithin(int first, int days, byte[] totals)
    {
        for (var day = 0; day < days; day++)
        {
            ValueSums kinds = new();
            RollupBytes.AddDays(totals, Dimension.Kind, days, day, day + 1, kinds);
            if (kinds.Values > 0)
                yield return first + day;
        }
    }

    private static SortedSet<int> ReadClosed(DbConnection connection, DbTransaction transaction, int before)
    {
        using var command = connection.Command(
            transaction,
            "SELECT day FROM click_days WHERE day < @before AND revision = rolled_revision",
            ("@before", before)
        );
        using var rows = command.ExecuteReader();
        SortedSet<int> days = [];
        while (rows.Read())
            days.Add(rows.GetInt32(0));
        return days;
    }
}
