using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks;
using Signpost.Clicks.Classifying;
using Signpost.ClickStore;
using Signpost.ClickStore.Blocks;
using Signpost.ClickStore.Chunks;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;
using Signpost.Visitors;

namespace Signpost.Benchmarks;

/// <summary>
/// The cost of journaling a browser's request with all facts for statistics, and the speed at which one thread reads it back
/// and classifies it: as many addresses as clicks, 20,000 browsers, 100,000 links.
/// </summary>
internal static class Classification
{
    private const int Agents = 20_000;
    private const int Links = 100_000;
    private const int BatchSize = 32_768;

    public static async Task RunAsync(int clicks)
    {
        var directory = Directory.CreateTempSubdirectory("signpost-benchmark-").FullName;
        try
        {
            using (var bare = Open(Path.Combine(directory, "bare")))
                AppendBare(bare, clicks);
            using var journal = Open(directory);
            Append(journal, clicks);
            await Seed.RunAsync(directory, Links);
            await using var database = new Database(Path.Combine(directory, "signpost.db"));
            for (var round = 0; round < 2; round++)
                Report("read and count", clicks, Read(journal, null, null));
            var settings = SignpostSettings.Read(new ConfigurationBuilder().Build());
            var logger = NullLogger<VisitorSalts>.Instance;
            using var salts = new VisitorSalts(
                database,
                settings,
                TimeProvider.System,
                new(TimeProvider.System),
                logger
            );
            using var places = new GeoDatabase([], TimeProvider.System, NullLogger<GeoDatabase>.Instance);
            using var agents = new AgentReader(TimeProvider.System);
            agents.Load();
            var classifier = new ClickClassifier(
                agents,
                new PlaceFinder(places, settings),
                salts,
                new(database, new()),
                new(database, NullLogger<LinkDestinations>.Instance),
                new(database, () => "http://localhost")
            );
            for (var round = 0; round < 3; round++)
                Report(round == 0 ? "classify, all new" : "classify", clicks, Read(journal, classifier, salts));
            Report("classify and store", clicks, await StoreAsync(journal, classifier, database));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static ClickJournal Open(string directory)
    {
        var settings = new JournalSettings(Path.Combine(directory, "journal"), ClickDurability.Process, "benchmark");
        var journal = new ClickJournal(settings, TimeProvider.System, NullLogger<ClickJournal>.Instance);
        journal.Identify();
        journal.Open(JournalPosition.Start);
        return journal;
    }

    private static void AppendBare(ClickJournal journal, int clicks)
    {
        var cost = Cost.Start();
        for (var i = 0; i < clicks; i++)
            if (!journal.TryAppend(new(i + 1, 1, i, ClickKind.Person, 302)))
                throw new InvalidOperationException("A click was not recorded.");
        Report("append, no facts", clicks, cost.End());
    }

    private static void Append(ClickJournal journal, int clicks)
    {
        var chance = new Random(1);
        string[] browsers = [.. Enumerable.Range(0, Agents).Select(Browser)];
        string[] languages = ["en-US,en;q=0.9", "de-DE,de;q=0.9,en;q=0.8", "fr", "ja,en;q=0.5", "es-MX,es;q=0.9"];
        IPAddress[] addresses =
        [
            .. Enumerable.Range(0, clicks).Select(_ => new IPAddress((uint)chance.Next(1 << 24, int.MaxValue))),
        ];
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var utm = new LinkUtm("news", "mail", null);
        var cost = Cost.Start();
        for (var i = 0; i < clicks; i++)
        {
            var link = (int)((uint)i * 2_654_435_761 % Links);
            var facts = new ClickFacts
            {
                Address = addresses[i],
                Marks = ClickMarks.SentOn,
                Utm = link % 4 == 0 ? utm : null,
                Agent = browsers[(int)(i * 7919L % Agents)],
                Brands = "\"Google Chrome\";v=\"131\", \"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\"",
                Mobile = "?0",
                Platform = "\"Windows\"",
                Languages = languages[i % languages.Length],
                Referrer = i % 2 == 0 ? "https://www.news.example/" : default,
            };
            if (!journal.TryAppend(new(link + 1, 1, now, ClickKind.Person, 302), facts))
                throw new InvalidOperationException("A click was not recorded.");
        }

        Report("append", clicks, cost.End());
        Console.WriteLine($"{"bytes a record", -20}{journal.State.BytesPending / (double)clicks, 10:F0}");
    }

    private static Cost Read(ClickJournal journal, ClickClassifier? classifier, VisitorSalts? salts)
    {
        var reader = new JournalReader(journal);
        var position = JournalPosition.Start;
        var cost = Cost.Start();
        while (true)
        {
            if (reader.Read(position, BatchSize, classifier) is { } batch)
                position = batch.End;
            else if (salts is { IsAwaited: true })
                salts.LoadAwaitedAsync(CancellationToken.None).GetAwaiter().GetResult();
            else
                return cost.End();
        }
    }

    // Includes the compaction, which runs at the same time.
    private static async Task<Cost> StoreAsync(ClickJournal journal, ClickClassifier classifier, Database database)
    {
        var recent = new RecentClicks();
        using var lanes = new BackgroundLanes(TimeProvider.System);
        var store = new SqliteClickStore(database, recent, lanes);
        using var compactor = new ClickCompactor(
            database,
            recent,
            lanes,
            TimeProvider.System,
            NullLogger<ClickCompactor>.Instance
        );
        await compactor.StartAsync(CancellationToken.None);
        var reader = new JournalReader(journal);
        var position = JournalPosition.Start;
        var cost = Cost.Start();
        while (reader.Read(position, BatchSize, classifier) is { } batch)
        {
            await store.ReadyAsync(CancellationToken.None);
            if (!await store.AppendAsync(journal.Id, batch, CancellationToken.None))
                throw new InvalidOperationException("A batch was not stored.");
            position = batch.End;
        }

        cost = cost.End();
        await compactor.StopAsync(CancellationToken.None);
        return cost;
    }

    private static string Browser(int number) =>
        $"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{100 + number % 40}.0."
        + $"{number}.{number % 100} Safari/537.36";

    private static void Report(string what, int clicks, Cost cost) =>
        Console.WriteLine(
            $"{what, -20}{cost.Took.TotalNanoseconds / clicks, 10:F0} ns{clicks / cost.Took.TotalSeconds, 14:F0} a second"
                + $"{cost.Processor.TotalNanoseconds / clicks, 10:F0} ns of processors"
                + $"{cost.Bytes / (double)clicks, 10:F0} bytes allocated"
        );

    /// <summary>Time, processors' time and bytes: from a start, then of what was done since.</summary>
    private readonly record struct Cost(TimeSpan Took, TimeSpan Processor, long Bytes)
    {
        public static Cost Start() =>
            new(
                Stopwatch.GetElapsedTime(0),
                Process.GetCurrentProcess().TotalProcessorTime,
                GC.GetTotalAllocatedBytes(precise: true)
            );

        public Cost End()
        {
            var end = Start();
            return new(end.Took - Took, end.Processor - Processor, end.Bytes - Bytes);
        }
    }
}
