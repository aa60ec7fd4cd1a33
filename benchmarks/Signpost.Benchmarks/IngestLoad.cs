using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks;
using Signpost.Clicks.Rows;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>How many clicks a second come to rest, folding included, and what they take on the disk.</summary>
internal static class IngestLoad
{
    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000001");

    /// <summary>Stores clicks as fast as it goes, three tenths of them on one link, and prints what it took.</summary>
    public static async Task RunAsync(int count, int links, int batchSize)
    {
        var directory = Directory.CreateTempSubdirectory("signpost-benchmark-").FullName;
        try
        {
            await Seed.RunAsync(directory, links);
            await using var database = new Database(Path.Combine(directory, "signpost.db"));
            var before = new FileInfo(database.Path).Length;
            var fresh = new FreshClicks();
            var store = new SqliteClickStore(database, fresh, new ClickRanking(database, TimeProvider.System));
            using var folder = new ClickFolder(database, fresh, TimeProvider.System, NullLogger<ClickFolder>.Instance);
            await folder.StartAsync(CancellationToken.None);

            var made = new MadeClicks(links);
            var watch = Stopwatch.StartNew();
            var making = TimeSpan.Zero;
            var longest = TimeSpan.Zero;
            for (var (stored, number) = (0, 0); stored < count; stored += batchSize, number++)
            {
                var start = watch.Elapsed;
                var batch = made.Next(number, batchSize);
                making += watch.Elapsed - start;
                await store.ReadyAsync(CancellationToken.None);
                start = watch.Elapsed;
                await store.AppendAsync(Journal, batch, CancellationToken.None);
                longest = watch.Elapsed - start > longest ? watch.Elapsed - start : longest;
            }

            var took = watch.Elapsed - making;
            await folder.FoldAsync(CancellationToken.None);
            var all = watch.Elapsed - making;
            while (!await database.TryEmptyLogAsync(CancellationToken.None)) { }
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(
                $"{count / took.TotalSeconds:N0} clicks/s, {count / all.TotalSeconds:N0} with the last fold, "
                    + $"longest batch {longest.TotalMilliseconds:N0} ms, "
                    + $"{(new FileInfo(database.Path).Length - before) / (double)count:N1} bytes a click, "
                    + $"peak {process.PeakWorkingSet64 >> 20} MB, processor {process.TotalProcessorTime.TotalSeconds:N1} s of {all.TotalSeconds:N1} s"
            );
            await folder.StopAsync(CancellationToken.None);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Clicks as people make them: few words again and again, many pages that link, and every visitor another.</summary>
    private sealed class MadeClicks(int links)
    {
        private readonly Random _chance = new(1);
        private readonly ClickPlace[] _places =
        [
            .. Enumerable.Range(0, 1_500).Select(i => new ClickPlace("EU", $"C{i % 90}", $"City {i}")),
        ];
        private readonly ClickAgent[] _agents =
        [
            .. Enumerable.Range(0, 60).Select(i => new ClickAgent($"System {i % 6}", $"Browser {i / 6}", "desktop")),
        ];
        private readonly ClickReferrer[] _referrers =
        [
            .. Enumerable.Range(0, 3_000).Select(i => new ClickReferrer($"site{i % 300}.example", $"/articles/{i}")),
        ];
        private readonly string[] _languages = ["en", "de", "fr", "es", "pt", "ja", "zh", "it"];
        private readonly ClickUtm[] _utms =
        [
            .. Enumerable.Range(0, 40).Select(i => new ClickUtm("newsletter", "email", $"campaign-{i}")),
        ];
        private readonly ClickTarget[] _targets =
        [
            .. Enumerable.Range(0, links + 1).Select(i => new ClickTarget(Seed.Address(i), null)),
        ];

        private long _at = 1_767_225_600_000;

        public ClickBatch Next(int number, int count)
        {
            var rows = new ClickRow[count];
            var clicks = new Click[count];
            for (var i = 0; i < count; i++)
            {
                _at += _chance.Next(3);
                var link = _chance.Next(10) < 3 ? 1 : _chance.Next(links) + 1;
                var kind = _chance.Next(20) == 0 ? ClickKind.Robot : ClickKind.Person;
                clicks[i] = new(link, 1, _at, kind, 302);
                rows[i] = new(
                    link,
                    _at / 1_000,
                    (ulong)_chance.NextInt64(1L << 48),
                    kind,
                    302,
                    false,
                    Often(_places),
                    Often(_agents),
                    Often(_languages),
                    _chance.Next(3) == 0 ? Often(_referrers) : ClickReferrer.None,
                    _chance.Next(8) == 0 ? Often(_utms) : ClickUtm.None,
                    _targets[link]
                );
            }

            return new(Position(number), Position(number + 1), clicks) { Rows = rows };
        }

        // Some far more often than others.
        private T Often<T>(T[] all)
        {
            var chance = _chance.NextDouble();
            return all[(int)(chance * chance * chance * all.Length)];
        }

        private static JournalPosition Position(int number) => number == 0 ? JournalPosition.Start : new(number, 0);
    }
}
