using System.Runtime.InteropServices;

namespace Signpost.Hosting;

/// <summary>The directory with all data of this server, locked against a second process.</summary>
internal sealed partial class DataDirectory : IDisposable
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // The umask of the shell or of the service, before it was changed.
    private static uint? _formerUmask;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public string DatabasePath => System.IO.Path.Combine(Path, "signpost.db");

    public string JournalPath => System.IO.Path.Combine(Path, "journal");

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

        var lockFile = System.IO.Path.Combine(path, "lock");
        try
        {
            // FileShare.None is flock(2) on Unix: the lock ends with the process in any case.
            return new(path, new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StartException($"SIGNPOST_DATA_DIR={path} cannot be written: {error.Message}", error);
        }
        catch (IOException error) when (!IsHeld(error))
        {
            throw new StartException($"The data directory {path} cannot be used: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new StartException(
                $"The data directory {path} is in use by another Signpost process. Stop that one, or set SIGNPOST_DATA_DIR.",
                error
            );
        }
    }

    // EWOULDBLOCK of flock(2) on Linux and elsewhere, and Windows' sharing violation.
    private static bool IsHeld(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);

    public void Dispose() => _lock.Dispose();

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetUmask(uint mask);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The data directory {Path} is open to other users of this machine. Close it: chmod -R go= {Path}"
    )]
    private static partial void LogOpen(ILogger logger, string path);
}
