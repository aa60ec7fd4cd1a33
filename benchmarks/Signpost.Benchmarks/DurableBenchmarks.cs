using BenchmarkDotNet.Attributes;
using FASTER.core;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;

namespace Signpost.Benchmarks;

/// <summary>
/// The cost of a click that must be on the disk before its response leaves, with 64 requests at a time: our group commit,
/// and FasterLog's. Time is per click, of all 64 together.
/// </summary>
[MinColumn, WarmupCount(2), IterationCount(8)]
public class DurableBenchmarks : IDisposable
{
    private const int Requests = 64;
    private const int Rounds = 100;

    private string _directory = "";
    private ClickJournal? _journal;
    private FasterLog? _faster;
    private ManagedLocalStorageDevice? _device;
    private volatile bool _over;
    private Thread? _committing;

    [GlobalSetup(Target = nameof(Journal))]
    public void OpenJournal()
    {
        _directory = Directory.CreateTempSubdirectory("signpost-benchmark-").FullName;
        var settings = new JournalSettings(_directory, ClickDurability.Disk, "benchmark");
        _journal = new ClickJournal(settings, TimeProvider.System, NullLogger<ClickJournal>.Instance);
        _journal.Identify();
        _journal.Open(JournalPosition.Start);
    }

    [GlobalSetup(Target = nameof(Faster))]
    public void OpenFaster()
    {
        _directory = Directory.CreateTempSubdirectory("signpost-benchmark-").FullName;
        _device = new ManagedLocalStorageDevice(Path.Combine(_directory, "log"), deleteOnClose: true);
        _faster = new FasterLog(new FasterLogSettings { LogDevice = _device });
        _committing = new Thread(Commit) { IsBackground = true };
        _committing.Start();
    }

    [Benchmark(OperationsPerInvoke = Requests * Rounds, Baseline = true)]
    public Task Journal() => Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => AppendAsync()));

    [Benchmark(OperationsPerInvoke = Requests * Rounds)]
    public Task Faster() => Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => EnqueueAsync()));

    [GlobalCleanup]
    public void Dispose()
    {
        _over = true;
        _committing?.Join();
        _journal?.Dispose();
        _faster?.Dispose();
        _device?.Dispose();
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task AppendAsync()
    {
        await Task.Yield();
        for (var i = 0; i < Rounds; i++)
            if (
                !_journal!.TryAppend(new(i + 1, 1, i, ClickKind.Person, 302), default, out var place)
                || !await _journal.DurableAsync(place)
            )
                throw new InvalidOperationException("A click was not recorded.");
    }

    private async Task EnqueueAsync()
    {
        await Task.Yield();
        var payload = new byte[ClickCodec.ShortestLength];
        for (var i = 0; i < Rounds; i++)
        {
            ClickCodec.Write(new(i + 1, 1, i, ClickKind.Person, 302), default, payload);
            await _faster!.EnqueueAndWaitForCommitAsync(payload);
        }
    }

    private void Commit()
    {
        while (!_over)
            _faster!.Commit(spinWait: true);
    }
}
