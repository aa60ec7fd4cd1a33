using System.Data.Common;
using Signpost.Storage;

namespace Signpost.Hosting;

/// <summary>
/// Stores the time that has passed, so that a restart does not make a wrong system's clock right. Logs once when the system's clock jumps, and
/// when it is right again.
/// </summary>
internal sealed partial class ExpiryClockKeeper(
    ExpiryClock expiry,
    Database database,
    TimeProvider clock,
    ILogger<ExpiryClockKeeper> logger
) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private const int LooksUntilStored = 60;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        expiry.Continue(Find());
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is not null)
            await StoreAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var looks = new PeriodicTimer(Look, clock);
        var wasWrong = false;
        for (var look = 0; ; look++)
        {
            if (expiry.Trouble is { } trouble && !wasWrong)
                LogJumped(trouble);
            else if (wasWrong && expiry.Trouble is null)
                LogRight();
            wasWrong = expiry.Trouble is not null;
            if (look % LooksUntilStored == 0)
                await StoreAsync(stoppingToken);
            await looks.WaitForNextTickAsync(stoppingToken);
        }
    }

    private DateTimeOffset? Find()
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(null, "SELECT passed FROM expiry_clock WHERE id = 1");
        return command.ExecuteScalar() is long passed ? DateTimeOffset.FromUnixTimeMilliseconds(passed) : null;
    }

    private async Task StoreAsync(CancellationToken cancel)
    {
        try
        {
            await database.WriteRawAsync(
                (connection, transaction) =>
                    connection.Run(
                        transaction,
                        """
                        INSERT INTO expiry_clock (id, passed) VALUES (1, @passed)
                        ON CONFLICT (id) DO UPDATE SET passed = excluded.passed
                        """,
                        ("@passed", expiry.Passed.ToUnixTimeMilliseconds())
                    ),
                cancel
            );
        }
        catch (Exception error) when (error is DbException or OperationCanceledException)
        {
            // The next start then counts a little more time as time in which the server did not run.
            LogNotStored(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble}")]
    private partial void LogJumped(string trouble);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The system's clock agrees again with the time that has passed"
    )]
    private partial void LogRight();

    [LoggerMessage(Level = LogLevel.Debug, Message = "The time that has passed could not be stored")]
    private partial void LogNotStored(Exception error);
}
