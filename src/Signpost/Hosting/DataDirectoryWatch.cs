namespace Signpost.Hosting;

/// <summary>Logs when the data directory is moved or removed while the server runs, and when it is back.</summary>
internal sealed partial class DataDirectoryWatch(
    DataDirectory directory,
    TimeProvider clock,
    ILogger<DataDirectoryWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        string? before = null;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = directory.Trouble;
            if (now is not null && before is null)
                LogMoved(now);
            if (now is null && before is not null)
                LogBack();
            before = now;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Trouble} Changes are refused until then, and clicks wait")]
    private partial void LogMoved(string trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "The data directory is in its place again")]
    private partial void LogBack();
}
