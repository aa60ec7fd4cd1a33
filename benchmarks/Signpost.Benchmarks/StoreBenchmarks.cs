using BenchmarkDotNet.Attributes;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.ClickStore.Blocks;
using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>
/// How long it takes to encode and to commit one batch of the ingestor: all clicks on different links of a large table is
/// the worst case.
/// </summary>
[MinColumn, WarmupCount(3), IterationCount(15)]
public class StoreBenchmarks : IDisposable
{
    private const int Links = 1_000_000;
    private const int BatchSize = 2_048;

    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000001");

    private string _directory = "";
    private Database _database = null!;
    private readonly BackgroundLanes _lanes = new(TimeProvider.System);
    private SqliteClickStore _store = null!;
    private ClickBatch _batch = null!;
    private int _batches;

    [Params(100, 1_000_000)]
    public int DifferentLinks { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("signpost-benchmark-").FullName;
        Seed.RunAsync(_directory, Links).GetAwaiter().GetResult();
        _database = new Database(Path.Combine(_directory, "signpost.db"));
        _store = new SqliteClickStore(_database, new RecentClicks(), _lanes);
    }

    [IterationSetup]
    public void Collect()
    {
        var chance = new Random(_batches);
        var clicks = new Click[BatchSize];
        for (var i = 0; i < BatchSize; i++)
            clicks[i] = new(chance.Next(DifferentLinks) + 1, 1, i, ClickKind.Person, 302);
        _batch = new ClickBatch(Position(_batches), Position(++_batches), clicks);
    }

    [Benchmark]
    public bool Append() => _store.AppendAsync(Journal, _batch, CancellationToken.None).GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Dispose()
    {
        _lanes.Dispose();
        _database?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static JournalPosition Position(int batches) => batches == 0 ? JournalPosition.Start : new(batches, 0);
}
