using Signpost.ClickStore.Chunks;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>A year of clicks as they come to rest, up to yesterday, three tenths of them on one link; the same at each run.</summary>
internal static class Year
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
    private static readonly ClickUtm Newsletter = new("newsletter", "email", "autumn");
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
                chance.Next(8) == 0 ? Newsletter : ClickUtm.None,
                Target
            );
        return rows;
    }

    /// <summary>Makes such a data directory; a server that starts on it closes its days.</summary>
    public static async Task MakeAsync(string directory, int count, int links)
    {
        await Seed.RunAsync(directory, links);
        await using var database = new Database(Path.Combine(directory, "signpost.db"));
        var today = Days.Of(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await FillAsync(database, count, links, Days.StartOf(today - YearDays));
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
                connection.Run(
                    transaction,
                    """
                    INSERT INTO link_counts (link_id, kind, count)
                    SELECT id >> 20, $person, sum(count) FROM click_chunks GROUP BY id >> 20
                    """,
                    ("$person", (byte)ClickKind.Person)
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
                List<EncodedChunk> chunks = [];
                foreach (var rows in links)
                    for (var start = 0; start < rows.Length; start += ClickColumns.MostRows)
                    {
                        var part = rows.AsSpan(start, Math.Min(ClickColumns.MostRows, rows.Length - start));
                        var id = ClusterKey.Of(rows[0].LinkId, start / ClickColumns.MostRows);
                        chunks.Add(EncodedChunk.Of(id, start + 1, ClickColumns.Of(part)));
                    }

                ChunkWriter.Write(connection, transaction, [], chunks);
                return true;
            },
            CancellationToken.None
        );

    private static T Rare<T>(T[] from, Random chance)
    {
        var share = chance.NextDouble();
        return from[(int)(share * share * share * from.Length)];
    }
}
