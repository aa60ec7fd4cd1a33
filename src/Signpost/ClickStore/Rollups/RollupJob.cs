using System.Threading.Channels;
using Signpost.Core.Statistics;

namespace Signpost.ClickStore.Rollups;

/// <summary>
/// Closes UTC days that are over, rebuilds the rollups that a change of links left stale, and erases clicks that are too old.
/// It can be killed at any time: a day's rollups are valid only after all of them are written.
/// </summary>
internal sealed partial class RollupJob(DayRollupJob dayJob, TimeProvider clock, ILogger<RollupJob> logger)
    : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _lock = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>The last requested rebuild; null: none since the start.</summary>
    public RollupRebuild? Rebuild { get; private set; }

    /// <summary>Asks for a rebuild of all rollups; returns the running rebuild if there is one.</summary>
    public RollupRebuild RequestRebuild()
    {
        lock (_lock)
        {
            if (Rebuild is not { IsDone: false })
                Rebuild = new RollupRebuild(clock.GetUtcNow());
            _wake.Writer.TryWrite(true);
            return Rebuild;
        }
    }

    /// <summary>Closes all days that are over and not closed yet, rebuilds stale rollups, and erases old clicks.</summary>
    public async Task CloseAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await CloseAllAsync(cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Rebuilds all rollups from the kept clicks, and notes which ones differ.</summary>
    public async Task RebuildAsync(RollupRebuild rebuild, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await CloseAllAsync(cancel);
            var days = dayJob.FindDays(Today(), onlyOpen: false);
            rebuild.Start(days.Count);
            foreach (var day in days)
            {
                await dayJob.EraseInvalidAsync(cancel);
                await dayJob.CloseAsync(day, rebuild, cancel);
                rebuild.DayDone();
            }

            rebuild.End(clock.GetUtcNow(), null);
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
                await TryAsync(stoppingToken);
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; half closed days are closed at the next start.
        }
    }

    private async Task CloseAllAsync(CancellationToken cancel)
    {
        // After an upgrade, stale rollups take hours. Meanwhile erasures, days that end and clicks that become too old have their turn.
        bool isMore;
        do
        {
            foreach (var day in dayJob.FindDays(Today(), onlyOpen: true))
                try
                {
                    await dayJob.EraseInvalidAsync(cancel);
                    await dayJob.CloseAsync(day, null, cancel);
                }
                catch (FormatException error)
                {
                    // This day stays open; the others can still be closed.
                    LogDamaged(error, day);
                }

            await dayJob.EraseInvalidAsync(cancel);
            isMore = await dayJob.RepairAsync(LogDamaged, cancel);
            await dayJob.ExpireAsync(cancel);
        } while (isMore);
    }

    private async Task TryAsync(CancellationToken cancel)
    {
        var rebuild = Rebuild is { IsDone: false } asked ? asked : null;
        try
        {
            if (rebuild is not null)
                await RebuildAsync(rebuild, cancel);
            else
                await CloseAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            LogFailed(error);
            rebuild?.End(
                clock.GetUtcNow(),
                "It failed, and the server's log says why. Rollups that were written hold."
            );
        }
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(_wake.Reader.ReadAsync(round.Token).AsTask(), Task.Delay(Round, clock, round.Token));
        await round.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private int Today() => Days.Of(clock.GetUtcNow().ToUnixTimeSeconds());

    [LoggerMessage(Level = LogLevel.Error, Message = "Days could not be closed; this is tried again")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Clicks of day {Day} since 1970-01-01 are damaged and are not counted"
    )]
    private partial void LogDamaged(Exception error, int day);
}
