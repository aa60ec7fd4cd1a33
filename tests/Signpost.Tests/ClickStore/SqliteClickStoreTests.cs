using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.ClickStore.Blocks;
using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Journal;

namespace Signpost.Tests.ClickStore;

public sealed class SqliteClickStoreTests : IAsyncLifetime
{
    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000001");

    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-store-").FullName;
    private readonly Database _database;
    private readonly BackgroundLanes _lanes = new(TimeProvider.System);
    private readonly SqliteClickStore _store;

    public SqliteClickStoreTests()
    {
        _database = TestDatabase.Open(_directory);
        _store = new SqliteClickStore(_database, new RecentClicks(), _lanes);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Schema.ApplyAsync(_database, Cancel);
        await _database.WriteAsync(
            async db =>
            {
                var account = new Account { CreatedAt = 0 };
                db.Add(account);
                await db.SaveChangesAsync(Cancel);
                foreach (var alias in (string[])["one", "two"])
                    db.Add(
                        new LinkRow
                        {
                            AccountId = account.Id,
                            Alias = alias,
                            AliasKey = alias,
                            LocationUrl = "https://example.org/",
                            CreatedAt = 0,
                            UpdatedAt = 0,
                        }
                    );
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
    }

    [Fact]
    public async Task Counts_grow_by_kind_and_go_with_the_position()
    {
        Assert.True(await _store.AppendAsync(Journal, Batch(0, 10, Person(1), Person(1), Robot(1), Person(2)), Cancel));
        Assert.True(await _store.AppendAsync(Journal, Batch(10, 20, Person(1), Robot(2)), Cancel));

        var stored = await _store.ReadClicksAsync(Journal, [1, 2, 3], Cancel);
        Assert.Equal(new JournalPosition(1, 20), stored.Position);
        Assert.Equal(3, stored.ByLink[1]);
        Assert.Equal(1, stored.ByLink[2]);
        Assert.False(stored.ByLink.ContainsKey(3));
    }

    [Fact]
    public async Task A_batch_offered_again_or_out_of_turn_changes_nothing()
    {
        var first = Batch(0, 10, Person(1));
        Assert.True(await _store.AppendAsync(Journal, first, Cancel));

        Assert.False(await _store.AppendAsync(Journal, first, Cancel));
        Assert.False(await _store.AppendAsync(Journal, Batch(20, 30, Person(1)), Cancel));

        var stored = await _store.ReadClicksAsync(Journal, [1], Cancel);
        Assert.Equal(new JournalPosition(1, 10), stored.Position);
        Assert.Equal(1, stored.ByLink[1]);
    }

    [Fact]
    public async Task Clicks_of_links_that_are_gone_are_dropped()
    {
        Assert.True(await _store.AppendAsync(Journal, Batch(0, 10, Person(77), Person(1)), Cancel));

        var stored = await _store.ReadClicksAsync(Journal, [1, 77], Cancel);
        Assert.Equal([1L], stored.ByLink.Keys);
        Assert.Equal(new JournalPosition(1, 10), stored.Position);
    }

    [Fact]
    public async Task Every_journal_has_a_position_of_its_own()
    {
        await _store.AppendAsync(Journal, Batch(0, 10, Person(1)), Cancel);

        Assert.Equal(JournalPosition.Start, await _store.ReadPositionAsync(Guid.Empty, Cancel));
        Assert.True(await _store.AppendAsync(Guid.Empty, Batch(0, 30, Person(1)), Cancel));
        Assert.Equal(new JournalPosition(1, 10), await _store.ReadPositionAsync(Journal, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        _lanes.Dispose();
        await TestDatabase.EndAsync(_database, _directory);
    }

    private static Click Person(long link) => JournalFixture.Click(link);

    private static Click Robot(long link) => JournalFixture.Click(link, ClickKind.Robot);

    private static ClickBatch Batch(long from, long to, params Click[] clicks) =>
        new(from == 0 ? JournalPosition.Start : new(1, from), new(1, to), clicks);
}
