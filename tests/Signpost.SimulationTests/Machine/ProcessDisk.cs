using Signpost.Journal;

namespace Signpost.SimulationTests.Machine;

/// <summary>
/// The disk as one process sees it. Each operation may fail, or be the last one: the process is killed before it, in the middle of it
/// or after it.
/// </summary>
internal sealed class ProcessDisk(SimulatedDisk disk, World world) : IDisk
{
    private const int MostPrefix = 4_096;

    /// <summary>One operation in so many kills the process; 0: none.</summary>
    private const int KilledOneIn = 600;

    public bool IsDead { get; set; }

    public Guid BootId => disk.BootId;

    public void CreateDirectory(string path) { }

    public IEnumerable<string> Files(string directory, string ending) =>
        Run(
            DiskOperations.Read,
            "list",
            directory,
            () =>
                disk
                    .Names.Keys.Where(path =>
                        path.StartsWith(directory, StringComparison.Ordinal)
                        && path.EndsWith(ending, StringComparison.Ordinal)
                    )
                    .ToList()
        );

    public long? LengthOf(string path)
    {
        ThrowIfDead();
        return disk.Find(path)?.Length;
    }

    public byte[] ReadAll(string path) => Run(DiskOperations.Read, "read", path, () => Existing(path).Seen.ToArray());

    public IDiskFile Create(string path) =>
        Run(DiskOperations.Open, "create", path, () => new OpenFile(this, disk.Create(path), path));

    public IDiskFile OpenToRead(string path) =>
        Run(DiskOperations.Open, "open", path, () => new OpenFile(this, Existing(path), path));

    public void Move(string from, string to) =>
        Run(DiskOperations.Name, "move", to, () => Do(() => disk.Move(Known(from), to)));

    public void Copy(string from, string to) =>
        Run(
            DiskOperations.Open,
            "copy",
            to,
            () =>
            {
                var bytes = Existing(from).Seen.ToArray();
                Write(disk.Create(to), bytes, 0);
                return 0;
            }
        );

    public void Delete(string path) => Run(DiskOperations.Name, "delete", path, () => Do(() => disk.Delete(path)));

    public void SyncDirectory(string path) =>
        Run(DiskOperations.SyncNames, "sync names", path, () => Do(disk.SyncNames));

    public bool IsShared(string path) => false;

    private static int Do(Action act)
    {
        act();
        return 0;
    }

    private string Known(string path) => disk.Find(path) is null ? throw new FileNotFoundException(path) : path;

    private Inode Existing(string path) => disk.Find(path) ?? throw new FileNotFoundException(path);

    private T Run<T>(DiskOperations operation, string what, string path, Func<T> act)
    {
        Enter(operation, what, path);
        var result = act();
        Leave(what);
        return result;
    }

    private void Enter(DiskOperations operation, string what, string path)
    {
        ThrowIfDead();
        world.Tell($"{what} {Path.GetFileName(path)}");
        if (world.IsQuiet)
            return;
        MayDie($"before {what}");
        if ((disk.Failing & operation) == 0 || !disk.Dice.Chance(disk.FailureRate))
            return;

        world.Tell($"  it fails");
        throw operation is DiskOperations.Open or DiskOperations.Name && disk.Dice.OneIn(4)
            ? new UnauthorizedAccessException("Permission denied")
            : new IOException($"{what}: Input/output error");
    }

    private void Leave(string what)
    {
        if (!world.IsQuiet)
            MayDie($"after {what}");
    }

    private void MayDie(string when)
    {
        if (disk.Dice.OneIn(KilledOneIn))
            world.Die(when);
    }

    private void ThrowIfDead()
    {
        if (IsDead)
            throw new KilledException();
    }

    private void Write(Inode inode, ReadOnlySpan<byte> bytes, int offset)
    {
        var room = Math.Max(inode.Allocated - offset, 0) + Math.Max(disk.Free, 0);
        var some = bytes[..Math.Min(bytes.Length, room)];
        if (offset + some.Length <= Buffers.Size)
            some.CopyTo(inode.Cache.AsSpan(offset));
        inode.Grow(offset + some.Length);
        inode.Allocated = Math.Max(inode.Allocated, offset + some.Length);
        if (some.Length < bytes.Length)
            throw Full();
    }

    private static IOException Full() => new("No space left on device");

    private sealed class OpenFile(ProcessDisk process, Inode inode, string path) : IDiskFile
    {
        private SimulatedDisk Disk => process.Disk;

        public bool IsMappable => Disk.Kind.MayMap;

        public int Read(Span<byte> into, long offset)
        {
            process.Enter(DiskOperations.Read, "read", path);
            var rest = offset < inode.Length ? inode.Seen[(int)offset..] : [];
            var length = Math.Min(rest.Length, into.Length);
            rest[..length].CopyTo(into);
            return length;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            process.Enter(DiskOperations.Write, "write", path);
            if (!process.IsQuiet && Disk.Dice.OneIn(KilledOneIn))
            {
                process.Write(inode, bytes[..Disk.Dice.Below(Math.Min(bytes.Length, MostPrefix))], (int)offset);
                process.Die("in a write");
            }

            process.Write(inode, bytes, (int)offset);
            process.Leave("write");
        }

        public void SetLength(long length) =>
            process.Run(DiskOperations.Write, "cut", path, () => Do(() => SimulatedDisk.SetLength(inode, length)));

        public bool TryReserve(long size)
        {
            process.Enter(DiskOperations.Reserve, "reserve", path);
            if (!Disk.Kind.MayReserve)
                return false;
            if (size - inode.Allocated > Disk.Free)
                throw Full();
            inode.Allocated = Math.Max(inode.Allocated, (int)size);
            inode.Grow((int)size);
            process.Leave("reserve");
            return true;
        }

        public unsafe nint Map(int size)
        {
            process.Enter(DiskOperations.Reserve, "map", path);
            // The memory is pinned.
            fixed (byte* start = inode.Cache)
                return (nint)start;
        }

        public void Unmap(nint address, int size) { }

        public void Sync()
        {
            process.ThrowIfDead();
            var snapshot = inode.Begin();
            try
            {
                process.Enter(DiskOperations.Sync, "sync", path);
                // Others go on meanwhile, unless locks are held: then the file has no name yet.
                if (!path.EndsWith(".new", StringComparison.Ordinal))
                    process.Meanwhile();
            }
            catch (IOException)
            {
                inode.Fail(snapshot, Disk.Dice);
                throw;
            }

            Disk.Sync(inode, snapshot);
            process.Leave("sync");
        }

        public void Dispose() { }
    }

    private SimulatedDisk Disk => disk;

    private bool IsQuiet => world.IsQuiet;

    private void Die(string when) => world.Die(when);

    private void Meanwhile()
    {
        world.Meanwhile();
        ThrowIfDead();
    }
}
