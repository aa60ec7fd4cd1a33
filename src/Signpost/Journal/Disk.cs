using Microsoft.Win32.SafeHandles;
using Signpost.Hosting;

namespace Signpost.Journal;

/// <summary>
/// The disk below the journal. A simulator puts one in its place that fails and loses what was not flushed. Each operation may
/// raise <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal interface IDisk
{
    /// <summary>Another one after each start of the machine.</summary>
    Guid BootId { get; }

    void CreateDirectory(string path);

    /// <summary>The paths of the files of a directory whose names end so, in any order.</summary>
    IEnumerable<string> Files(string directory, string ending);

    /// <summary>In bytes; null: there is no such file.</summary>
    long? LengthOf(string path);

    byte[] ReadAll(string path);

    /// <summary>Opens an empty file to read and write. It replaces a file of that name.</summary>
    IDiskFile Create(string path);

    IDiskFile OpenToRead(string path);

    /// <summary>Gives a file another name. It replaces a file of that name.</summary>
    void Move(string from, string to);

    /// <summary>Copies a file; there is none of the other name.</summary>
    void Copy(string from, string to);

    /// <summary>Deletes a file, if there is one.</summary>
    void Delete(string path);

    /// <summary>Makes new, renamed and removed names of a directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>Whether another file shares some of this file's blocks; false also when the file system cannot tell.</summary>
    bool IsShared(string path);
}

/// <summary>An open file of an <see cref="IDisk"/>.</summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>Whether reserved bytes can always be written through a mapping.</summary>
    bool IsMappable { get; }

    /// <summary>Reads some bytes, at least one unless the file ends there; returns their number.</summary>
    int Read(Span<byte> into, long offset);

    void Write(ReadOnlySpan<byte> bytes, long offset);

    void SetLength(long length);

    /// <summary>Reserves the file's first bytes, and makes the file so long; false: this file system cannot.</summary>
    bool TryReserve(long size);

    /// <summary>Maps the file's first bytes for reading and writing; every change is in the file at once.</summary>
    nint Map(int size);

    void Unmap(nint address, int size);

    /// <summary>Waits until the file's bytes are on the disk. If it fails, they may not be, and asking again would not tell.</summary>
    void Sync();
}

/// <summary>The disk of this machine.</summary>
internal sealed class SystemDisk : IDisk
{
    public static readonly SystemDisk Instance = new();

    private SystemDisk() { }

    public Guid BootId
    {
        get
        {
            const string Linux = "/proc/sys/kernel/random/boot_id";
            return File.Exists(Linux) && Guid.TryParse(File.ReadAllText(Linux), out var id) ? id : Guid.NewGuid();
        }
    }

    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public IEnumerable<string> Files(string directory, string ending) =>
        Directory.EnumerateFiles(directory, "*" + ending);

    public long? LengthOf(string path) => new FileInfo(path) is { Exists: true, Length: var length } ? length : null;

    public byte[] ReadAll(string path) => File.ReadAllBytes(path);

    public IDiskFile Create(string path) =>
        new SystemFile(
            File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)
        );

    public IDiskFile OpenToRead(string path) =>
        new SystemFile(
            File.OpenHandle(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                FileOptions.SequentialScan
            )
        );

    public void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public void Copy(string from, string to) => File.Copy(from, to);

    public void Delete(string path) => File.Delete(path);

    public void SyncDirectory(string path) => UnixFiles.SyncDirectory(path);

    public bool IsShared(string path) => LinuxFiles.IsShared(path);

    private sealed class SystemFile(SafeFileHandle file) : IDiskFile
    {
        public bool IsMappable => LinuxFiles.Works && LinuxFiles.IsMappable(file);

        public int Read(Span<byte> into, long offset) => RandomAccess.Read(file, into, offset);

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

        public void SetLength(long length) => RandomAccess.SetLength(file, length);

        public bool TryReserve(long size) => LinuxFiles.Works && LinuxFiles.TryAllocate(file, size);

        public nint Map(int size) => LinuxFiles.Map(file, size);

        public void Unmap(nint address, int size) => LinuxFiles.Unmap(address, size);

        public void Sync()
        {
            if (LinuxFiles.Works)
                LinuxFiles.SyncData(file);
            else
                RandomAccess.FlushToDisk(file);
        }

        public void Dispose() => file.Dispose();
    }
}
