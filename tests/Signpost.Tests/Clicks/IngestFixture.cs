using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Changes;
using Signpost.Clicks;
using Signpost.Clicks.Classifying;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Journal;
using Signpost.Visitors;

namespace Signpost.Tests.Clicks;

/// <summary>Journal, counts and ingestor as the server has them, over a store and a clock of the test's.</summary>
internal sealed class IngestFixture : IAsyncDisposable
{
    private readonly Database _database;
    private readonly VisitorSalts _salts;
    private readonly LinkDestinations _destinations;
    private readonly GeoDatabase _places;
    private readonly BackgroundLanes _lanes;
    private ProcessorTime _time;

    public IngestFixture(JournalFixture files, IClickStore store)
    {
        Clock = files.Clock;
        Journal = files.Make();
        Counts = new ClickCounts(store);
        Recorder = new ClickRecorder(Journal, Counts);
        Feed = new LiveFeed(Clock);
        _lanes = new BackgroundLanes(TimeProvider.System) { TimeOfThread = TimeOfThread };
        _database = TestDatabase.Open(files.Root);
        var settings = SignpostSettings.Read(new ConfigurationBuilder().Build());
        _salts = new VisitorSalts(_database, settings, Clock, new(Clock), NullLogger<VisitorSalts>.Instance);
        _destinations = new LinkDestinations(_database, NullLogger<LinkDestinations>.Instance);
        _places = new GeoDatabase([], Clock, NullLogger<GeoDatabase>.Instance);
        Ingestor = new ClickIngestor(
            Journal,
            Counts,
            store,
            new ClickClassifier(
                new AgentReader(Clock),
                new PlaceFinder(_places, settings),
                _salts,
                new LinkOwners(_database, new ChangeFeed()),
                _destinations,
                new ClickHosts(_database, () => "http://localhost")
            ),
            _salts,
            _destinations,
            Feed,
            new Backlog(Journal, files.Settings, Clock),
            _lanes,
            new StoringTrouble(files.Root, Clock, Log.For<StoringTrouble>()),
            Clock,
            Log.For<ClickIngestor>()
        );
    }

    public ManualClock Clock { get; }

    public ClickJournal Journal { get; }

    public ClickCounts Counts { get; }

    public ClickRecorder Recorder { get; }

    public LiveFeed Feed { get; }

    public ClickIngestor Ingestor { get; }

    /// <summary>Whether low-priority threads wait nine times as long for a processor as they have one.</summary>
    public bool IsStarved { get; set; }

    /// <summary>Hears what the ingestor says.</summary>
    public LogLines Log { get; } = new();

    private ProcessorTime TimeOfThread()
    {
        return _time = new(_time.Ran + 1_000_000, _time.Waited + (IsStarved ? 9_000_000 : 0));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task StartAsync()
    {
        await Schema.ApplyAsync(_database, Cancel);
        await Ingestor.StartAsync(Cancel);
    }

    /// <summary>Lets time pass until something holds.</summary>
    public Task UntilAsync(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string what = "") =>
        Clock.UntilAsync(holds, TimeSpan.FromMilliseconds(100), what);

    public async ValueTask DisposeAsync()
    {
        await Ingestor.StopAsync(CancellationToken.None);
        Ingestor.Dispose();
        Journal.Dispose();
        _salts.Dispose();
        _destinations.Dispose();
        _places.Dispose();
        _lanes.Dispose();
        await _database.DisposeAsync();
    }
}
