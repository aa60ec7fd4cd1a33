using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Changes;
using Signpost.Clicks;
using Signpost.Clicks.Classifying;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Visitors;

namespace Signpost.SimulationTests.Machine;

/// <summary>Parts of the server that classify clicks. The simulated faults do not touch them, so all runs share them.</summary>
internal sealed class Surroundings : IAsyncDisposable
{
    private readonly ManualClock _clock = new();
    private readonly string _root = Directory.CreateTempSubdirectory("signpost-simulation-").FullName;
    private readonly Database _database;
    private readonly GeoDatabase _places;
    private readonly AgentReader _agents;

    private Surroundings()
    {
        _database = new Database(Path.Combine(_root, "signpost.db"));
        _places = new GeoDatabase([], _clock, NullLogger<GeoDatabase>.Instance);
        _agents = new AgentReader(_clock);
        var settings = SignpostSettings.Read(new ConfigurationBuilder().Build());
        Salts = new VisitorSalts(_database, settings, _clock, new(_clock), NullLogger<VisitorSalts>.Instance);
        Destinations = new LinkDestinations(_database, NullLogger<LinkDestinations>.Instance);
        Classifier = new ClickClassifier(
            _agents,
            new PlaceFinder(_places, settings),
            Salts,
            new LinkOwners(_database, new ChangeFeed()),
            Destinations,
            new ClickHosts(_database, () => "http://localhost")
        );
        Feed = new LiveFeed(_clock);
        // Its threads get no work: so few clicks are read on the thread of the run.
        Lanes = new BackgroundLanes(_clock);
    }

    public VisitorSalts Salts { get; }

    public LinkDestinations Destinations { get; }

    public ClickClassifier Classifier { get; }

    public LiveFeed Feed { get; }

    public BackgroundLanes Lanes { get; }

    public Buffers Buffers { get; } = new();

    public static async Task<Surroundings> CreateAsync()
    {
        Surroundings made = new();
        await Schema.ApplyAsync(made._database, CancellationToken.None);
        // The salts look into the database once, and never again on the same day.
        await made.Salts.ForgetAsync(CancellationToken.None);
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        Lanes.Dispose();
        Salts.Dispose();
        Destinations.Dispose();
        _agents.Dispose();
        _places.Dispose();
        await _database.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
