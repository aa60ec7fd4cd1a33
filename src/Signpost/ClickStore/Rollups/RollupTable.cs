using System.Data.Common;
using Signpost.Core.Statistics;
using Signpost.Core.Statistics.ByDay;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>A rollup with its key, ready to be stored.</summary>
/// <param name="Id">Scope and first day, as <see cref="Storage.ClusterKey"/>.</param>
internal readonly record struct MadeRollup(long Id, StoredRollup Rollup);

/// <summary>A row that a closed day consists of: a rollup, or one of the columns beside it, which follow it.</summary>
/// <param name="Id">As of <see cref="MadeRollup"/>.</param>
internal readonly record struct MadeRow(long Id, StoredRollup? Rollup, int Number, byte[] Column)
{
    public int Size => Rollup is { } rollup ? rollup.Totals.Length + rollup.Quarters.Length : Column.Length;

    /// <summary>All rows of a rollup with its columns; the column that makes the others valid comes last.</summary>
    public static IEnumerable<MadeRow> Of(MadeRollup made, IReadOnlyList<byte[]>? columns)
    {
        yield return new(made.Id, made.Rollup, 0, []);
        for (var number = columns?.Count - 1; number >= 0; number--)
            yield return new(made.Id, null, number.Value, columns![number.Value]);
    }

    /// <summary>Writes the row. Before a rollup is written, its columns must be gone.</summary>
    public void Write(DbConnection connection, DbTransaction transaction)
    {
        if (Rollup is { } rollup)
            RollupTable.Write(connection, transaction, new(Id, rollup));
        else
            DayColumnsTable.Write(connection, transaction, Id, Number, Column);
        // All rows are written now.
        if (Rollup is null && Number == DayColumns.Head)
            RollupTable.Renewed(connection, transaction, Id);
    }
}

/// <summary>The table of rollups.</summary>
internal static class RollupTable
{
    /// <summary>The most days that a rollup spans.</summary>
    public const int MostDays = 366;

    public static StoredRollup? Find(DbConnection connection, DbTransaction? transaction, long id)
    {
        using var command = connection.Command(
            transaction,
            "SELECT days, totals, quarters FROM rollups WHERE id = @id",
            ("@id", id)
        );
        using var rows = command.ExecuteReader();
        return rows.Read()
            ? new StoredRollup(rows.GetInt32(0), rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<byte[]>(2))
            : null;
    }

    public static void Write(DbConnection connection, DbTransaction transaction, MadeRollup made) =>
        connection.Run(
            transaction,
            """
            INSERT INTO rollups (id, days, totals, quarters) VALUES (@id, @days, @totals, @quarters)
            ON CONFLICT (id) DO UPDATE
            SET days = excluded.days, totals = excluded.totals, quarters = excluded.quarters
            """,
            ("@id", made.Id),
            ("@days", made.Rollup.Days),
            ("@totals", made.Rollup.Totals),
            ("@quarters", made.Rollup.Quarters)
        );

    public static void Remove(DbConnection connection, DbTransaction transaction, long id) =>
        connection.Run(transaction, "DELETE FROM rollups WHERE id = @id", ("@id", id));

    /// <summary>Marks a rollup: it and its columns are made again.</summary>
    public static void MarkStale(DbConnection connection, DbTransaction transaction, long id) =>
        connection.Run(transaction, "INSERT INTO stale_rollups (id) VALUES (@id) ON CONFLICT DO NOTHING", ("@id", id));

    /// <summary>Removes the mark.</summary>
    public static void Renewed(DbConnection connection, DbTransaction transaction, long id) =>
        connection.Run(transaction, "DELETE FROM stale_rollups WHERE id = @id", ("@id", id));

    /// <summary>The days of a span that have chunks, and whether their rollups are valid.</summary>
    public static Dictionary<int, bool> Days(ClickView view, int first, int end)
    {
        using var command = view.Connection.Command(
            view.Transaction,
            "SELECT day, revision = rolled_revision FROM click_days WHERE day >= @first AND day < @end",
            ("@first", first),
            ("@end", end)
        );
        using var rows = command.ExecuteReader();
        Dictionary<int, bool> days = [];
        while (rows.Read())
            days.Add(rows.GetInt32(0), rows.GetBoolean(1));
        return days;
    }

    /// <summary>Whether a day has rollups, perhaps of an older revision.</summary>
    public static bool WasRolled(ClickView view, int day)
    {
        using var command = view.Connection.Command(
            view.Transaction,
            "SELECT 1 FROM click_days WHERE day = @day AND rolled_revision <> 0",
            ("@day", day)
        );
        return command.ExecuteScalar() is not null;
    }
}
