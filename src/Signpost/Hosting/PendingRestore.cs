using System.Globalization;

namespace Signpost.Hosting;

/// <summary>
/// The new database and journal of a restore, in a folder of the data directory. One rename decides: before it the former files
/// count, after it the new ones. If the process is killed after it, the next one moves the files to their places.
/// </summary>
/// <remarks>
/// If the database is on a server, its commit decides: from then on it knows the new journal, whose id is in the name of the folder.
/// </remarks>
internal static class PendingRestore
{
    private const string Decided = "restore-";
    private const string Undecided = "restore.partial";
    private const string OnServer = "restore.on-server-";
    private const string Database = "signpost.db";
    private const string Journal = "journal";

    /// <summary>Tells whether a restore has begun.</summary>
    public static bool IsIn(string root) =>
        Directory.Exists(Path.Combine(root, Undecided))
        || Directory.GetDirectories(root, Decided + "*").Length > 0
        || Directory.GetDirectories(root, OnServer + "*").Length > 0;

    /// <summary>Makes an empty folder for the new files.</summary>
    public static string Begin(string root)
    {
        RemoveUndecided(root);
        return Directory.CreateDirectory(Path.Combine(root, Undecided)).FullName;
    }

    /// <summary>Makes an empty folder for a new journal, and for a copy of the backup, whose rows a server is given.</summary>
    /// <param name="journal">The id of the new journal.</param>
    public static string BeginOnServer(string root, Guid journal) =>
        Directory.CreateDirectory(Path.Combine(root, $"{OnServer}{journal}")).FullName;

    /// <summary>
    /// If the database on the server was restored, moves the new journal to its place, and the former one aside. Otherwise forgets the
    /// new one.
    /// </summary>
    /// <param name="knows">Whether the database knows a journal.</param>
    /// <returns>The folder with the former journal; null: nothing was moved.</returns>
    public static string? FinishOnServer(string root, Func<Guid, bool> knows, DateTimeOffset now)
    {
        string? aside = null;
        foreach (var folder in Directory.GetDirectories(root, OnServer + "*"))
            if (Guid.TryParse(Path.GetFileName(folder)[OnServer.Length..], out var journal) && knows(journal))
            {
                // The server has its rows.
                foreach (var copy in Directory.GetFiles(folder))
                    File.Delete(copy);
                Decide(root, Path.GetFileName(folder), now);
                aside = Finish(root);
            }
            else
                Directory.Delete(folder, recursive: true);

        return aside;
    }

    /// <summary>From now on the new files count.</summary>
    public static void Decide(string root, DateTimeOffset now) => Decide(root, Undecided, now);

    private static void Decide(string root, string folder, DateTimeOffset now)
    {
        var time = now.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var name = Decided + time;
        for (var number = 2; Directory.Exists(Path.Combine(root, "before-" + name)); number++)
            name = $"{Decided}{time}-{number}";
        Directory.Move(Path.Combine(root, folder), Path.Combine(root, name));
        if (!OperatingSystem.IsWindows())
            UnixFiles.SyncDirectory(root);
    }

    /// <summary>Moves new files to their places, and the former ones aside. It can be killed anywhere and run again.</summary>
    /// <returns>The folder with the former files; null: no restore was pending.</returns>
    public static string? Finish(string root)
    {
        RemoveUndecided(root);
        string? aside = null;
        foreach (var folder in Directory.GetDirectories(root, Decided + "*"))
        {
            aside = Path.Combine(root, "before-" + Path.GetFileName(folder));
            Directory.CreateDirectory(aside);
            ExchangeJournal(root, folder, aside);
            ExchangeDatabase(root, folder, aside);
            if (!OperatingSystem.IsWindows())
            {
                UnixFiles.SyncDirectory(aside);
                UnixFiles.SyncDirectory(root);
            }

            Directory.Delete(folder, recursive: true);
        }

        return aside;
    }

    // As long as the new one is in the folder, the other one is the former one.
    private static void ExchangeJournal(string root, string folder, string aside)
    {
        var (coming, here) = (Path.Combine(folder, Journal), Path.Combine(root, Journal));
        if (!Directory.Exists(coming))
            return;

        if (Directory.Exists(here))
            Directory.Move(here, Path.Combine(aside, Journal));
        Directory.Move(coming, here);
    }

    private static void ExchangeDatabase(string root, string folder, string aside)
    {
        var (coming, here) = (Path.Combine(folder, Database), Path.Combine(root, Database));
        if (!File.Exists(coming))
            return;

        Storage.Database.MoveAside(here, aside);
        File.Move(coming, here);
    }

    private static void RemoveUndecided(string root)
    {
        var folder = Path.Combine(root, Undecided);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
