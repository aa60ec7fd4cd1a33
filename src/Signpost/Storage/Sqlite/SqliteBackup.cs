using Microsoft.Data.Sqlite;

namespace Signpost.Storage.Sqlite;

/// <summary>Makes and checks the copies for <see cref="Database"/>, in SQLite's own way.</summary>
internal static class SqliteBackup
{
    /// <summary>How far ids rise over the highest known one when a backup is restored.</summary>
    public const long Jump = 1_000_000;

    // SQLite's online backup reads in one transaction, so the server can still write.
    public static async Task CopyAsync(string source, string to, string forgotten)
    {
        SqliteFile.CheckHistory(source);
        await using (var from = SqliteFile.Open(source, SqliteOpenMode.ReadOnly))
        await using (var copy = SqliteFile.Open(to, SqliteOpenMode.ReadWriteCreate))
        {
            from.BackupDatabase(copy);
            // A backup may be restored at any later time. The system's clock counts then.
            if (SqliteFile.HasTable(copy, "expiry_clock"))
                await ForgetTimeAsync(copy);
            await using var single = copy.CreateCommand();
            // Leaves WAL mode, so that the one file is the whole backup.
            single.CommandText = $"""
                PRAGMA secure_delete=ON;
                DELETE FROM secrets WHERE name LIKE '{forgotten}%';
                PRAGMA journal_mode=DELETE
                """;
            await single.ExecuteNonQueryAsync();
        }

        CheckPages(to);
    }

    public static void Check(string file)
    {
        SqliteFile.CheckHeader(file);
        SqliteFile.CheckHistory(file);
        CheckPages(file);
    }

    public static void RaiseIds(string copy, IEnumerable<string> others)
    {
        var highest = others.SelectMany(ReadIds).Concat(ReadIds(copy)).ToLookup(id => id.Table, id => id.Id);
        using var connection = SqliteFile.Open(copy, SqliteOpenMode.ReadWrite);
        var tables = CountingTables(connection);
        using var transaction = connection.BeginTransaction();
        foreach (var table in tables)
            SetLastId(transaction, table, highest[table].Append(0).Max() + Jump);
        transaction.Commit();
    }

    /// <summary>Sets the highest id that a table has ever given.</summary>
    public static void SetLastId(SqliteTransaction transaction, string table, long id)
    {
        var connection = transaction.Connection!;
        connection.Run(transaction, "DELETE FROM sqlite_sequence WHERE name = @table", ("@table", table));
        connection.Run(
            transaction,
            "INSERT INTO sqlite_sequence (name, seq) VALUES (@table, @id)",
            ("@table", table),
            ("@id", id)
        );
    }

    public static void MoveAside(string path, string folder)
    {
        foreach (var ending in SqliteFile.Endings)
            if (File.Exists(path + ending))
                File.Move(path + ending, Path.Combine(folder, Path.GetFileName(path) + ending));
    }

    private static async Task ForgetTimeAsync(SqliteConnection copy)
    {
        await using var command = copy.CreateCommand();
        command.CommandText = "DELETE FROM expiry_clock";
        await command.ExecuteNonQueryAsync();
    }

    private static List<string> CountingTables(SqliteConnection connection)
    {
        using var command = connection.Command(
            null,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
        );
        using var rows = command.ExecuteReader();
        List<string> tables = [];
        while (rows.Read())
            tables.Add(rows.GetString(0));
        return tables;
    }

    private static List<(string Table, long Id)> ReadIds(string path)
    {
        List<(string, long)> ids = [];
        try
        {
            using var connection = SqliteFile.OpenUnchanged(path);
            using var command = connection.Command(null, "SELECT name, seq FROM sqlite_sequence");
            using var rows = command.ExecuteReader();
            while (rows.Read())
                ids.Add((rows.GetString(0), rows.GetInt64(1)));
        }
        catch (SqliteException)
        {
            // It is damaged, which may be the reason for the restore.
        }

        return ids;
    }

    public static void CheckPages(string file)
    {
        try
        {
            using var connection = SqliteFile.Open(file, SqliteOpenMode.ReadOnly);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(1)";
            if (command.ExecuteScalar() is not "ok" and var problem)
                throw SqliteFile.Damaged(file, 0, $"{problem}");
            if (!Schema.IsIn(connection))
                throw new DatabaseDamagedException($"{file} is not a Signpost database.");
        }
        catch (SqliteException error)
        {
            throw SqliteFile.Damaged(file, 0, error.Message, error);
        }
    }
}
