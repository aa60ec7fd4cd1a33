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
    private readonly Original _original = new(source);
    private readonly CopyProgress _progress = new(target);
    private readonly PostgresCopy _copy = new(target);

    /// <summary>Called after each commit with the table and its number of copied rows.</summary>
    public Action<MovedTable, long> Copied { get; set; } = static (_, _) => { };

    /// <summary>Whether the new database has the beginning of a move.</summary>
    public bool IsBegun => _progress.IsThere;

    /// <summary>Whether the new database has rows of a move that has begun.</summary>
    public bool HasRows => _progress.HasRows;

    /// <summary>The tables of the new database that have rows.</summary>
    public IReadOnlyList<string> Filled() => [.. tables.Where(IsFilled).Select(table => table.Name)];

    /// <summary>Whether this SQLite database began the move.</summary>
    public bool IsOurs => _progress.CopyOf == ReadOrigin();

    /// <inheritdoc cref="Original.Count"/>
    public long Count(MovedTable table) => _original.Count(table);

    /// <summary>Notes in the new database that the move begins. It is empty.</summary>
    public void Begin() => _progress.Begin(ReadOrigin());

    /// <summary>Copies the rows of a table that are not copied yet.</summary>
    public void Copy(MovedTable table)
    {
        var state = _progress.Read(table.Name);
        using var rows = _original.Rows(table, state.LastKey).GetEnumerator();
        while (true)
        {
            using var transaction = target.BeginTransaction();
            var count = _copy.Write(transaction, table, rows, out var last);
            if (count == 0)
                return;
            state = new(Cells.Remember(table.KeyOf(last)), state.Rows + count);
            _progress.Write(transaction, table.Name, state);
            transaction.Commit();
            Copied(table, state.Rows);
        }
    }

    /// <summary>Compares a table with its copy, by counts and digests; returns the number of rows.</summary>
    /// <exception cref="DatabaseDamagedException">They differ.</exception>
    public long Compare(MovedTable table)
    {
        var (original, copy) = (_original.Sum(table), RowSum.Of(target, null, table));
        return original.Is(copy)
            ? copy.Rows
            : throw new DatabaseDamagedException(
                $"The copy of the table {table.Name} differs from the original: it has {copy.Rows} rows instead of {original.Rows}, or other values. Did a server use the SQLite database since the move began? Empty the new database, and move again."
            );
    }

    /// <summary>Makes the new database one for a server.</summary>
    public void Finish()
    {
        using var transaction = target.BeginTransaction();
        _copy.Finish(transaction, tables, _original.LastId);
        _progress.End(transaction);
        transaction.Commit();
    }

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

    private bool IsFilled(MovedTable table)
    {
        using var command = target.Command(null, $"SELECT 1 FROM {table.Name} LIMIT 1");
        return command.ExecuteScalar() is not null;
    }
}
