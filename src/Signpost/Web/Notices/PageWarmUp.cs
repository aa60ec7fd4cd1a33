namespace Signpost.Web.Notices;

/// <summary>Renders the pages that have no input once the server listens: start-up does not wait, and no visitor either.</summary>
internal sealed class PageWarmUp(VisitorPages pages, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = lifetime.ApplicationStarted.Register(started.SetResult);
        // A server that fails to start never gets there, and is no reason to complain of pages.
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested)
            return;

        await pages.PrepareAsync();
    }
}
