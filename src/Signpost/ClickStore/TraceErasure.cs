using System.Threading.Channels;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>
/// Empties the database's log soon after an erasure: until then it holds pages as they were before. It is tried again while
/// somebody still reads from it.
/// </summary>
internal sealed partial class TraceErasure(Database database, TimeProvider clock, ILogger<TraceErasure> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _requests = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Asks for it; quick.</summary>
    public void Request() => _requests.Writer.TryWrite(true);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Of an erasure just before the last process ended, nobody remembers the request.
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
            // The server stops; the next one begins with it.
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database's log could not be emptied; it is tried again")]
    private partial void LogFailed(Exception error);
}
