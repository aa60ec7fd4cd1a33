using System.Runtime.InteropServices;
using System.Threading.Channels;
using Signpost.ClickStore.Blocks;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.ClickStore.Chunks;

/// <summary>
/// Moves the clicks of blocks into each link's own chunks, link by link, in slices. Each slice is a short transaction that also
/// stores the progress. So the process can be killed at any time, and the compaction continues there.
/// </summary>
internal sealed partial class ClickCompactor(
    Database database,
    RecentClicks recent,
    BackgroundLanes lanes,
    TimeProvider clock,
    ILogger<ClickCompactor> logger
) : BackgroundService
{
    private const int BlocksAtOnce = 8;
    private const int MostLinks = 16_384;
    private const int FewestLinks = 64;
    private const int EnoughBytes = 4 << 20;
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(12);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>The number of links compacted in one transaction; it adapts itself.</summary>
    internal int LinksAtOnce { get; set; } = 1_024;

    /// <summary>Called after the commit of each step; a test stops there.</summary>
    internal Action AfterStep { get; set; } = static () => { };

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        recent.WhenDue = () => _due.Writer.TryWrite(true);
        if (IsDue())
            recent.WhenDue();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Reads the blocks that earlier processes left, before clicks are added; and again when memory may differ from them.
    /// </summary>
    public Task LoadAsync(CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                recent.Settle(connection, transaction, database.WriteNumber);
                return true;
            },
            cancel
        );

    /// <summary>Compacts all clicks that are stored by now.</summary>
    public async Task CompactAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            // First an interrupted compaction, then the clicks stored after its start.
            if (IsUnfinished())
                await FinishAsync(cancel);
            if (await BeginAsync(cancel))
                await FinishAsync(cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await WaitAsync(stoppingToken);
                if (recent.IsLost || IsDue())
                    await TryCompactAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; the compaction continues at the next start.
        }
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(_due.Reader.ReadAsync(round.Token).AsTask(), Task.Delay(Round, clock, round.Token));
        await round.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private async Task TryCompactAsync(CancellationToken cancel)
    {
        try
        {
            if (recent.IsLost)
                await LoadAsync(cancel);
            if (IsDue())
                await CompactAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            LogFailed(error);
            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancel);
            // The failure may itself have asked for the next compaction: on a full disk that would repeat every second.
            _due.Reader.TryRead(out _);
        }
    }

    private bool IsDue() => recent.IsDue || IsUnfinished() || HasEarlierDay();

    private bool IsUnfinished() => recent.Now.Segments is [var first, ..] && first.Block <= recent.ThroughBlock;

    private bool HasEarlierDay()
    {
        var today = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeSeconds();
        foreach (var segment in recent.Now.Segments)
            if (segment.Columns.FirstAt < today)
                return true;
        return false;
    }

    private Task<bool> BeginAsync(CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                recent.Settle(connection, transaction, database.WriteNumber);
                if (recent.Now.Segments is not [.., var last])
                    return false;

                ClickBlocks.WriteCompaction(connection, transaction, last.Block, nextLink: 0);
                recent.Doubt(database.WriteNumber);
                recent.Compacting(last.Block);
                database.AfterCommit(recent.Sure, recent.Lose);
                return true;
            },
            cancel
        );

    private async Task FinishAsync(CancellationToken cancel)
    {
        AfterStep();
        while (await SliceAsync(cancel))
            AfterStep();
        while (await DropAsync(cancel))
            AfterStep();
    }

    /// <summary>Compacts the next links; false: none is left.</summary>
    private async Task<bool> SliceAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (await lanes.Upkeep.RunAsync(Prepare) is not { } slice)
            return false;

        var start = clock.GetTimestamp();
        await database.WriteRawAsync(
            (connection, transaction) =>
            {
                start = clock.GetTimestamp();
                recent.Settle(connection, transaction, database.WriteNumber);
                // Rows were erased meanwhile, and the slice may still hold them, so it is made again.
                if (recent.Epoch == slice.Epoch)
                    slice.Write(connection, transaction);
                return true;
            },
            cancel
        );
        Adapt(clock.GetElapsedTime(start));
        return true;
    }

    // Reads and encodes without blocking writers.
    private CompactionSlice? Prepare()
    {
        var epoch = recent.Epoch;
        using var connection = database.OpenOwnRead();
        using var transaction = Database.BeginSnapshot(connection);
        if (ClickBlocks.ReadCompaction(connection, transaction) is not { NextLink: < ClickBlocks.AllLinks } compaction)
            return null;

        var slice = new CompactionSlice { Epoch = epoch, ThroughBlock = compaction.ThroughBlock };
        var segments = recent.Now.Segments;
        var recentLinks = RecentLinks.From(segments, compaction.ThroughBlock, compaction.NextLink);
        using var reader = new ChunkReader(connection, transaction, recentLinks.Select(one => one.Link));
        var links = 0;
        foreach (var (link, holders) in recentLinks)
        {
            slice.Add(link, segments, CollectionsMarshal.AsSpan(holders), reader);
            if (++links == LinksAtOnce || slice.Bytes >= EnoughBytes)
                return slice;
        }

        slice.End();
        return slice;
    }

    /// <summary>Drops some compacted blocks; false: none is left.</summary>
    private Task<bool> DropAsync(CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                recent.Settle(connection, transaction, database.WriteNumber);
                if (ClickBlocks.ReadCompaction(connection, transaction) is not { NextLink: ClickBlocks.AllLinks })
                    return false;

                long[] blocks =
                [
                    .. recent
                        .Now.Segments.Where(segment => segment.Block <= recent.ThroughBlock)
                        .Select(segment => segment.Block)
                        .Take(BlocksAtOnce),
                ];
                foreach (var block in blocks)
                    ClickBlocks.Remove(connection, transaction, block);
                if (blocks.Length == 0)
                    return false;

                recent.Doubt(database.WriteNumber);
                database.AfterCommit(() => recent.Compacted(blocks), recent.Lose);
                return true;
            },
            cancel
        );

    private void Adapt(TimeSpan took)
    {
        if (took > Slow)
            LinksAtOnce = Math.Max(LinksAtOnce / 2, FewestLinks);
        else if (took < Quick)
            LinksAtOnce = Math.Min(LinksAtOnce * 2, MostLinks);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Clicks could not be compacted; the compaction is tried again")]
    private partial void LogFailed(Exception error);
}
