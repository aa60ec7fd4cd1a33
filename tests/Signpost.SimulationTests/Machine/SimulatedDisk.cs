using Signpost.Journal;

namespace Signpost.SimulationTests.Machine;

/// <summary>An operation of a disk that may fail.</summary>
[Flags]
internal enum DiskOperations
{
    None = 0,
    Open = 1,
    Read = 2,
    Write = 4,
    Sync = 8,
    Name = 16,
    SyncNames = 32,
    Reserve = 64,
    All = 127,
}

/// <summary>The kind of disk and file system in a run.</summary>
/// <param name="MayMap">As on ext4; else each write is a call.</param>
/// <param name="MayReserve">Whether blocks can be reserved.</param>
internal sealed record DiskKind(bool MayMap, bool MayReserve);

/// <summary>
/// A disk that outlives processes. It fails as it is told, becomes full, and loses at a power cut what was not flushed: each page
/// and each name by itself.
/// </summary>
internal sealed class SimulatedDisk(DiskKind kind, Dice dice, Buffers buffers)
{
    private const int Capacity = DiskReserve.Size + (1 << 20);

    private readonly List<Action<Dictionary<string, Inode>>> _pending = [];
    private Dictionary<string, Inode> _names = [];
    private Dictionary<string, Inode> _durableNames = [];

    public DiskKind Kind => kind;

    public Dice Dice => dice;

    public Guid BootId { get; private set; } = new(1, 0, 0, new byte[8]);

    /// <summary>Bytes that other programs take.</summary>
    public int Foreign { get; set; }

    public int Free
    {
        get
        {
            var free = Capacity - Foreign;
            foreach (var inode in _names.Values)
                free -= inode.Allocated;
            return free;
        }
    }

    /// <summary>The operations that fail, each with <see cref="FailureRate"/>.</summary>
    public DiskOperations Failing { get; set; }

    public double FailureRate { get; set; }

    /// <summary>Flushes say that they succeeded, and do nothing.</summary>
    public bool IsLying { get; set; }

    /// <summary>Whether a flush has ever lied.</summary>
    public bool HasLied { get; private set; }

    public IReadOnlyDictionary<string, Inode> Names => _names;

    /// <summary>The names that no power cut takes away.</summary>
    public IReadOnlyDictionary<string, Inode> DurableNames => _durableNames;

    public Inode? Find(string path) => _names.GetValueOrDefault(path);

    public Inode Create(string path)
    {
        // As with O_TRUNC: a file of that name stays the same file.
        if (Find(path) is { } former)
        {
            SetLength(former, 0);
            former.Allocated = 0;
            return former;
        }

        Inode inode = new(buffers);
        Change(names => names[path] = inode);
        return inode;
    }

    public void Move(string from, string to)
    {
        var inode = _names[from];
        Change(names =>
        {
            names.Remove(from);
            names[to] = inode;
        });
    }

    public void Delete(string path) => Change(names => names.Remove(path));

    public void SyncNames()
    {
        if (IsLying)
        {
            HasLied = true;
            return;
        }

        _durableNames = new(_names);
        _pending.Clear();
    }

    public void Sync(Inode inode, Inode.Snapshot snapshot)
    {
        if (IsLying)
            HasLied = true;
        else
            inode.Complete(snapshot);
    }

    public static void SetLength(Inode inode, long length)
    {
        if (length < inode.Length)
            inode.Cut((int)length);
        inode.Grow((int)length);
        inode.Allocated = Math.Min(inode.Allocated, (int)length);
    }

    /// <summary>The process is gone; all that it wrote stays.</summary>
    public void Kill()
    {
        foreach (var inode in Inodes())
            inode.Detach();
    }

    /// <summary>The machine is gone, and starts again.</summary>
    public void CutPower()
    {
        foreach (var inode in Inodes())
            inode.CutPower(dice);
        var inOrder = dice.OneIn(2);
        foreach (var change in _pending)
            if (dice.OneIn(2))
                change(_durableNames);
            else if (inOrder)
                break;
        _names = new(_durableNames);
        // A deleted file that is there again and an unfinished one may have had the same blocks.
        if (Free < 0)
            foreach (var path in _names.Keys.Where(path => path.EndsWith(".new", StringComparison.Ordinal)).ToList())
                Delete(path);
        _durableNames = new(_names);
        _pending.Clear();
        BootId = new(dice.Between(2, int.MaxValue - 1), 0, 0, new byte[8]);
    }

    private IEnumerable<Inode> Inodes() => _names.Values.Concat(_durableNames.Values).Distinct();

    private void Change(Action<Dictionary<string, Inode>> change)
    {
        change(_names);
        _pending.Add(change);
    }
}
