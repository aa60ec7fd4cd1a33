using BenchmarkDotNet.Attributes;
using FASTER.core;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;

namespace Signpost.Benchmarks;

/// <summary>
/// The cost of one click for the redirect that records it, with one writer and with two: our journal, mapped and by
/// calls, and FasterLog as the alternative (docs/adr/0001-click-journal.md). Time is per click.
/// </summary>
[MinColumn, WarmupCount(3), IterationCount(10)]
public class JournalBenchmarks : IDisposable
{
    private const int Clicks = 1_000_000;

    private string _directory = "";
    private ClickJournal _journal = null!;
    private ClickRecorder _recorder = null!;
    private FasterLog _faster = null!;
    private ManagedLocalStorageDevice _device = null!;

    [Params(1, 2)]
    public int Writers { get; set; }

    [IterationSetup]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("signpost-benchmark-").FullName;
    }

    [IterationSetup(Targets = [nameof(Mapped), nameof(Recorded)])]
    public void OpenMapped() => OpenJournal(mapped: true);

    [IterationSetup(Target = nameof(ByCalls))]
    public void OpenByCalls() => OpenJournal(mapped: false);

    [IterationSetup(Target = nameof(Faster))]
    public void OpenFaster()
    {
        Open();
        _device = new ManagedLocalStorageDevice(Path.Combine(_directory, "log"), deleteOnClose: true);
        _faster = new FasterLog(
            new FasterLogSettings
            {
                LogDevice = _device,
                PageSizeBits = 20,
                MemorySizeBits = 25,
            }
        );
    }

    [Benchmark(OperationsPerInvoke = Clicks, Baseline = true)]
    public void Mapped() => Run(Append);

    [Benchmark(OperationsPerInvoke = Clicks)]
    public void Recorded() => Run(Record);

    [Benchmark(OperationsPerInvoke = Clicks)]
    public void ByCalls() => Run(Append);

    /// <summary>Only into FasterLog's memory: a killed process still loses what it has not committed.</summary>
    [Benchmark(OperationsPerInvoke = Clicks)]
    public void Faster() => Run(Enqueue);

    [IterationCleanup]
    public void Dispose()
    {
        _journal?.Dispose();
        _faster?.Dispose();
        _device?.Dispose();
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    private void OpenJournal(bool mapped)
    {
        Open();
        var settings = new JournalSettings(_directory, ClickDurability.Process, "benchmark") { MapsSegments = mapped };
        _journal = new ClickJournal(settings, TimeProvider.System, NullLogger<ClickJournal>.Instance);
        _journal.Identify();
        _journal.Open(JournalPosition.Start);
        _recorder = new ClickRecorder(_journal, new ClickCounts(null!));
    }

    private void Run(Action<int> write)
    {
        if (Writers == 1)
        {
            write(Clicks);
            return;
        }

        Thread[] threads = [.. Enumerable.Range(0, Writers).Select(_ => new Thread(() => write(Clicks / Writers)))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }

    private void Append(int clicks)
    {
        for (var i = 0; i < clicks; i++)
            if (!_journal.TryAppend(Click(i)))
                throw new InvalidOperationException("A click was not recorded.");
    }

    private void Record(int clicks)
    {
        for (var i = 0; i < clicks; i++)
            if (!_recorder.TryRecord(Click(i), consumed: false))
                throw new InvalidOperationException("A click was not recorded.");
    }

    private void Enqueue(int clicks)
    {
        Span<byte> payload = stackalloc byte[ClickCodec.ShortestLength];
        for (var i = 0; i < clicks; i++)
        {
            ClickCodec.Write(Click(i), default, payload);
            _faster.Enqueue(payload);
        }
    }

    // Ten thousand links, as in the load tests.
    private static Click Click(int i) => new((i * 7919 % 10_000) + 1, 1, 1_700_000_000_000 + i, ClickKind.Person, 302);
}
