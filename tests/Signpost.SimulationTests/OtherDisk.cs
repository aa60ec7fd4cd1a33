using Signpost.Journal;

namespace Signpost.SimulationTests;

/// <summary>Passes everything on to a disk. Planted bugs change a part of it.</summary>
internal abstract class OtherDisk(IDisk disk) : IDisk
{
    public Guid BootId => disk.BootId;

    public void CreateDirectory(string path) => disk.CreateDirectory(path);

    public virtual IEnumerable<string> Files(string directory, string ending) => disk.Files(directory, ending);

    public long? LengthOf(string path) => disk.LengthOf(path);

    public byte[] ReadAll(string path) => disk.ReadAll(path);

    public virtual IDiskFile Create(string path) => new OtherFile(this, disk.Create(path), path);

    public IDiskFile OpenToRead(string path) => new OtherFile(this, disk.OpenToRead(path), path);

    public virtual void Move(string from, string to) => disk.Move(from, to);

    public void Copy(string from, string to) => disk.Copy(from, to);

    public virtual void Delete(string path) => disk.Delete(path);

    public virtual void SyncDirectory(string path) => disk.SyncDirectory(path);

    public bool IsShared(string path) => disk.IsShared(path);

    /// <param name="file">The file to flush.</param>
    /// <param name="path">Its name when it was opened.</param>
    protected virtual void Sync(IDiskFile file, string path) => file.Sync();

    private sealed class OtherFile(OtherDisk disk, IDiskFile file, string path) : IDiskFile
    {
        public bool IsMappable => file.IsMappable;

        public int Read(Span<byte> into, long offset) => file.Read(into, offset);

        public void Write(ReadOnlySpan<byte> bytes, long offset) => file.Write(bytes, offset);

        public void SetLength(long length) => file.SetLength(length);

        public bool TryReserve(long size) => file.TryReserve(size);

        public nint Map(int size) => file.Map(size);

        public void Unmap(nint address, int size) => file.Unmap(address, size);

        public void Sync() => disk.Sync(file, path);

        public void Dispose() => file.Dispose();
    }
}
