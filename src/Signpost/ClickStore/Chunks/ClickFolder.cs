using System.Runtime.InteropServices;
using System.Threading.Channels;
using Signpost.ClickStore.Blocks;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.ClickStore.Chunks;

/// <summary>
/// Folds: moves the clicks of blocks into each link's own chunks, link by link in slices, each a short transaction that
/// says how far it came. So it can be killed anywhere and goes on where it was.
/// </summary>
internal sealed partial class ClickFolder(
    Database database,
    FreshClicks fresh,
    BackgroundLanes lanes,
    TimeProvider clock,
    ILogger<ClickFolder> logger
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

    /// <summary>How many links are folded in one transaction; adapts itself.</summary>
    internal int LinksAtOnce { get; set; } = 1_024;

    /// <summary>Called after each step that is committed; a test stops there.</summary>
    internal Action AfterStep { get; set; } = static () => { };

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        fresh.WhenDue = () => _due.Writer.TryWrite(true);
        if (IsDue())
            fresh.WhenDue();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Reads the blocks that earlier processes left, before anything is added to them; and again when memory may differ from them.
    /// </summary>
    public Task LoadAsync(CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                fresh.Settle(connection, transaction);
                return true;
            },
            cancel
        );

    /// <summary>Folds all clicks that are stored by now.</summary>
    public async Task FoldAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            // One that was interrupted, and then what came after it began.
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
                if (fresh.IsLost || IsDue())
                    await TryFoldAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is half folded is folded on at the next start.
        }
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(_due.Reader.ReadAsync(round.Token).AsTask(), Task.Delay(Round, clock, round.Token));
        await round.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private async Task TryFoldAsync(CancellationToken cancel)
    {
        try
        {
            if (fresh.IsLost)
                await LoadAsync(cancel);
            if (IsDue())
                await FoldAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            LogFailed(error);
            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancel);
            // Its own failure may have called for the next one: while the disk is full that would go on each second.
            _due.Reader.TryRead(out _);
        }
    }

    private bool IsDue() => fresh.IsDue || IsUnfinished() || HasEarlierDay();

    private bool IsUnfinished() => fresh.Now.Segments is [var first, ..] && first.Block <= fresh.ThroughBlock;

    private bool HasEarlierDay()
    {
        var today = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeSeconds();
        foreach (var segment in fresh.Now.Segments)
            if (segment.Columns.FirstAt < today)
                return true;
        return false;
    }

    private Task<bool> BeginAsync(CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                fresh.Settle(connection, transaction);
                if (fresh.Now.Segments is not [.., var last])
                    return false;

                ClickBlocks.WriteFold(connection, transaction, last.Block, nextLink: 0);
                fresh.Doubt(transaction);
                fresh.Folding(last.Block);
                database.AfterCommit(fresh.Sure, fresh.Lose);
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

    /// <summary>Folds the next links; false: none is left.</summary>
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
                fresh.Settle(connection, transaction);
                // Rows were erased meanwhile: what was made may hold them. It is made again.
                if (fresh.Epoch == slice.Epoch)
                    slice.Write(connection, transaction);
                return true;
            },
            cancel
        );
        Adapt(clock.GetElapsedTime(start));
        return true;
    }

    // Reads and encodes, and keeps nobody from writing meanwhile.
    private FoldSlice? Prepare()
    {
        var epoch = fresh.Epoch;
        using var connection = database.OpenRead();
        using var transaction = connection.BeginTransaction(deferred: true);
        if (ClickBlocks.ReadFold(connection, transaction) is not { NextLink: < ClickBlocks.AllLinks } fold)
            return null;

        var slice = new FoldSlice { Epoch = epoch, ThroughBlock = fold.ThroughBlock };
        var segments = fresh.Now.Segments;
        using var reader = new ChunkReader(connection, transaction);
        var links = 0;
        foreach (var (link, holders) in FreshLinks.From(segments, fold.ThroughBlock, fold.NextLink))
        {
            slice.Add(link, segments, CollectionsMarshal.AsSpan(holders), reader);
            if (++links == LinksAtOnce || slice.Bytes >= EnoughBytes)
                return slice;
        }

        slice.End();
        return slice;
    }

    /// <summary>Drops some blocks that are folded; false: none is left.</summary>
    private Task<bool> DropAsync(CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                fresh.Settle(connection, transaction);
                if (ClickBlocks.ReadFold(connection, transaction) is not { NextLink: ClickBlocks.AllLinks })
                    return false;

                long[] blocks =
                [
                    .. fresh
                        .Now.Segments.Where(segment => segment.Block <= fresh.ThroughBlock)
                        .Select(segment => segment.Block)
                        .Take(BlocksAtOnce),
                ];
                foreach (var block in blocks)
                    ClickBlocks.Remove(connection, transaction, block);
                if (blocks.Length == 0)
                    return false;

                fresh.Doubt(transaction);
                database.AfterCommit(() => fresh.Folded(blocks), fresh.Lose);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Clicks could not be folded; it is tried again")]
    private partial void LogFailed(Exception error);
}
