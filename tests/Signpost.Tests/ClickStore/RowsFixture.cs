using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.ClickStore.Blocks;
using Signpost.ClickStore.Chunks;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.ClickStore;

/// <summary>The server's click store over the test's own database and clock, and the expected rows.</summary>
internal sealed class RowsFixture : IAsyncDisposable
{
    public const int Links = 40;
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000001");

    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-rows-").FullName;
    private readonly Dictionary<long, List<ClickRow>> _expected = [];
    private int _batches;

    private RowsFixture()
    {
        Database = TestDatabase.Open(_directory);
        Lanes = new BackgroundLanes(TimeProvider.System);
        Boot();
    }

    public ManualClock Clock { get; } = new(Start);
    public Database Database { get; }
    public BackgroundLanes Lanes { get; }
    public RecentClicks Recent { get; private set; } = null!;
    public SqliteClickStore Store { get; private set; } = null!;
    public ClickRanks Ranks { get; private set; } = null!;
    public ClickCompactor Compactor { get; private set; } = null!;
    public ClickArchive Archive { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RowsFixture> MakeAsync()
    {
        var rows = new RowsFixture();
        await Schema.ApplyAsync(rows.Database, Cancel);
        await rows.Database.WriteAsync(SeedAsync, Cancel);
        return rows;
    }

    /// <summary>Starts again from the disk, as another process would.</summary>
    public void Boot()
    {
        Compactor?.Dispose();
        Recent = new RecentClicks();
        Ranks?.Dispose();
        Ranks = new ClickRanks(
            new Slices(Database, new ChangeFeed(), Clock) { Most = 3 },
            Database,
            Clock,
            NullLogger<ClickRanks>.Instance
        );
        Store = new SqliteClickStore(Database, Recent, Lanes);
        Compactor = new ClickCompactor(Database, Recent, Lanes, Clock, NullLogger<ClickCompactor>.Instance);
        Archive = new ClickArchive(Database, Recent);
    }

    /// <summary>Stores a batch, and remembers its rows.</summary>
    public async Task AppendAsync(params IReadOnlyList<ClickRow> rows)
    {
        await StoreAsync(rows);
        foreach (var row in rows)
            if (row.LinkId is > 0 and <= Links)
                Expect(row.LinkId).Add(row);
    }

    /// <summary>Stores a batch.</summary>
    public async Task StoreAsync(IReadOnlyList<ClickRow> rows, IReadOnlyList<OrphanTotal>? orphans = null)
    {
        var clicks = rows.Select(row => new Click(row.LinkId, 1, row.AtSeconds * 1_000, row.Kind, row.Status)).ToList();
        var batch = new ClickBatch(Position(_batches), Position(++_batches), clicks)
        {
            Rows = rows,
            Orphans = orphans ?? [],
        };
        Assert.True(await Store.AppendAsync(Journal, batch, Cancel));
    }

    public List<ClickRow> Expect(long link) => _expected.TryGetValue(link, out var rows) ? rows : _expected[link] = [];

    /// <summary>Some clicks on some links; each has a different visitor.</summary>
    public IReadOnlyList<ClickRow> Some(Random chance, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Row(chance.Next(Links) + 1, chance))];

    public ClickRow Row(long link, Random chance) =>
        new(
            link,
            Clock.GetUtcNow().ToUnixTimeSeconds(),
            (ulong)chance.NextInt64(1, 1L << 48),
            ClickKind.Person,
            302,
            false,
            new("EU", chance.Next(2) == 0 ? "FR" : "DE", null),
            new("Windows", "Firefox", "desktop"),
            "en",
            new("example.org", $"/{chance.Next(30)}"),
            ClickUtm.None,
            new("https://example.org/", null),
            chance.Next(4) == 0 ? "go.example.org" : "localhost"
        );

    /// <summary>Compares all stored rows with all appended rows.</summary>
    public void Check()
    {
        using var view = Archive.Open();
        for (var link = 1; link <= Links; link++)
        {
            Assert.Equal(Expect(link), RowsOf(view.Read(link, 0, long.MaxValue), 1));
            Assert.Equal(
                Expect(link),
                RowsOf(view.ReadBackwards(link, 0, long.MaxValue).OrderBy(piece => piece.FirstOrdinal), 1)
            );
        }

        Assert.Equal(
            _expected.Where(link => link.Value.Count > 0).Select(link => link.Key).Order(),
            view.LinksSince(0)
        );
    }

    /// <summary>Erasure over this store.</summary>
    /// <param name="most">How many rows a slice may touch.</param>
    public ClickErasure Erasure(ClickAge? age = null, int most = 16_384) =>
        new(
            Database,
            Recent,
            new GroupRollups(age ?? new ClickAge(0, new(Clock))),
            new TraceErasure(Database, Clock, NullLogger<TraceErasure>.Instance),
            new LiveFeed(Clock),
            new Slices(Database, new ChangeFeed(), Clock) { Most = most }
        );

    /// <summary>Erases the clicks of links, as their deletion does.</summary>
    public async Task EraseAsync(ClickErasure erasure, params LinkPlace[] links)
    {
        await NoteAsync(links);
        await erasure.EraseAllAsync(Cancel);
    }

    /// <summary>Adds the jobs that erase the clicks of links.</summary>
    public Task NoteAsync(params LinkPlace[] links) =>
        Database.WriteAsync(
            async db =>
            {
                foreach (var link in links)
                    await ClickErasure.NoteAsync(db, link);
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );

    /// <summary>The rows of pieces whose ordinals must follow each other.</summary>
    public static List<ClickRow> RowsOf(IEnumerable<ClickPiece> pieces, long firstOrdinal)
    {
        List<ClickRow> rows = [];
        foreach (var piece in pieces)
        {
            Assert.Equal(firstOrdinal + rows.Count, piece.FirstOrdinal);
            for (var row = 0; row < piece.Columns.Count; row++)
                rows.Add(piece.Columns[row]);
        }

        return rows;
    }

    public long Ask(string sql)
    {
        using var connection = Database.OpenRead();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Compactor.Dispose();
        Ranks.Dispose();
        Lanes.Dispose();
        await TestDatabase.EndAsync(Database, _directory);
    }

    private static JournalPosition Position(int batches) => batches == 0 ? JournalPosition.Start : new(batches, 0);

    private static async Task<int> SeedAsync(SignpostDb db)
    {
        var account = new Account { CreatedAt = 0 };
        db.Add(account);
        await db.SaveChangesAsync(Cancel);
        for (var link = 1; link <= Links; link++)
            db.Add(
                new LinkRow
                {
                    AccountId = account.Id,
                    Alias = $"a{link}",
                    AliasKey = $"a{link}",
                    LocationUrl = "https://example.org/",
                    CreatedAt = 0,
                    UpdatedAt = 0,
                }
            );
        return await db.SaveChangesAsync(Cancel);
    }
}
