namespace Signpost.Web.Notices;

/// <summary>Renders the pages without input once the server listens, so that neither the start nor a visitor waits.</summary>
internal sealed class PageWarmUp(VisitorPages pages, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = lifetime.ApplicationStarted.Register(started.SetResult);
        // If the server fails to start, this does not run and logs nothing.
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested)
            return;

        await pages.PrepareAsync();
    }
}
