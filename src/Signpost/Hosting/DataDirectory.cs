using System.Runtime.InteropServices;
using Signpost.Storage;

namespace Signpost.Hosting;

/// <summary>
/// The directory with all data of this server. The directory, the database and the journal are locked against a second process,
/// so that they stay locked wherever they are moved.
/// </summary>
internal sealed partial class DataDirectory : IDisposable
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // The umask of the shell or of the service, before it was changed.
    private static uint? _formerUmask;

    private readonly List<IDisposable> _locks = [];

    private DataDirectory(string path) => Path = path;

    public string Path { get; }

    public string DatabasePath => System.IO.Path.Combine(Path, "signpost.db");

    public string JournalPath => System.IO.Path.Combine(Path, "journal");

    // Has the name of the server to which the database was moved.
    private string MoveMark => System.IO.Path.Combine(Path, "moved-to-postgresql");

    private bool HasJournal => Directory.Exists(JournalPath) && Directory.EnumerateFiles(JournalPath).Any();

    /// <summary>The end of the last backup by the command; null: there was none.</summary>
    public DateTimeOffset? LastBackup =>
        new FileInfo(BackupMark(Path)) is { Exists: true } mark ? new(mark.LastWriteTimeUtc) : null;

    /// <summary>The empty file of a data directory whose time is that of the last backup.</summary>
    public static string BackupMark(string path) => System.IO.Path.Combine(path, "last-backup");

    /// <summary>Whether there was no database in it when it was opened.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Says that something was moved or removed while the server runs; null: everything is in its place.</summary>
    public string? Trouble =>
        _locks.OfType<HeldFile>().FirstOrDefault(held => !held.IsInPlace) is { } moved
            ? $"{moved.Path} was moved, removed or replaced. Put it back, or restart the server."
            : null;

    /// <summary>From now on, only the owner can read the files that this process creates.</summary>
    public static void KeepNewFilesPrivate()
    {
        const uint GroupAndOthers = 0b000_111_111;
        if (!OperatingSystem.IsWindows())
            _formerUmask = SetUmask(GroupAndOthers);
    }

    /// <summary>Gives a Unix socket the mode that the former umask gives, because a reverse proxy has to connect to it.</summary>
    public static void OpenSocket(string path)
    {
        const uint ReadAndWrite = 0b110_110_110;
        if (!OperatingSystem.IsWindows() && _formerUmask is { } umask)
            File.SetUnixFileMode(path, (UnixFileMode)(ReadAndWrite & ~umask));
    }

    /// <summary>Warns if other users of this machine can read or change what is in the directory.</summary>
    public void WarnIfOpen(ILogger logger)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(Path) & Others) != 0)
            LogOpen(logger, Path);
    }

    /// <summary>Whether a server uses the directory now: this process works beside it.</summary>
    public bool IsShared { get; private init; }

    /// <summary>As <see cref="Open"/>, but also while a server uses the directory. Then this process locks nothing.</summary>
    /// <exception cref="StartException">It cannot be used, or another process restores a backup in it.</exception>
    public static DataDirectory OpenBeside(string path)
    {
        try
        {
            return Open(path);
        }
        catch (StartException error) when (error.IsInUse && !PendingRestore.IsIn(path))
        {
            return new(System.IO.Path.GetFullPath(path)) { IsShared = true };
        }
    }

    /// <summary>Creates the directory when it is absent, and locks it until disposed or until the process ends.</summary>
    /// <exception cref="StartException">It cannot be used, or another process has it.</exception>
    public static DataDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(
                    path,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"SIGNPOST_DATA_DIR={path} cannot be used: {error.Message}", error);
        }

        var directory = new DataDirectory(path);
        try
        {
            directory.Lock(path);
            PendingRestore.Finish(path);
            directory.LockFiles();
            return directory;
        }
        catch (Exception error)
        {
            directory.Dispose();
            throw error is IOException or UnauthorizedAccessException
                ? new StartException($"The data directory {path} cannot be used: {error.Message}", error)
                : error;
        }
    }

    /// <summary>Locks the database and the journal as soon as they are there.</summary>
    /// <exception cref="StartException">Another process has them.</exception>
    public void LockFiles()
    {
        if (OperatingSystem.IsWindows())
            return;

        foreach (var path in new[] { DatabasePath, JournalPath })
            if (System.IO.Path.Exists(path) && _locks.OfType<HeldFile>().All(held => held.Path != path))
                Lock(path);
    }

    /// <summary>Passes when there is a database, or when everything is new.</summary>
    /// <exception cref="StartException">There is no database, but other files show that there was one; or it was moved to a server.</exception>
    public void RequireDatabase()
    {
        if (File.Exists(MoveMark))
            throw new StartException(
                $"The database {DatabasePath} was moved to {File.ReadAllText(MoveMark)}. Nothing was changed. Set SIGNPOST_DATABASE_URL. To go on with the "
                    + $"database as it was before the move, delete {MoveMark}."
            );
        if (new FileInfo(DatabasePath) is { Exists: true, Length: > 0 })
            return;

        var left = Directory.GetDirectories(Path, "before-restore-*").Order(StringComparer.Ordinal).LastOrDefault();
        if (HasJournal)
            left = JournalPath;
        if (left is not null)
            throw new StartException(
                $"There is no database {DatabasePath}, but there is {left}. Nothing was changed. Put the database back, or "
                    + $"restore a backup with the command 'restore FILE', or move {left} away to begin with an empty database."
            );
        IsNew = true;
    }

    /// <summary>Notes that the database was moved to a server, so that nobody goes on with the file by mistake.</summary>
    /// <param name="place">The server; null: it was not, or a backup was restored since.</param>
    public void MarkMoved(string? place)
    {
        if (place is null)
            File.Delete(MoveMark);
        else
            File.WriteAllText(MoveMark, place);
        if (!OperatingSystem.IsWindows())
            UnixFiles.SyncDirectory(Path);
    }

    /// <summary>
    /// Passes when a database on a server has tables, or when nothing was kept here yet. If a restore was killed, the journal here is
    /// the one that the database knows afterwards.
    /// </summary>
    /// <exception cref="StartException">It is empty, but there is a journal or a database here: those of another one.</exception>
    public void RequireTables(Database database)
    {
        if (!Schema.IsNew(database))
        {
            if (!IsShared && database.IsAlone)
                FinishRestore(database);
            return;
        }

        if (HasJournal || File.Exists(DatabasePath))
            throw new StartException(
                $"{database.Place} is empty, but there is {(File.Exists(DatabasePath) ? DatabasePath : JournalPath)}. Nothing was changed. Move the "
                    + "database with the command 'migrate-database', or correct SIGNPOST_DATABASE_URL, or set another SIGNPOST_DATA_DIR."
            );
        IsNew = true;
    }

    /// <summary>Finishes or forgets a restore of a database on a server.</summary>
    /// <returns>The folder with the former journal; null: there was no restore.</returns>
    public string? FinishRestore(Database database)
    {
        var aside = PendingRestore.FinishOnServer(Path, database.KnowsJournal, TimeProvider.System.GetUtcNow());
        if (aside is null)
            return null;
        // The lock went with the former journal.
        foreach (var former in _locks.OfType<HeldFile>().Where(held => held.Path == JournalPath).ToList())
        {
            _locks.Remove(former);
            former.Dispose();
        }

        LockFiles();
        return aside;
    }

    public void Dispose() => _locks.ForEach(held => held.Dispose());

    private void Lock(string path)
    {
        IDisposable? held = OperatingSystem.IsWindows() ? TryLockOnWindows(path) : HeldFile.TryHold(path);
        _locks.Add(
            held
                ?? throw new StartException(
                    $"The data directory {Path} is in use by another Signpost process. Stop that one, or set SIGNPOST_DATA_DIR."
                )
                {
                    IsInUse = true,
                }
        );
    }

    // Windows refuses to remove a file that is open like this.
    private static FileStream? TryLockOnWindows(string path)
    {
        const int Shared = unchecked((int)0x80070020);
        try
        {
            path = System.IO.Path.Combine(path, "lock");
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.HResult == Shared)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetUmask(uint mask);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The data directory {Path} is open to other users of this machine. Close it: chmod -R go= {Path}"
    )]
    private static partial void LogOpen(ILogger logger, string path);
}
