using Microsoft.Data.Sqlite;

namespace Signpost.Storage.Sqlite;

/// <summary>Makes and checks the copies for <see cref="Database"/>, in SQLite's own way.</summary>
internal static class SqliteBackup
{
    // SQLite's online backup reads in one transaction, so the server can still write.
    public static async Task CopyAsync(string source, string to, string forgotten)
    {
        Schema.Check(source);
        await using (var from = SqliteFile.Open(source, SqliteOpenMode.ReadOnly))
        await using (var copy = SqliteFile.Open(to, SqliteOpenMode.ReadWriteCreate))
        {
            from.BackupDatabase(copy);
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
        Schema.Check(file);
        CheckPages(file);
    }

    public static void MoveAside(string path, string folder)
    {
        foreach (var ending in SqliteFile.Endings)
            if (File.Exists(path + ending))
                File.Move(path + ending, Path.Combine(folder, Path.GetFileName(path) + ending));
    }

    private static void CheckPages(string file)
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
