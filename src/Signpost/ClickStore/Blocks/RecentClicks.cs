using System.Collections.Immutable;
using System.Data.Common;

namespace Signpost.ClickStore.Blocks;

/// <summary>The recent clicks of one moment.</summary>
/// <param name="Segments">In the order of their blocks.</param>
/// <param name="Bytes">The memory that they take at most.</param>
/// <param name="Compactions">The number of compactions that had begun since the start.</param>
internal sealed record RecentList(ImmutableArray<RecentSegment> Segments, int Count, long Bytes, long Compactions)
{
    public static readonly RecentList Empty = new([], 0, 0, 0);
}

/// <summary>
/// Holds the clicks of all blocks in memory, where those of a link are found at once. It changes only under the lock of the
/// one writing connection, after the commit. A reader takes the list of one moment.
/// </summary>
internal sealed class RecentClicks
{
    private readonly Lock _lock = new();
    private volatile RecentList _now = RecentList.Empty;
    private TaskCompletionSource _roomier = New();
    private bool _isDoubtful = true;

    /// <summary>The number of the write whose commit will be in doubt. Inside it nothing is in doubt yet.</summary>
    private long? _doubted;
    private long _epoch;

    /// <summary>With this number of clicks a compaction is due.</summary>
    public int CompactAt { get; set; } = 1_000_000;

    /// <summary>The most clicks. Further clicks wait in the journal until a compaction has made room.</summary>
    public int Most { get; set; } = 2_000_000;

    /// <summary>With this number of bytes a compaction is due: clicks with invented values can need a hundred times the memory.</summary>
    public long CompactAtBytes { get; set; } = 48L << 20;

    /// <summary>As <see cref="Most"/>, in bytes.</summary>
    public long MostBytes { get; set; } = 96L << 20;

    /// <summary>Called when a compaction is due or the blocks must be read again. It must be fast and never throw.</summary>
    public Action WhenDue { get; set; } = static () => { };

    public RecentList Now => _now;

    /// <summary>Whether a compaction is due.</summary>
    public bool IsDue => _now is var now && (now.Count >= CompactAt || now.Bytes >= CompactAtBytes);

    /// <summary>Whether the next writer must read the blocks again.</summary>
    public bool IsLost => _isDoubtful && _doubted is null;

    private bool IsFull => _now is var now && (now.Count >= Most || now.Bytes >= MostBytes);

    /// <summary>Rises whenever stored rows are changed or removed.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>The last block of the running or the last compaction.</summary>
    public long ThroughBlock { get; private set; }

    /// <summary>Waits until there is room for more clicks.</summary>
    public async Task RoomAsync(CancellationToken cancel)
    {
        while (IsFull)
        {
            Task roomier;
            lock (_lock)
                roomier = _roomier.Task;
            if (!IsFull)
                return;
            WhenDue();
            await roomier.WaitAsync(cancel);
        }
    }

    /// <summary>
    /// Says, inside a transaction, that memory and database may differ until the commit is known to have happened. If the result
    /// of the commit is lost, <see cref="Settle"/> reads the blocks again.
    /// </summary>
    /// <param name="write"><see cref="Storage.Database.WriteNumber"/>.</param>
    public void Doubt(long write) => (_isDoubtful, _doubted) = (true, write);

    /// <summary>
    /// Says that memory and database may differ. Calls the compactor, which reads the blocks again, so that readers need not
    /// wait for the next clicks.
    /// </summary>
    public void Lose()
    {
        (_isDoubtful, _doubted) = (true, null);
        WhenDue();
    }

    /// <summary>Says that the commit has happened.</summary>
    public void Sure() => _isDoubtful = false;

    /// <summary>Reads the blocks if needed: at the start, and when the result of a commit is unknown.</summary>
    /// <param name="write"><see cref="Storage.Database.WriteNumber"/>.</param>
    public void Settle(DbConnection connection, DbTransaction transaction, long write)
    {
        if (!_isDoubtful || write == _doubted)
            return;

        ThroughBlock = ClickBlocks.ReadCompaction(connection, transaction)?.ThroughBlock ?? 0;
        Become([.. ClickBlocks.ReadAll(connection, transaction)], _now.Compactions + 1);
        Interlocked.Increment(ref _epoch);
        _isDoubtful = false;
    }

    /// <summary>Adds a block; it replaces the last ones if they were joined to it.</summary>
    public void Added(RecentSegment segment, int joined)
    {
        var segments = _now.Segments;
        Become(segments.RemoveRange(segments.Length - joined, joined).Add(segment), _now.Compactions);
        _isDoubtful = false;
    }

    /// <summary>Notes that a compaction begins, before its commit: a reader of its row must see that the list has changed.</summary>
    public void Compacting(long throughBlock)
    {
        ThroughBlock = throughBlock;
        _now = _now with { Compactions = _now.Compactions + 1 };
    }

    /// <summary>Drops compacted blocks.</summary>
    public void Compacted(IReadOnlyCollection<long> blocks)
    {
        Become(_now.Segments.RemoveAll(segment => blocks.Contains(segment.Block)), _now.Compactions);
        _isDoubtful = false;
    }

    /// <summary>Replaces changed blocks. Notes a change of stored rows even if no block changed.</summary>
    public void Changed(IReadOnlyDictionary<long, RecentSegment> changed)
    {
        if (changed.Count > 0)
            Become(
                [
                    .. _now
                        .Segments.Select(segment => changed.GetValueOrDefault(segment.Block, segment))
                        .Where(segment => segment.Count > 0),
                ],
                _now.Compactions
            );
        Interlocked.Increment(ref _epoch);
        _isDoubtful = false;
    }

    private void Become(ImmutableArray<RecentSegment> segments, long compactions)
    {
        var (count, bytes) = (0, 0L);
        foreach (var segment in segments)
            (count, bytes) = (count + segment.Count, bytes + segment.Columns.Memory);
        _now = new(segments, count, bytes, compactions);
        if (IsDue)
            WhenDue();
        if (IsFull)
            return;

        lock (_lock)
        {
            _roomier.TrySetResult();
            _roomier = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
