using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Signpost.Journal;

/// <summary>The few system calls of Linux that the journal needs and .NET does not offer. 64-bit only: see <see cref="Works"/>.</summary>
internal static partial class LinuxFiles
{
    private const int ReadWrite = 3;
    private const int Shared = 1;

    private const int Interrupted = 4;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;

    private const long Ext = 0xEF53;
    private const long Xfs = 0x58465342;
    private const long Tmpfs = 0x01021994;

    public static bool Works { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>
    /// Whether a block that <see cref="TryAllocate"/> reserved can always be written through a mapping on this file system.
    /// On others (copy on write, networks, user space) a full disk would raise SIGBUS.
    /// </summary>
    public static bool IsMappable(SafeFileHandle file)
    {
        // struct statfs begins with f_type, one machine word; the rest is not used but needs room.
        Span<long> answer = stackalloc long[32];
        return FStatFs(file, answer) == 0 && answer[0] is Ext or Xfs or Tmpfs;
    }

    /// <summary>Reserves blocks; false: this file system cannot.</summary>
    /// <exception cref="IOException">There is not enough room.</exception>
    public static bool TryAllocate(SafeFileHandle file, long size)
    {
        while (FAllocate(file, 0, 0, size) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is NotSupported or NotImplemented)
                return false;
            if (error != Interrupted)
                throw Failed($"reserving {size} bytes", error);
        }

        return true;
    }

    /// <summary>Maps a file's first bytes for reading and writing; every change is in the file at once.</summary>
    public static nint Map(SafeFileHandle file, int size)
    {
        var address = MMap(0, (nuint)size, ReadWrite, Shared, file, 0);
        return address != -1 ? address : throw Failed("mapping", Marshal.GetLastPInvokeError());
    }

    public static void Unmap(nint address, int size) => _ = MUnmap(address, (nuint)size);

    /// <summary>Waits until the file's bytes are on the disk.</summary>
    /// <exception cref="IOException">They may not be, and asking again would not tell.</exception>
    public static void SyncData(SafeFileHandle file)
    {
        if (FDataSync(file) != 0)
            throw Failed("flushing to disk", Marshal.GetLastPInvokeError());
    }

    private static IOException Failed(string what, int error) => new($"{what}: {new Win32Exception(error).Message}");

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int FStatFs(SafeFileHandle file, Span<long> answer);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MMap(
        nint address,
        nuint length,
        int protection,
        int flags,
        SafeFileHandle file,
        long offset
    );

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int MUnmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);
}
