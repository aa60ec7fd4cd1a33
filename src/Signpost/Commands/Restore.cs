using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Restores a backup into a stopped installation.</summary>
internal static class Restore
{
    /// <summary>
    /// Replaces the database and the journal. If it is killed, either the former files or the restored ones count. The former
    /// ones are moved aside, not deleted.
    /// </summary>
    public static async Task RunAsync(SignpostSettings settings, string file, TimeProvider clock, TextWriter output)
    {
        Backup.RefuseElsewhere(settings);
        if (!File.Exists(file))
            throw new StartException($"There is no file {file}.");
        Database.CheckCopy(file);

        string aside;
        using (var directory = DataDirectory.Open(settings.DataDirectory))
        {
            await PrepareAsync(file, PendingRestore.Begin(directory.Path), FormerDatabases(directory));
            PendingRestore.Decide(directory.Path, clock.GetUtcNow());
            aside = PendingRestore.Finish(directory.Path)!;
        }

        output.WriteLine($"Restored {file}. The former files are in {aside}.");
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
    private static async Task PrepareAsync(string file, string folder, List<string> former)
    {
        var path = Path.Combine(folder, "signpost.db");
        File.Copy(file, path);
        // The copy takes over the mode of its source.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var journal = new JournalDirectory(Path.Combine(folder, "journal"));
        var id = Guid.NewGuid();
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
