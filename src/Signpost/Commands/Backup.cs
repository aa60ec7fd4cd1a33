using Signpost.Clicks.Classifying;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Copies the database of a running installation.</summary>
internal static class Backup
{
    /// <summary>
    /// Copies a consistent snapshot while the server continues to write. The file gets its name only when it is complete and
    /// checked, and the command ends when the name is on the disk.
    /// </summary>
    public static async Task MakeAsync(SignpostSettings settings, string file, TextWriter output)
    {
        RefuseElsewhere(settings);
        var source = Path.Combine(settings.DataDirectory, "signpost.db");
        if (!File.Exists(source))
            throw new StartException($"There is no database at {Path.GetFullPath(source)}: set SIGNPOST_DATA_DIR.");
        if (File.Exists(file))
            throw new StartException($"{file} exists already; a backup never overwrites.");

        var partial = file + ".partial";
        File.Delete(partial);
        // Nobody else can read the copy while it grows.
        var empty = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            empty.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(partial, empty).Dispose();
        try
        {
            // A copy must not hold the salts, which are deleted each day.
            await Database.CopyAsync(source, partial, forgotten: VisitorSalts.Prefix);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }

        File.Move(partial, file);
        UnixFiles.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        Mark(settings.DataDirectory, output);
        output.WriteLine($"Backed up to {file}, {new FileInfo(file).Length:N0} bytes.");
    }

    /// <summary>Refuses a command about the file of a database when the server uses PostgreSQL.</summary>
    /// <exception cref="StartException">The server uses PostgreSQL.</exception>
    public static void RefuseElsewhere(SignpostSettings settings)
    {
        if (settings.DatabaseAddress is { } address)
            throw new StartException(
                $"The database is {address.Place}: back it up and restore it with the tools of PostgreSQL (docs/postgresql.md)."
            );
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
