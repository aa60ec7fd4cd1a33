using System.Threading.Channels;
using Signpost.Storage;

namespace Signpost.Changes.Jobs;

/// <summary>
/// Empties the database's log soon after an erasure, because the log still holds the old pages. It tries again while a reader
/// still needs the log.
/// </summary>
internal sealed partial class TraceErasure(Database database, TimeProvider clock, ILogger<TraceErasure> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _requests = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Asks to empty the log; returns at once.</summary>
    public void Request() => _requests.Writer.TryWrite(true);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // An erasure just before the last process ended may have left its request undone.
        Request();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in _requests.Reader.ReadAllAsync(stoppingToken))
                while (!await TryEmptyAsync(stoppingToken))
                    await Task.Delay(Pause, clock, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; the next start empties the log first.
        }
    }

    private async Task<bool> TryEmptyAsync(CancellationToken cancel)
    {
        try
        {
            return await database.TryEmptyLogAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            LogFailed(error);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database's log could not be emptied; this is tried again")]
    private partial void LogFailed(Exception error);
}
