using Signpost.Addressing;

namespace Signpost.Domains;

/// <summary>Checks verified domains regularly while the server runs.</summary>
internal sealed partial class DomainWatch(
    DomainChecks checks,
    DomainDirectory directory,
    CaseRules rules,
    TimeProvider clock,
    ILogger<DomainWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var rounds = new PeriodicTimer(Round, clock);
        try
        {
            while (await rounds.WaitForNextTickAsync(stoppingToken))
                await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            directory.Reload();
            rules.Reload();
            await checks.RunAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            LogFailed(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Domains could not be checked; the next round tries again")]
    private partial void LogFailed(Exception error);
}
