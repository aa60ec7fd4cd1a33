using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Changes;
using Signpost.Clicks;
using Signpost.Clicks.Rows;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Statistics;
using Signpost.Statistics.Rollups;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>How long questions take over a year of clicks, three tenths of them on one link.</summary>
internal static class StatisticsLoad
{
    private const int YearDays = 365;
    private const int Busy = 1;
    private static readonly string[] Countries = "US DE FR GB JP BR IN IT ES CA AU NL SE CH AT PL TR MX AR ZA".Split(
        ' '
    );
    private static readonly ClickPlace[] Places =
    [
        .. Enumerable.Range(0, 1_500).Select(i => new ClickPlace("EU", Countries[i % 20], $"City {i}")),
    ];
    private static readonly ClickAgent[] Agents =
    [
        .. Enumerable
            .Range(0, 60)
            .Select(i => new ClickAgent($"System {i % 6}", $"Browser {i / 6}", i % 3 == 0 ? "mobile" : "desktop")),
    ];
    private static readonly ClickReferrer[] Referrers =
    [
        .. Enumerable.Range(0, 3_000).Select(i => new ClickReferrer($"site{i % 300}.example", $"/articles/{i}")),
    ];
    private static readonly string[] Languages = ["en", "de", "fr", "es", "pt", "ja", "zh", "it"];
    private static readonly ClickTarget Target = new("https://example.org/a/page", null);

    /// <summary>Clicks of a link in the order of time, frequent words and rare ones.</summary>
    public static ClickRow[] Rows(long link, int count, long from, long seconds, Random chance)
    {
        var rows = new ClickRow[count];
        for (var row = 0; row < count; row++)
            rows[row] = new(
                link,
                from + seconds * row / count,
                (ulong)chance.NextInt64(1, 1L << 48),
                chance.Next(12) == 0 ? ClickKind.Robot : ClickKind.Person,
                302,
                chance.Next(20) == 0,
                Rare(Places, chance),
                Rare(Agents, chance),
                Rare(Languages, chance),
                chance.Next(3) == 0 ? ClickReferrer.None : Rare(Referrers, chance),
                ClickUtm.None,
                Target
            );
        return rows;
    }

    /// <summary>Makes such a database, closes its days, asks, and prints what it took.</summary>
    public static async Task RunAsync(int count, int links)
    {
        var directory = Directory.CreateTempSubdirectory("signpost-benchmark-").FullName;
        try
        {
            await Seed.RunAsync(directory, links);
            await using var database = new Database(Path.Combine(directory, "signpost.db"));
            var fresh = new FreshClicks();
            using var folder = new ClickFolder(database, fresh, TimeProvider.System, NullLogger<ClickFolder>.Instance);
            await folder.LoadAsync(CancellationToken.None);
            var today = Days.Of(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            await FillAsync(database, count, links, Days.StartOf(today - YearDays));

            ClickArchive archive = new(database, fresh);
            ClickAge age = new(0, TimeProvider.System);
            using var keeper = new RollupKeeper(
                new DayCloser(database, archive, fresh, age),
                TimeProvider.System,
                NullLogger<RollupKeeper>.Instance
            );
            var watch = Stopwatch.StartNew();
            await keeper.CloseAsync(CancellationToken.None);
            Console.WriteLine(
                $"closed a day in {watch.Elapsed.TotalMilliseconds / YearDays:N0} ms; "
                    + $"{new FileInfo(database.Path).Length >> 20} MB"
            );

            await AppendTodayAsync(database, fresh, count / YearDays, links, today);
            using SqliteStatistics statistics = new(archive, new LinkDirectory(database, new ChangeFeed()));
            await AskAllAsync(statistics, today);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task AskAllAsync(SqliteStatistics statistics, int today)
    {
        StatisticsScope busy = new(ScopeKind.Link, Busy);
        await AskAsync(statistics, "busy link", busy, today, []);
        await AskAsync(statistics, "sparse link", new(ScopeKind.Link, Busy + 77), today, []);
        await AskAsync(statistics, "account", new(ScopeKind.Account, 1), today, []);
        await AskAsync(statistics, "busy link, a filter", busy, today, [new(Dimension.DeviceType, "mobile")]);
        await AskAsync(statistics, "busy link, most", busy, today, [new(Dimension.Trigger, "link")]);
    }

    private static async Task AskAsync(
        SqliteStatistics statistics,
        string name,
        StatisticsScope scope,
        int today,
        IReadOnlyList<ValueFilter> filters
    )
    {
        List<(double Took, string Name)> times = [];
        Random chance = new(1);
        for (var round = 0; round < 5; round++)
            foreach (var dimension in Enum.GetValues<Dimension>().Cast<Dimension?>().Append(null))
            {
                var span = (int[])[1, 7, 30, 90, YearDays];
                // Zones cut UTC days.
                var to = Days.StartOf(today + 1) - 900L * chance.Next(0, 60);
                var days = span[chance.Next(span.Length)];
                StatisticsQuestion question = new(scope, to - (long)days * Days.Seconds, to, filters);
                var watch = Stopwatch.StartNew();
                if (dimension is { } asked)
                    await statistics.CountByValueAsync(question, asked, CancellationToken.None);
                else
                    await statistics.CountByTimeAsync(question, CancellationToken.None);
                // The first round warms up.
                if (round > 0)
                    times.Add((watch.Elapsed.TotalMilliseconds, $"{dimension} over {days} days"));
            }

        times.Sort();
        var p95 = times[times.Count * 95 / 100];
        Console.WriteLine(
            $"{name}: median {times[times.Count / 2].Took:N1} ms, p95 {p95.Took:N1} ms ({p95.Name}), "
                + $"longest {times[^1].Took:N1} ms ({times[^1].Name})"
        );
    }

    private static async Task FillAsync(Database database, int count, int links, long from)
    {
        Random chance = new(1);
        await WriteAsync(database, [Rows(Busy, count * 3 / 10, from, YearDays * 86_400L, chance)]);
        var each = count * 7 / 10 / (links - 1);
        for (var first = Busy + 1; first <= links; first += 500)
        {
            List<ClickRow[]> some = [];
            for (var link = first; link < first + 500 && link <= links; link++)
                some.Add(Rows(link, each, from + link % 86_400, YearDays * 86_400L - 86_400, chance));
            await WriteAsync(database, some);
        }

        await database.WriteRawAsync(
            (connection, transaction) =>
            {
                for (var day = 0; day < YearDays; day++)
                    connection.Run(
                        transaction,
                        "INSERT INTO click_days (day, revision, rolled_revision) VALUES ($day, 1, 0)",
                        ("$day", Days.Of(from) + day)
                    );
                return true;
            },
            CancellationToken.None
        );
    }

    private static Task<bool> WriteAsync(Database database, List<ClickRow[]> links) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                using ChunkWriter writer = new(connection, transaction);
                foreach (var rows in links)
                    for (var start = 0; start < rows.Length; start += ClickColumns.MostRows)
                    {
                        var part = rows.AsSpan(start, Math.Min(ClickColumns.MostRows, rows.Length - start));
                        var id = ClusterKey.Of(rows[0].LinkId, start / ClickColumns.MostRows);
                        writer.Write(EncodedChunk.Of(id, start + 1, ClickColumns.Of(part)));
                    }

                return true;
            },
            CancellationToken.None
        );

    private static async Task AppendTodayAsync(Database database, FreshClicks fresh, int count, int links, int today)
    {
        Random chance = new(2);
        SqliteClickStore store = new(database, fresh, new ClickRanking(database, TimeProvider.System));
        var journal = new Guid("0190a0b1-0000-7000-8000-000000000001");
        for (var batch = 0; batch * 1_000 < count; batch++)
        {
            var rows = Rows(1, 1_000, Days.StartOf(today) + batch * 60, 60, chance);
            for (var row = 0; row < rows.Length; row++)
                rows[row] = rows[row] with { LinkId = chance.Next(10) < 3 ? Busy : chance.Next(links) + 1 };
            await store.AppendAsync(
                journal,
                new ClickBatch(new(0, batch), new(0, batch + 1), []) { Rows = rows },
                CancellationToken.None
            );
        }
    }

    private static T Rare<T>(T[] from, Random chance)
    {
        var share = chance.NextDouble();
        return from[(int)(share * share * share * from.Length)];
    }
}
