using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Signpost.Hosting;

/// <summary>Calls of Unix for directories and locks that .NET does not offer.</summary>
internal static partial class UnixFiles
{
    private const int ReadWrite = 2;
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockElsewhere = 35;

    private static int CloseOnExecute => OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;

    /// <summary>Opens a file to read and write, or a directory.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle Open(string path)
    {
        var file = OpenFile(path, (Directory.Exists(path) ? 0 : ReadWrite) | CloseOnExecute);
        return file.IsInvalid ? throw Failed($"opening {path}") : file;
    }

    /// <summary>Locks a directory until it is closed; false: another process has locked it.</summary>
    public static bool TryLockDirectory(SafeFileHandle directory)
    {
        const int Exclusively = 2;
        const int AtOnce = 4;
        // Some network file systems know no such lock. Then there is none.
        return FLock(directory, Exclusively | AtOnce) == 0 || !IsHeld(Marshal.GetLastPInvokeError());
    }

    /// <summary>
    /// Locks one byte of a file, far behind its end, until it is closed; false: another process has locked it. Other locks on the
    /// file, such as SQLite's or those of .NET, do not meet this one. Only on Linux.
    /// </summary>
    public static bool TryLockFile(SafeFileHandle file)
    {
        const int SetLockOfOpenFile = 37; // F_OFD_SETLK
        const short ToWrite = 1; // F_WRLCK
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            return true;

        // struct flock: type and whence, start, length, process
        Span<long> range = [ToWrite, 1L << 62, 1, 0];
        return FControl(file, SetLockOfOpenFile, range) == 0 || !IsHeld(Marshal.GetLastPInvokeError());
    }

    /// <summary>The path that an open file has now; null: this system cannot tell.</summary>
    public static string? PathOf(SafeFileHandle file) =>
        OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget : null;

    /// <summary>Makes new, renamed and removed names of a directory durable.</summary>
    /// <exception cref="IOException">They may not be on the disk.</exception>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        using var directory = Open(path);
        if (FSync(directory) != 0)
            throw Failed($"flushing the directory {path}");
    }

    private static bool IsHeld(int error) => error is WouldBlockOnLinux or WouldBlockElsewhere;

    private static IOException Failed(string what) =>
        new($"{what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FControl(SafeFileHandle file, int command, Span<long> argument);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
