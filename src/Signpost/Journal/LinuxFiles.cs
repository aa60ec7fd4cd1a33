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
    private const long Tmpfs = 0x01021994;

    public static bool Works { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>
    /// Whether a block that <see cref="TryAllocate"/> reserved can always be written through a mapping on this file system.
    /// On others a full disk would raise SIGBUS: a file's copy or a snapshot shares its blocks with it, and the next write needs another
    /// block (XFS, btrfs, ZFS, bcachefs, overlays over them); networks and user space promise nothing.
    /// </summary>
    public static bool IsMappable(SafeFileHandle file)
    {
        // struct statfs begins with f_type, one machine word; the rest is not used but needs room.
        Span<long> answer = stackalloc long[32];
        return FStatFs(file, answer) == 0 && answer[0] is Ext or Tmpfs;
    }

    /// <inheritdoc cref="IsMappable(SafeFileHandle)"/>
    public static bool IsMappable(string path)
    {
        Span<long> answer = stackalloc long[32];
        return StatFs(path, answer) == 0 && answer[0] is Ext or Tmpfs;
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

    /// <summary>Whether another file shares some of this file's blocks; false also when the file system cannot tell.</summary>
    public static unsafe bool IsShared(string path)
    {
        const int HeadWords = 4; // struct fiemap: start, length, flags and found, most and nothing
        const int ExtentWords = 7; // struct fiemap_extent: logical, physical, length, 2 unused, flags, unused
        const int FlagsWord = 5;
        const ulong IsSharedFlag = 0x2000;
        const int Most = 64;
        var words = stackalloc ulong[HeadWords + (Most * ExtentWords)];
        new Span<ulong>(words, HeadWords + (Most * ExtentWords)).Clear();
        words[1] = ulong.MaxValue;
        words[3] = Most;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (IoCtl(file, 0xC020660B, words) != 0) // FS_IOC_FIEMAP
            return false;

        for (var extent = 0; extent < (int)(words[2] >> 32); extent++)
            if ((words[HeadWords + (extent * ExtentWords) + FlagsWord] & IsSharedFlag) != 0)
                return true;
        return false;
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

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int IoCtl(SafeFileHandle file, nuint request, ulong* answer);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatFs(string path, Span<long> answer);

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
