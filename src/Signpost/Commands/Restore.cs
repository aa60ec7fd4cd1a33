using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Restores a backup into a stopped installation.</summary>
internal static class Restore
{
    /// <summary>
    /// Replaces the database and the journal. If it is killed, either the former files or the restored ones count. The former
    /// ones are moved aside, not deleted; the former rows of a database on PostgreSQL are gone.
    /// </summary>
    public static async Task RunAsync(SignpostSettings settings, string file, TimeProvider clock, TextWriter output)
    {
        if (!File.Exists(file))
            throw new StartException($"There is no file {file}.");
        Database.CheckCopy(file);

        using var directory = DataDirectory.Open(settings.DataDirectory);
        if (settings.DatabaseAddress is null)
        {
            await PrepareAsync(file, PendingRestore.Begin(directory.Path), FormerDatabases(directory), Guid.NewGuid());
            PendingRestore.Decide(directory.Path, clock.GetUtcNow());
            directory.MarkMoved(null);
            output.WriteLine($"Restored {file}. The former files are in {PendingRestore.Finish(directory.Path)}.");
            return;
        }

        // From here on no server uses it.
        await using var database = Database.Open(settings.DatabaseAddress, directory.DatabasePath);
        var aside = await ReplaceAsync(database, file, directory);
        output.WriteLine($"Restored {file} into {database.Place}. The former journal is in {aside}.");
    }

    // The commit decides. If this process is killed, the next one that opens the database finishes the rest.
    private static async Task<string?> ReplaceAsync(Database database, string file, DataDirectory directory)
    {
        // An earlier one may have been killed.
        directory.FinishRestore(database);
        var journal = Guid.NewGuid();
        var folder = PendingRestore.BeginOnServer(directory.Path, journal);
        await PrepareAsync(file, folder, FormerDatabases(directory), journal);
        UnixFiles.SyncDirectory(directory.Path);
        try
        {
            await database.ReplaceAsync(Path.Combine(folder, "signpost.db"));
        }
        catch (DatabaseDamagedException)
        {
            directory.FinishRestore(database);
            throw;
        }

        return directory.FinishRestore(database);
    }

    private static List<string> FormerDatabases(DataDirectory directory) =>
        [
            .. Directory
                .GetDirectories(directory.Path, "before-restore-*")
                .Append(directory.Path)
                .Select(folder => Path.Combine(folder, "signpost.db"))
                .Where(File.Exists),
        ];

    // No id is given twice, neither to a row nor to a journal.
    private static async Task PrepareAsync(string file, string folder, List<string> former, Guid id)
    {
        var path = Path.Combine(folder, "signpost.db");
        File.Copy(file, path);
        // The copy takes over the mode of its source.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var journal = new JournalDirectory(Path.Combine(folder, "journal"));
        journal.WriteId(id);
        await using (var database = new Database(path))
        {
            await Schema.ApplyAsync(database, CancellationToken.None);
            await database.WriteRawAsync(
                (connection, transaction) => StoredPositions.Replace(connection, transaction, id),
                CancellationToken.None
            );
        }

        Database.RaiseIds(path, former);
        using (var written = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(written);
        UnixFiles.SyncDirectory(folder);
    }
}
