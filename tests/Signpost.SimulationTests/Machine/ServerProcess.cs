using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Journal;
using Signpost.Testing;

namespace Signpost.SimulationTests.Machine;

/// <summary>One process: the real journal, ingestor and limits, on the simulated disk, store, clock and threads.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A process that is killed disposes of nothing.")]
internal sealed class ServerProcess
{
    public const string Root = "/data/journal";

    private readonly World _world;
    private readonly CancellationTokenSource _stop = new();
    private readonly ServerLog _log;
    private readonly ClickIngestor _ingestor;
    private readonly ClickCounts _counts;
    private readonly ClickRecorder _recorder;
    private Task _moving = Task.CompletedTask;

    public ServerProcess(World world)
    {
        _world = world;
        _log = new ServerLog(world);
        Clock = new ManualClock(world.Now);
        Disk = new ProcessDisk(world.Disk, world);
        IDisk disk = world.Mutant.Around(Disk);
        JournalSettings settings = new(Root, world.Durability, "simulation")
        {
            SegmentSize = world.SegmentSize,
            Reserve = new DiskReserve(Path.GetDirectoryName(Root)!, disk),
            Disk = disk,
            Threads = world.Scheduler,
        };
        var near = world.Surroundings;
        Journal = new ClickJournal(settings, Clock, _log);
        _counts = new ClickCounts(world.Store);
        _recorder = new ClickRecorder(Journal, _counts);
        _ingestor = new ClickIngestor(
            Journal,
            _counts,
            world.Store,
            near.Classifier,
            near.Salts,
            near.Destinations,
            near.Feed,
            new Backlog(Journal, settings, Clock),
            near.Lanes,
            new StoringTrouble(Root, Clock, NullLogger<StoringTrouble>.Instance),
            Clock,
            _log
        );
    }

    public ManualClock Clock { get; }

    public ProcessDisk Disk { get; }

    public ClickJournal Journal { get; }

    /// <summary>Visits that could not be recorded.</summary>
    public int Unrecorded { get; private set; }

    public int Visiting { get; private set; }

    /// <summary>Whether it takes visits.</summary>
    public bool IsServing { get; private set; }

    public async Task StartAsync()
    {
        await _ingestor.OpenAsync(CancellationToken.None);
        _world.Mutant.Opened(Journal, _counts, _world.Store.PositionOf(Journal.Id));
    }

    /// <summary>Begins to move clicks into the store.</summary>
    public void Move()
    {
        IsServing = true;
        _moving = _ingestor.MoveAsync(_stop.Token);
    }

    public async Task StopAsync()
    {
        IsServing = false;
        // Not asynchronously: that would be on another thread.
        _stop.Cancel();
        await _ingestor.CloseAsync(_moving);
        Journal.Dispose();
    }

    /// <summary>All clicks that wait in the journal.</summary>
    public List<Click> Waiting()
    {
        JournalReader reader = new(Journal);
        List<Click> clicks = [];
        for (var from = _world.Store.PositionOf(Journal.Id); reader.Read(from, 100) is { } batch; from = batch.End)
            clicks.AddRange(batch.Clicks);
        return clicks;
    }

    public async Task<long> CountAsync(long link) => (await _counts.ReadAsync([link], CancellationToken.None))[link];

    public long? Used(long link) => _counts.Used(link);

    /// <summary>A visit, as <c>RedirectMiddleware</c> treats it.</summary>
    public async Task VisitAsync(long link, long? limit)
    {
        Visiting++;
        await TryVisitAsync(link, limit);
        Visiting--;
    }

    private async Task TryVisitAsync(long link, long? limit)
    {
        try
        {
            if (limit is not null)
                await _recorder.LoadUsedAsync(link, CancellationToken.None);
        }
        catch (System.Data.Common.DbException)
        {
            _world.Tell($"link {link} is not loaded: 503");
            return;
        }

        var consumed = limit is { } most && _recorder.TryConsume(link, most);
        var isPerson = limit is null || consumed;
        var visit = _world.Ledger.New(link, isPerson);
        Click click = new(
            link,
            visit.Number,
            Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            isPerson ? ClickKind.Person : ClickKind.Limited,
            302
        );
        var torn = _world.BeginTear();
        if (!_recorder.TryRecord(click, consumed, default, out var recorded))
        {
            Unrecorded++;
            _world.Tell($"visit {visit.Number} of link {link} is not recorded");
            return;
        }

        torn?.Invoke();
        _world.Ledger.Record(visit, recorded.Place.Segment.Path, recorded.Place.End);
        _world.Tell($"visit {visit.Number} of link {link} is at {recorded.Place.Segment.Number}:{recorded.Place.End}");
        if (_recorder.IsDurableAtOnce || await _recorder.DurableAsync(recorded))
        {
            _world.Tell($"visit {visit.Number} gets its response");
            _world.Ledger.Answer(visit, limit);
            return;
        }

        Unrecorded++;
        _world.Tell($"visit {visit.Number} gets 503");
    }

    private sealed class ServerLog(World world) : ILogger<ClickJournal>, ILogger<ClickIngestor>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => world.Tells;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => world.Tell($"log: {formatter(state, exception)}");
    }
}
