using System.Buffers;
using System.Data.Common;
using System.Security.Cryptography;
using Npgsql;

namespace Signpost.Storage.Moving;

/// <summary>
/// Copies all tables of a SQLite database, which no server uses, into an empty database on PostgreSQL. How far it is stands in the new
/// database, in the transaction of the rows: so it can be killed at any time, and the next run continues. Until the end the new
/// database is no database for a server.
/// </summary>
/// <param name="source">A moment of the SQLite database.</param>
/// <param name="identity">The name of the secret by which installations differ.</param>
internal sealed class DatabaseMove(
    DbTransaction source,
    NpgsqlConnection target,
    IReadOnlyList<MovedTable> tables,
    string identity
)
{
    /// <summary>The table that says how far an unfinished move is.</summary>
    public const string Progress = "unfinished_move";

    private const int RowsAtOnce = 20_000;
    private const int BytesAtOnce = 8 << 20;

    private readonly ArrayBufferWriter<byte> _room = new();

    // Names the installation that began the move, among the names of tables.
    private const string Origin = "";

    /// <summary>Called after each commit with the table and its number of copied rows.</summary>
    public Action<MovedTable, long> Copied { get; set; } = static (_, _) => { };

    /// <summary>Whether the new database has the beginning of a move.</summary>
    public bool IsBegun => Dialect.Of(target).HasTable(target, Progress);

    /// <summary>The tables of the new database that have rows.</summary>
    public IReadOnlyList<string> Filled() => [.. tables.Where(HasRows).Select(table => table.Name)];

    /// <summary>Whether this SQLite database began the move.</summary>
    public bool IsOurs => ReadState(Origin).LastKey == ReadOrigin();

    /// <summary>The number of rows of a table.</summary>
    public long Count(MovedTable table)
    {
        using var command = source.Connection!.Command(source, $"SELECT count(*) FROM {table.Name}");
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Notes in the new database that the move begins. It is empty.</summary>
    public void Begin()
    {
        using var transaction = target.BeginTransaction();
        Execute($"CREATE TABLE {Progress} (table_name text PRIMARY KEY, last_key text NOT NULL, rows bigint NOT NULL)");
        WriteState(Origin, new(ReadOrigin(), 0));
        transaction.Commit();
    }

    /// <summary>Copies the rows of a table that are not copied yet.</summary>
    public void Copy(MovedTable table)
    {
        var state = ReadState(table.Name);
        using var command = Rest(table, state.LastKey);
        using var rows = command.ExecuteReader();
        for (var isOver = false; !isOver; )
        {
            using var transaction = target.BeginTransaction();
            // Their triggers count rows whose counts are copied, too.
            Execute($"ALTER TABLE {table.Name} DISABLE TRIGGER USER");
            (state, isOver) = CopySome(table, rows, state);
            Execute($"ALTER TABLE {table.Name} ENABLE TRIGGER USER");
            WriteState(table.Name, state);
            transaction.Commit();
            Copied(table, state.Rows);
        }
    }

    /// <summary>Compares a table with its copy, by counts and digests; returns the number of rows.</summary>
    /// <exception cref="DatabaseDamagedException">They differ.</exception>
    public long Compare(MovedTable table)
    {
        var (original, copy) = (SumOf(source, table), SumOf(null, table));
        return copy == original
            ? copy.Rows
            : throw new DatabaseDamagedException(
                $"The copy of the table {table.Name} differs from the original: it has {copy.Rows} rows instead of {original.Rows}, or other values. Did a server use the SQLite database since the move began? Empty the new database, and move again."
            );
    }

    /// <summary>Sets the next ids above all that were ever given, indexes the texts of links, and makes the database one for a server.</summary>
    public void Finish()
    {
        using var transaction = target.BeginTransaction();
        foreach (var table in tables)
            if (table.Counted is { } column)
                Run(
                    $"SELECT setval(pg_get_serial_sequence('{table.Name}', '{column}'), greatest(@last, (SELECT max({column}) FROM {table.Name}), 1))",
                    ("@last", LastId(table))
                );
        Execute(LinkTexts.Add);
        // All links are in the index now.
        Run("DELETE FROM jobs WHERE kind = @kind", ("@kind", (int)JobKind.IndexLinks));
        Execute($"DROP TABLE {Progress}");
        Execute("ANALYZE");
        transaction.Commit();
    }

    private (State State, bool IsOver) CopySome(MovedTable table, DbDataReader rows, State state)
    {
        var (count, bytes, last) = (0, 0, (object?[]?)null);
        using (var into = target.BeginBinaryImport($"COPY {table.Name} ({table.List}) FROM STDIN (FORMAT BINARY)"))
        {
            while (count < RowsAtOnce && bytes < BytesAtOnce && rows.Read())
            {
                last = Cells.Read(rows, table.Columns);
                bytes += Cells.Write(into, last);
                count++;
            }

            into.Complete();
        }

        var isOver = count < RowsAtOnce && bytes < BytesAtOnce;
        var key = last is null ? state.LastKey : Cells.Remember(KeyOf(table, last));
        return (new(key, state.Rows + count), isOver);
    }

    private static IEnumerable<object?> KeyOf(MovedTable table, object?[] cells)
    {
        var columns = table.Columns.ToList();
        return table.Key.Select(key => cells[columns.IndexOf(key)]);
    }

    private DbCommand Rest(MovedTable table, string lastKey)
    {
        var all = $"SELECT {table.List} FROM {table.Name}";
        if (lastKey is "")
            return source.Connection!.Command(source, $"{all} ORDER BY {table.KeyList}");

        var key = Cells.Recall(lastKey, table.Key);
        (string, object?)[] values = [.. key.Select((value, at) => ($"@key{at}", (object?)value))];
        var names = string.Join(", ", values.Select(value => value.Item1));
        return source.Connection!.Command(
            source,
            $"{all} WHERE ({table.KeyList}) > ({names}) ORDER BY {table.KeyList}",
            values
        );
    }

    private State ReadState(string table)
    {
        using var command = target.Command(
            null,
            $"SELECT last_key, rows FROM {Progress} WHERE table_name = @table",
            ("@table", table)
        );
        using var row = command.ExecuteReader();
        return row.Read() ? new(row.GetString(0), row.GetInt64(1)) : new("", 0);
    }

    private void WriteState(string table, State state) =>
        Run(
            $"""
            INSERT INTO {Progress} (table_name, last_key, rows) VALUES (@table, @key, @rows)
            ON CONFLICT (table_name) DO UPDATE SET last_key = excluded.last_key, rows = excluded.rows
            """,
            ("@table", table),
            ("@key", state.LastKey),
            ("@rows", state.Rows)
        );

    // The key of the installation is drawn once. A database that no server has used has none.
    private string ReadOrigin()
    {
        using var command = source.Connection!.Command(
            source,
            "SELECT value FROM secrets WHERE name = @name",
            ("@name", identity)
        );
        return command.ExecuteScalar() is byte[] key ? Convert.ToHexString(SHA256.HashData(key)) : "none";
    }

    private (long Rows, UInt128 Digest) SumOf(DbTransaction? transaction, MovedTable table)
    {
        using var command = (transaction?.Connection ?? target).Command(
            transaction,
            $"SELECT {table.List} FROM {table.Name}"
        );
        command.CommandTimeout = 0;
        using var rows = command.ExecuteReader();
        var (count, digest) = (0L, default(UInt128));
        for (; rows.Read(); count++)
            digest = unchecked(digest + Cells.Digest(Cells.Read(rows, table.Columns), _room));
        return (count, digest);
    }

    private bool HasRows(MovedTable table)
    {
        using var command = target.Command(null, $"SELECT 1 FROM {table.Name} LIMIT 1");
        return command.ExecuteScalar() is not null;
    }

    // The highest id that the table has ever given, also to a row that is gone.
    private long LastId(MovedTable table)
    {
        using var command = source.Connection!.Command(
            source,
            "SELECT seq FROM sqlite_sequence WHERE name = @table",
            ("@table", table.Name)
        );
        return command.ExecuteScalar() as long? ?? 0;
    }

    private void Execute(string sql) => Run(sql);

    // Some take minutes.
    private void Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = target.Command(null, sql, values);
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    /// <param name="LastKey">The key of the last copied row, as <see cref="Cells.Remember"/> writes it; empty: none.</param>
    private readonly record struct State(string LastKey, long Rows);
}
