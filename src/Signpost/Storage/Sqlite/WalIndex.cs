using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Signpost.Storage.Sqlite;

/// <summary>
/// The index of the write-ahead log (<c>-shm</c>), which SQLite maps into memory. After a copy or a snapshot that shares its blocks,
/// the next write to each page needs a new block, and on btrfs every write. Without one, the system sends SIGBUS, which ends the
/// process. So the blocks are taken soon after each copy, and once more before each write.
/// </summary>
internal sealed partial class WalIndex(string databasePath)
{
    private const int PopulateWrite = 23; // MADV_POPULATE_WRITE, since Linux 5.14
    private const int BadAddress = 14; // EFAULT: a write would raise SIGBUS

    private readonly string _path = databasePath + "-shm";
    private readonly Lock _lock = new();
    private readonly List<(nuint Start, nuint Length)> _mapped = [];
    private long _size = -1;

    /// <summary>
    /// Creates the file, if it is missing, in a way that lets btrfs write in place. Elsewhere this does nothing more.
    /// </summary>
    public void Prepare()
    {
        const int NoCopyOnWrite = 0x00800000; // FS_NOCOW_FL; it needs an empty file
        if (!OperatingSystem.IsLinux() || File.Exists(_path))
            return;

        using var file = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.ReadWrite);
        _ = IoCtl(file, 0x40086602, NoCopyOnWrite); // FS_IOC_SETFLAGS
    }

    /// <summary>Makes each page writable without another block; false: there is no room.</summary>
    public bool TryKeepWritable()
    {
        lock (_lock)
        {
            // SQLite keeps what it has mapped as long as a connection is open, and maps more when the file grows.
            var size = new FileInfo(_path) is { Exists: true, Length: var length } ? length : 0;
            if (size != _size)
                FindMapped();
            _size = size;
            foreach (var (start, bytes) in _mapped)
                if (MAdvise(start, bytes, PopulateWrite) != 0 && Marshal.GetLastPInvokeError() == BadAddress)
                    return false;
            return true;
        }
    }

    private void FindMapped()
    {
        _mapped.Clear();
        var ending = "/" + Path.GetFileName(_path);
        foreach (var line in File.ReadLines("/proc/self/maps"))
            if (line.EndsWith(ending, StringComparison.Ordinal))
                _mapped.Add(RangeOf(line));
    }

    // The line begins with the first address and the one after the last: "7f0c1000-7f0c9000 rw-s …".
    private static (nuint Start, nuint Length) RangeOf(string line)
    {
        var dash = line.IndexOf('-', StringComparison.Ordinal);
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        var start = Address(line.AsSpan(0, dash));
        return (start, Address(line.AsSpan(dash + 1, blank - dash - 1)) - start);
    }

    private static nuint Address(ReadOnlySpan<char> text) =>
        nuint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int IoCtl(SafeFileHandle file, nuint request, in long flags);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int MAdvise(nuint address, nuint length, int advice);
}
