using Npgsql;

namespace Signpost.Storage.Moving;

/// <summary>
/// The table that says how far an unfinished copy into a database on PostgreSQL is. As long as it is there, no server uses that
/// database.
/// </summary>
internal sealed class CopyProgress(NpgsqlConnection target)
{
    public const string Table = "unfinished_move";

    // Names what is copied, among the names of tables.
    private const string Origin = "";

    /// <summary>Whether a copy has begun.</summary>
    public bool IsThere => Dialect.Of(target).HasTable(target, Table);

    /// <summary>The name of the copy that <see cref="Begin"/> has noted.</summary>
    public string CopyOf => Read(Origin).LastKey;

    /// <summary>Whether rows of a table are there.</summary>
    public bool HasRows
    {
        get
        {
            using var command = target.Command(
                null,
                $"SELECT 1 FROM {Table} WHERE table_name <> @origin LIMIT 1",
                ("@origin", Origin)
            );
            return command.ExecuteScalar() is not null;
        }
    }

    /// <summary>Notes that a copy begins.</summary>
    public void Begin(string copyOf)
    {
        using var transaction = target.BeginTransaction();
        target.Run(
            transaction,
            $"CREATE TABLE {Table} (table_name text PRIMARY KEY, last_key text NOT NULL, rows bigint NOT NULL)"
        );
        Write(transaction, Origin, new(copyOf, 0));
        transaction.Commit();
    }

    public CopyState Read(string table)
    {
        using var command = target.Command(
            null,
            $"SELECT last_key, rows FROM {Table} WHERE table_name = @table",
            ("@table", table)
        );
        using var row = command.ExecuteReader();
        return row.Read() ? new(row.GetString(0), row.GetInt64(1)) : new("", 0);
    }

    public void Write(NpgsqlTransaction transaction, string table, CopyState state) =>
        target.Run(
            transaction,
            $"""
            INSERT INTO {Table} (table_name, last_key, rows) VALUES (@table, @key, @rows)
            ON CONFLICT (table_name) DO UPDATE SET last_key = excluded.last_key, rows = excluded.rows
            """,
            ("@table", table),
            ("@key", state.LastKey),
            ("@rows", state.Rows)
        );

    /// <summary>Makes the database one for a server.</summary>
    public void End(NpgsqlTransaction transaction) => target.Run(transaction, $"DROP TABLE IF EXISTS {Table}");
}

/// <param name="LastKey">The key of the last copied row, as <see cref="Cells.Remember"/> writes it; empty: none.</param>
internal readonly record struct CopyState(string LastKey, long Rows);
