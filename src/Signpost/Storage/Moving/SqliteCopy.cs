using Microsoft.Data.Sqlite;
using Signpost.Storage.Sqlite;

namespace Signpost.Storage.Moving;

/// <summary>A new SQLite file that is filled with copied rows, in one transaction. Until the end it is no whole database.</summary>
internal sealed class SqliteCopy : IDisposable
{
    private readonly SqliteConnection _file;
    private readonly SqliteTransaction _transaction;
    private readonly List<string> _triggers;

    private SqliteCopy(SqliteConnection file)
    {
        _file = file;
        _transaction = file.BeginTransaction();
        _triggers = TakeTriggers();
    }

    /// <summary>Makes the tables of this version in an empty file.</summary>
    public static async Task<SqliteCopy> BeginAsync(string path)
    {
        await using (var database = new Database(path))
            await Schema.ApplyAsync(database, CancellationToken.None);
        var file = SqliteFile.Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            // If it is interrupted, the file is thrown away. It also leaves WAL mode, so that the one file is the whole copy.
            using var settings = file.Command(
                null,
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536"
            );
            settings.ExecuteNonQuery();
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills a table, and compares it with the rows that were given.</summary>
    /// <exception cref="DatabaseDamagedException">They differ.</exception>
    public void Fill(MovedTable table, IEnumerable<object?[]> rows)
    {
        // Migrations may have made some.
        _file.Run(_transaction, $"DELETE FROM {table.Name}");
        var names = table.Columns.Select((_, place) => $"@p{place}").ToList();
        using var insert = _file.Command(
            _transaction,
            $"INSERT INTO {table.Name} ({table.List}) VALUES ({string.Join(", ", names)})"
        );
        SqliteParameter[] parameters = [.. names.Select(name => new SqliteParameter(name, value: null))];
        insert.Parameters.AddRange(parameters);
        var given = new RowSum();
        foreach (var row in rows)
        {
            given.Add(row);
            for (var place = 0; place < row.Length; place++)
                parameters[place].Value = row[place] ?? DBNull.Value;
            insert.ExecuteNonQuery();
        }

        if (RowSum.Of(_file, _transaction, table) is var copy && !given.Is(copy))
            throw new DatabaseDamagedException(
                $"The copy of the table {table.Name} differs from the original: it has {copy.Rows} rows instead of {given.Rows}, or other values."
            );
    }

    /// <summary>Sets the highest id that a table has ever given.</summary>
    /// <param name="id">0: it has given none.</param>
    public void SetLastId(MovedTable table, long id)
    {
        if (id > 0)
            SqliteBackup.SetLastId(_transaction, table.Name, id);
    }

    /// <summary>Makes it a whole database, on the disk. A job of the server that uses it will index the texts of links.</summary>
    public void Finish()
    {
        _file.Run(
            _transaction,
            "INSERT INTO jobs (kind, subject, account_id, domain_id) SELECT @kind, max(id), 0, 0 FROM links HAVING max(id) IS NOT NULL",
            ("@kind", (int)JobKind.IndexLinks)
        );
        foreach (var trigger in _triggers)
            _file.Run(_transaction, trigger);
        _transaction.Commit();
        _file.Close();
        using var written = File.OpenHandle(_file.DataSource, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(written);
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _file.Dispose();
    }

    // They count rows whose counts are copied, too.
    private List<string> TakeTriggers()
    {
        List<(string Name, string Sql)> triggers = [];
        using (var command = _file.Command(_transaction, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        using (var rows = command.ExecuteReader())
            while (rows.Read())
                triggers.Add((rows.GetString(0), rows.GetString(1)));
        foreach (var (name, _) in triggers)
            _file.Run(_transaction, $"DROP TRIGGER {name}");
        return [.. triggers.Select(trigger => trigger.Sql)];
    }
}
