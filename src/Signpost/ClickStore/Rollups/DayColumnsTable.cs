using System.Data.Common;
using Signpost.Core.Statistics.ByDay;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>The table of the columns of days, which stand beside the rollups of main domains, custom domains and guests.</summary>
internal static class DayColumnsTable
{
    /// <summary>The most bytes that one transaction removes, unless one column has more.</summary>
    public const int BytesAtOnce = 1 << 20;

    public static void Write(DbConnection connection, DbTransaction transaction, long id, int number, byte[] data) =>
        connection.Run(
            transaction,
            """
            INSERT INTO day_columns (id, number, data) VALUES (@id, @number, @data)
            ON CONFLICT (id, number) DO UPDATE SET data = excluded.data
            """,
            ("@id", id),
            ("@number", number),
            ("@data", data)
        );

    /// <summary>Removes the column that makes the others of a day valid, so that the day's clicks are read until its columns are made again.</summary>
    /// <returns>Whether it was there.</returns>
    public static bool RemoveHead(DbConnection connection, DbTransaction transaction, long id) =>
        connection.Run(
            transaction,
            "DELETE FROM day_columns WHERE id = @id AND number = @head",
            ("@id", id),
            ("@head", DayColumns.Head)
        ) > 0;

    /// <summary>Removes some columns of days: the first ones, for each day in order of their numbers.</summary>
    /// <param name="to">The first id whose columns stay.</param>
    /// <param name="most">The bytes to remove, at least one column.</param>
    /// <param name="mostColumns">The columns to remove.</param>
    /// <returns>The number of columns removed, and their bytes; 0: none is left.</returns>
    public static (int Columns, long Bytes) RemoveSome(
        DbConnection connection,
        DbTransaction transaction,
        long from,
        long to,
        long most = BytesAtOnce,
        int mostColumns = int.MaxValue
    )
    {
        var (columns, bytes, last, number) = (0, 0L, 0L, 0);
        using (
            var command = connection.Command(
                transaction,
                "SELECT id, number, length(data) FROM day_columns WHERE id >= @from AND id < @to ORDER BY id, number",
                ("@from", from),
                ("@to", to)
            )
        )
        using (var rows = command.ExecuteReader())
            while (rows.Read() && (columns == 0 || (columns < mostColumns && bytes + rows.GetInt64(2) <= most)))
            {
                (last, number) = (rows.GetInt64(0), rows.GetInt32(1));
                columns++;
                bytes += rows.GetInt64(2);
            }

        if (columns > 0)
            connection.Run(
                transaction,
                "DELETE FROM day_columns WHERE id >= @from AND id <= @last AND (id < @last OR number <= @number)",
                ("@from", from),
                ("@last", last),
                ("@number", number)
            );
        return (columns, bytes);
    }

    /// <summary>Whether a day has a column, valid or not.</summary>
    public static bool HasAny(DbConnection connection, long id)
    {
        using var command = connection.Command(null, "SELECT 1 FROM day_columns WHERE id = @id LIMIT 1", ("@id", id));
        return command.ExecuteScalar() is not null;
    }

    /// <summary>The ids of days whose columns became invalid and are still there, the first ones. Their rollups are stale.</summary>
    public static List<long> FindInvalid(DbConnection connection, int most)
    {
        using var command = connection.Command(
            null,
            """
            SELECT id FROM stale_rollups
            WHERE EXISTS (SELECT 1 FROM day_columns WHERE day_columns.id = stale_rollups.id)
                AND NOT EXISTS (SELECT 1 FROM day_columns WHERE day_columns.id = stale_rollups.id AND number = @head)
            LIMIT @most
            """,
            ("@head", DayColumns.Head),
            ("@most", most)
        );
        return Ids(command);
    }

    /// <summary>The ids of the days before one that have columns, the first ones.</summary>
    /// <param name="after">Only ids after this one.</param>
    public static List<long> FindOlder(DbConnection connection, int before, long after, int most)
    {
        using var command = connection.Command(
            null,
            "SELECT DISTINCT id FROM day_columns WHERE id > @after AND (id & @days) < @before ORDER BY id LIMIT @most",
            ("@after", after),
            ("@days", ClusterKey.Of(1, 0) - 1),
            ("@before", before),
            ("@most", most)
        );
        return Ids(command);
    }

    private static List<long> Ids(DbCommand command)
    {
        using var rows = command.ExecuteReader();
        List<long> ids = [];
        while (rows.Read())
            ids.Add(rows.GetInt64(0));
        return ids;
    }
}

/// <summary>Reads columns of days.</summary>
internal sealed class DayColumnReader : IDisposable
{
    private readonly DbCommand _one;

    public DayColumnReader(DbConnection connection, DbTransaction transaction)
    {
        _one = connection.Command(
            transaction,
            "SELECT data FROM day_columns WHERE id = @id AND number = @number",
            ("@id", 0L),
            ("@number", 0)
        );
        _one.Prepare();
    }

    /// <summary>The columns of a day whose first one is known.</summary>
    public DayColumns Open(long id, byte[] head) =>
        new(head, number => TryRead(id, number) ?? throw new FormatException("A column of stored clicks is missing."));

    public void Dispose() => _one.Dispose();

    private byte[]? TryRead(long id, int number)
    {
        _one.Parameters[0].Value = id;
        _one.Parameters[1].Value = number;
        return _one.ExecuteScalar() as byte[];
    }
}
