using Signpost.Clicks.Classifying;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Copies the database of a running installation, on SQLite or on PostgreSQL, into one SQLite file.</summary>
internal static class Backup
{
    /// <summary>
    /// Copies a consistent snapshot while the server continues to write. The file gets its name only when it is complete and
    /// checked, and the command ends when the name is on the disk.
    /// </summary>
    public static async Task MakeAsync(SignpostSettings settings, string file, TextWriter output)
    {
        var source = Path.Combine(settings.DataDirectory, "signpost.db");
        if (settings.DatabaseAddress is null && !File.Exists(source))
            throw new StartException($"There is no database at {Path.GetFullPath(source)}: set SIGNPOST_DATA_DIR.");
        if (File.Exists(file))
            throw new StartException($"{file} exists already; a backup never overwrites.");

        var partial = file + ".partial";
        Remove(partial);
        // Nobody else can read the copy while it grows.
        var empty = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            empty.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(partial, empty).Dispose();
        try
        {
            // A copy must not hold the salts, which are deleted each day.
            await Database.CopyAsync(settings.DatabaseAddress, source, partial, forgotten: VisitorSalts.Prefix);
        }
        catch
        {
            Remove(partial);
            throw;
        }

        File.Move(partial, file);
        UnixFiles.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        Mark(settings.DataDirectory, output);
        output.WriteLine($"Backed up to {file}, {new FileInfo(file).Length:N0} bytes.");
    }

    // A backup that was killed may have left a log beside the file, which must not come to another one.
    private static void Remove(string partial)
    {
        foreach (var ending in (string[])["", "-wal", "-shm", "-journal"])
            File.Delete(partial + ending);
    }

    // The page of the server shows the time of the file. The backup is whole without it.
    private static void Mark(string directory, TextWriter output)
    {
        try
        {
            File.WriteAllBytes(DataDirectory.BackupMark(directory), []);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            output.WriteLine($"The time of this backup could not be kept for the page of the server: {error.Message}");
        }
    }
}
