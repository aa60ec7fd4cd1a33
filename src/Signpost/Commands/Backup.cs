using Microsoft.Data.Sqlite;
using Signpost.Clicks.Classifying;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Copies the database of a running installation, and restores a copy into a stopped one.</summary>
internal static class Backup
{
    /// <summary>
    /// Copies a consistent snapshot with SQLite's online backup, in one read transaction, so the server continues to write.
    /// The file gets its name only when it is complete and checked.
    /// </summary>
    public static async Task MakeAsync(SignpostSettings settings, string file, TextWriter output)
    {
        var source = Path.Combine(settings.DataDirectory, "signpost.db");
        if (!File.Exists(source))
            throw new StartException($"There is no database at {Path.GetFullPath(source)}: set SIGNPOST_DATA_DIR.");
        if (File.Exists(file))
            throw new StartException($"{file} exists already; a backup never overwrites.");
        Schema.Check(source);

        var partial = file + ".partial";
        File.Delete(partial);
        await using (var from = Open(source, SqliteOpenMode.ReadOnly))
        await using (var to = Open(partial, SqliteOpenMode.ReadWriteCreate))
        {
            from.BackupDatabase(to);
            await using var single = to.CreateCommand();
            // A copy must not hold the keys that are deleted each day. It leaves WAL mode, so that one file is the whole backup.
            single.CommandText = $"""
                PRAGMA secure_delete=ON;
                DELETE FROM secrets WHERE name LIKE '{VisitorSalts.Prefix}%';
                PRAGMA journal_mode=DELETE
                """;
            await single.ExecuteNonQueryAsync();
        }
        Check(partial);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(partial, file);
        output.WriteLine($"Backed up to {file}, {new FileInfo(file).Length:N0} bytes.");
    }

    /// <summary>Replaces the database by a backup. The former files, including the journal, are moved aside, not deleted.</summary>
    public static void Restore(SignpostSettings settings, string file, TimeProvider clock, TextWriter output)
    {
        if (!File.Exists(file))
            throw new StartException($"There is no file {file}.");
        DatabaseFile.Check(file);
        Schema.Check(file);
        Check(file);

        using var directory = DataDirectory.Open(settings.DataDirectory);
        var aside = Path.Combine(directory.Path, $"before-restore-{clock.GetUtcNow():yyyyMMddHHmmss}");
        Directory.CreateDirectory(aside);
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            if (File.Exists(directory.DatabasePath + suffix))
                File.Move(directory.DatabasePath + suffix, Path.Combine(aside, "signpost.db" + suffix));
        if (Directory.Exists(directory.JournalPath))
            Directory.Move(directory.JournalPath, Path.Combine(aside, "journal"));

        var partial = directory.DatabasePath + ".partial";
        File.Copy(file, partial, overwrite: true);
        File.Move(partial, directory.DatabasePath);
        output.WriteLine($"Restored {file}. The former files are in {aside}.");
    }

    private static void Check(string file)
    {
        try
        {
            using var connection = Open(file, SqliteOpenMode.ReadOnly);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(1)";
            if (command.ExecuteScalar() is not "ok" and var problem)
                throw DatabaseFile.Damaged(file, 0, $"{problem}");
            command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'";
            if (command.ExecuteScalar() is not 1L)
                throw new StartException($"{file} is not a Signpost database.");
        }
        catch (SqliteException error)
        {
            throw DatabaseFile.Damaged(file, 0, error.Message, error);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        return connection;
    }
}
