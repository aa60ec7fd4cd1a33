using Npgsql;

namespace Signpost.Storage.Moving;

/// <summary>Writes copied rows into the tables of PostgreSQL, in transactions of the caller.</summary>
internal sealed class PostgresCopy(NpgsqlConnection target)
{
    // A long statement would otherwise keep the lock of the database when this process is gone. Not every system can notice that.
    private const string NoticeLoss =
        "DO $$ BEGIN SET LOCAL client_connection_check_interval = 1000; EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$";

    private const int RowsAtOnce = 20_000;
    private const int BytesAtOnce = 8 << 20;

    /// <summary>Writes some of the rows, which <paramref name="rows"/> gives next.</summary>
    /// <param name="last">The last of them.</param>
    /// <returns>Their number; 0: there were no more.</returns>
    /// <exception cref="DatabaseDamagedException">PostgreSQL cannot hold one of their texts.</exception>
    public int Write(NpgsqlTransaction transaction, MovedTable table, IEnumerator<object?[]> rows, out object?[] last)
    {
        var (count, bytes) = (0, 0);
        last = [];
        // Their triggers count rows whose counts are copied, too.
        Run(transaction, $"ALTER TABLE {table.Name} DISABLE TRIGGER USER");
        using (var into = target.BeginBinaryImport($"COPY {table.Name} ({table.List}) FROM STDIN (FORMAT BINARY)"))
        {
            into.Timeout = TimeSpan.Zero;
            while (count < RowsAtOnce && bytes < BytesAtOnce && rows.MoveNext())
            {
                last = rows.Current;
                Cells.RequireTexts(table, last);
                bytes += Cells.Write(into, last);
                count++;
            }

            into.Complete();
        }

        Run(transaction, $"ALTER TABLE {table.Name} ENABLE TRIGGER USER");
        return count;
    }

    /// <summary>Deletes all rows.</summary>
    public void Empty(NpgsqlTransaction transaction, IEnumerable<MovedTable> tables) =>
        Run(transaction, $"TRUNCATE link_texts, {string.Join(", ", tables.Select(table => table.Name))}");

    /// <summary>Sets the next ids above those of the rows, and indexes the texts of links.</summary>
    /// <param name="lastId">The highest id that a table must not give again.</param>
    public void Finish(NpgsqlTransaction transaction, IEnumerable<MovedTable> tables, Func<MovedTable, long> lastId)
    {
        Run(transaction, NoticeLoss);
        foreach (var table in tables)
            if (table.Counted is { } column)
                Run(
                    transaction,
                    $"SELECT setval(pg_get_serial_sequence('{table.Name}', '{column}'), greatest(@last, (SELECT max({column}) FROM {table.Name}), 1))",
                    ("@last", lastId(table))
                );
        Run(transaction, LinkTexts.Add);
        // All links are in the index now.
        Run(transaction, "DELETE FROM jobs WHERE kind = @kind", ("@kind", (int)JobKind.IndexLinks));
        Run(transaction, "ANALYZE");
    }

    // Some take minutes.
    private void Run(
        NpgsqlTransaction transaction,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        using var command = target.Command(transaction, sql, values);
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
