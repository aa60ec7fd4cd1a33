using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.ClickStore.Blocks;
using Signpost.ClickStore.Chunks;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.FaultTests.Running;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A process that is killed while it compacts, again and again, and must not lose or double a click.</summary>
public sealed class CompactionTests
{
    private const int Links = 3_000;
    private const int Batches = 12;
    private const int BatchSize = 16_000;
    private static readonly int Kills = Rounds.Of(3);

    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000002");

    // A day that is over, but recent enough that its clicks are kept.
    private static readonly long _overSince = TimeProvider.System.GetUtcNow().AddDays(-2).ToUnixTimeSeconds();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task A_compaction_that_is_killed_over_and_over_ends_with_every_click_once()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var chance = new Random(seed);
        await using var home = await Installation.SeededAsync([
            .. Enumerable.Range(1, Links).Select(i => new SeededLink($"link-{i}")),
        ]);
        Dictionary<long, List<ulong>> expected = [];
        await StoreAsync(home, chance, expected);

        // The clicks are of a day that is over, so each start begins to compact, or continues.
        for (var round = 0; round < Kills; round++)
        {
            await using (var server = await RunningServer.StartAsync(home))
            {
                await Patience.PassAsync(TimeSpan.FromMilliseconds(chance.Next(1_500)));
                await server.KillAsync();
            }

            await CheckAsync(home, expected, compactsFirst: false);
        }

        await CheckAsync(home, expected, compactsFirst: true);
    }

    private static async Task StoreAsync(Installation home, Random chance, Dictionary<long, List<ulong>> expected)
    {
        // The server must find the journal that the store knows.
        new JournalDirectory(home.JournalPath).WriteId(Journal);
        await using var database = new Database(home.DatabasePath);
        using var lanes = new BackgroundLanes(TimeProvider.System);
        var store = new SqliteClickStore(database, new RecentClicks(), lanes);
        for (var batch = 0; batch < Batches; batch++)
        {
            var rows = new ClickRow[BatchSize];
            for (var i = 0; i < rows.Length; i++)
            {
                var link = home.Links[chance.Next(Links)].Id;
                rows[i] = PlainClick.On(link, _overSince + batch, (ulong)(batch * BatchSize + i + 1)) with
                {
                    Target = new($"https://example.org/{link}", null),
                };
                if (!expected.TryGetValue(link, out var visitors))
                    expected.Add(link, visitors = []);
                visitors.Add(rows[i].Visitor);
            }

            var clicks = rows.Select(row => new Click(row.LinkId, 1, row.AtSeconds * 1_000, row.Kind, row.Status));
            Assert.True(
                await store.AppendAsync(
                    Journal,
                    new ClickBatch(Position(batch), Position(batch + 1), [.. clicks]) { Rows = rows },
                    Cancel
                )
            );
        }
    }

    private static async Task CheckAsync(Installation home, Dictionary<long, List<ulong>> expected, bool compactsFirst)
    {
        await using var database = new Database(home.DatabasePath);
        var recent = new RecentClicks();
        using var lanes = new BackgroundLanes(TimeProvider.System);
        using var compactor = new ClickCompactor(
            database,
            recent,
            lanes,
            TimeProvider.System,
            NullLogger<ClickCompactor>.Instance
        );
        await compactor.LoadAsync(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{recent.Now.Count} recent, {home.Ask("SELECT count(*) FROM click_chunks")} chunks, "
                + $"at {home.Ask("SELECT next_link FROM click_folds")}"
        );
        if (compactsFirst)
        {
            await compactor.CompactAsync(Cancel);
            Assert.Equal(0, recent.Now.Count);
        }

        using var view = new ClickArchive(database, recent).Open();
        foreach (var (link, visitors) in expected)
        {
            List<ulong> found = [];
            foreach (var piece in view.Read(link, 0, long.MaxValue))
            {
                Assert.Equal(found.Count + 1, piece.FirstOrdinal);
                for (var row = 0; row < piece.Columns.Count; row++)
                    found.Add(piece.Columns.VisitorOf(row));
            }

            Assert.Equal(visitors, found);
        }
    }

    private static JournalPosition Position(int batches) => batches == 0 ? JournalPosition.Start : new(batches, 0);
}
