using Signpost.Hosting;
using Signpost.Journal;

namespace Signpost.Clicks;

/// <summary>Ends the live feed of a stopping server, but not before its listeners were told the last clicks.</summary>
internal sealed class LastClicks(Drain drain, ClickJournal journal, LiveFeed feed) : IHostedService
{
    private const int MostLooks = 50;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        drain.Ended.Register(() => _ = CompleteAsync());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The real time, as for draining.
    private async Task CompleteAsync()
    {
        for (var look = 0; look < MostLooks && journal.State.BytesPending > 0; look++)
            await Task.Delay(Look);
        feed.Complete();
    }
}
