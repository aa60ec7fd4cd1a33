using Signpost.Clicks.Classifying;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Copies the database of a running installation, and restores a copy into a stopped one.</summary>
internal static class Backup
{
    /// <summary>
    /// Copies a consistent snapshot while the server continues to write. The file gets its name only when it is complete and
    /// checked.
    /// </summary>
    public static async Task MakeAsync(SignpostSettings settings, string file, TextWriter output)
    {
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
        output.WriteLine($"Backed up to {file}, {new FileInfo(file).Length:N0} bytes.");
    }

    /// <summary>Replaces the database by a backup. The former files, including the journal, are moved aside, not deleted.</summary>
    public static void Restore(SignpostSettings settings, string file, TimeProvider clock, TextWriter output)
    {
        if (!File.Exists(file))
            throw new StartException($"There is no file {file}.");
        Database.CheckCopy(file);

        using var directory = DataDirectory.Open(settings.DataDirectory);
        var aside = Path.Combine(directory.Path, $"before-restore-{clock.GetUtcNow():yyyyMMddHHmmss}");
        Directory.CreateDirectory(aside);
        Database.MoveAside(directory.DatabasePath, aside);
        if (Directory.Exists(directory.JournalPath))
            Directory.Move(directory.JournalPath, Path.Combine(aside, "journal"));

        var partial = directory.DatabasePath + ".partial";
        File.Copy(file, partial, overwrite: true);
        // The copy takes over the mode of its source.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(partial, directory.DatabasePath);
        output.WriteLine($"Restored {file}. The former files are in {aside}.");
    }
}
