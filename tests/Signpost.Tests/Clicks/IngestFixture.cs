using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks;
using Signpost.Testing;

namespace Signpost.Tests.Clicks;

/// <summary>Journal, counts and ingestor as the server has them, over a store and a clock of the test's.</summary>
internal sealed class IngestFixture : IAsyncDisposable
{
    public IngestFixture(JournalFixture files, IClickStore store)
    {
        Clock = files.Clock;
        Journal = files.Make();
        Counts = new ClickCounts(store);
        Recorder = new ClickRecorder(Journal, Counts);
        Feed = new LiveFeed(Clock);
        Ingestor = new ClickIngestor(
            Journal,
            Counts,
            store,
            new ClickClassifier(),
            Feed,
            Clock,
            NullLogger<ClickIngestor>.Instance
        );
    }

    public ManualClock Clock { get; }

    public ClickJournal Journal { get; }

    public ClickCounts Counts { get; }

    public ClickRecorder Recorder { get; }

    public LiveFeed Feed { get; }

    public ClickIngestor Ingestor { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task StartAsync() => Ingestor.StartAsync(Cancel);

    /// <summary>Lets time pass until something holds.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            Cancel.ThrowIfCancellationRequested();
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ingestor.StopAsync(CancellationToken.None);
        Ingestor.Dispose();
        Journal.Dispose();
    }
}
