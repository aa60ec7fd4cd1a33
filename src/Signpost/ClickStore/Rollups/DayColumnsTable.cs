using System.Data.Common;
using Signpost.Core.Statistics.ByDay;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>The table of the columns of days, which stand beside the rollups of main domains, custom domains and guests.</summary>
internal static class DayColumnsTable
{
    /// <summary>With more clicks, a day's columns are made again in the background when links leave them.</summary>
    private const int MostChanged = 1 << 16;

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

    public static void Remove(DbConnection connection, DbTransaction transaction, long id) =>
        connection.Run(transaction, "DELETE FROM day_columns WHERE id = @id", ("@id", id));

    /// <summary>Removes the clicks of links from a day.</summary>
    public static void Remove(DbConnection connection, DbTransaction transaction, long id, IReadOnlySet<long> links)
    {
        var columns = TryRead(connection, transaction, id, links);
        Remove(connection, transaction, id);
        for (var number = 0; number < columns?.Length; number++)
            Write(connection, transaction, id, number, columns[number]);
    }

    /// <summary>The ids of the days before one that have columns, the first ones.</summary>
    public static List<long> FindOlder(DbConnection connection, int before, int most)
    {
        using var command = connection.Command(
            null,
            "SELECT DISTINCT id FROM day_columns WHERE (id & @days) < @before LIMIT @most",
            ("@days", ClusterKey.Of(1, 0) - 1),
            ("@before", before),
            ("@most", most)
        );
        using var rows = command.ExecuteReader();
        List<long> ids = [];
        while (rows.Read())
            ids.Add(rows.GetInt64(0));
        return ids;
    }

    private static byte[][]? TryRead(
        DbConnection connection,
        DbTransaction transaction,
        long id,
        IReadOnlySet<long> without
    )
    {
        using DayColumnReader reader = new(connection, transaction);
        try
        {
            return reader.TryOpen(id) is { Count: <= MostChanged } columns ? columns.Without(without) : null;
        }
        catch (FormatException)
        {
            // Damaged columns are removed, and made again from the clicks.
            return null;
        }
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

    /// <summary>The columns of a day; null: there are none.</summary>
    public DayColumns? TryOpen(long id) => TryRead(id, DayColumns.Head) is { } head ? Open(id, head) : null;

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
