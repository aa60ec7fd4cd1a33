using Signpost.ClickStore;
using Signpost.ClickStore.Reading;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.Tests.ClickStore;

/// <summary>The columns of closed days, while links go and when something fails.</summary>
public sealed class ColumnDaysTests
{
    private static readonly int First = StatisticsFixture.Today - 2;
    private static readonly StatisticsScope Everything = new(ScopeKind.Account, StatisticsFixture.Account);
    private static readonly long Main = RollupScopes.MainDomain(StatisticsFixture.Account);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task Columns_go_a_megabyte_at_a_time_and_the_head_first()
    {
        await using var statistics = await FillAsync();
        await RunAsync(
            statistics,
            $"DELETE FROM day_columns; INSERT INTO day_columns (id, number, data) SELECT {ClusterKey.Of(Main, First)} + value / 4, value % 4, zeroblob(400000) FROM json_each('[0,1,2,3,4,5,6,7]')"
        );
        List<int> removed = [];
        List<long> heads = [];

        while (await RemoveAsync() is > 0 and var columns)
        {
            removed.Add(columns);
            heads.Add(statistics.Rows.Ask("SELECT count(*) FROM day_columns WHERE number = 0"));
        }

        Assert.Equal([2, 2, 2, 2], removed);
        Assert.Equal([1, 1, 0, 0], heads);

        Task<int> RemoveAsync() =>
            statistics.Rows.Database.WriteRawAsync(
                (connection, transaction) =>
                    DayColumnsTable
                        .RemoveSome(connection, transaction, ClusterKey.Of(Main, First), ClusterKey.Of(Main + 1, 0))
                        .Columns,
                Cancel
            );
    }

    [Fact]
    public async Task A_deletion_writes_no_column_and_the_job_makes_them_again()
    {
        await using var statistics = await FillAsync();
        var whole = Bodies();
        Assert.True(whole > 0);

        await statistics.DeleteAsync(5);

        Assert.Equal(whole, Bodies());
        Assert.Equal(
            0,
            statistics.Rows.Ask($"SELECT count(*) FROM day_columns WHERE number = 0 AND id >> 20 = {Main}")
        );
        await statistics.CheckFilteredAsync(Everything, new(1), First, 2);
        await statistics.CloseAsync();
        Assert.Equal(whole, Bodies());
        Assert.Equal(
            2,
            statistics.Rows.Ask($"SELECT count(*) FROM day_columns WHERE number = 0 AND id >> 20 = {Main}")
        );
        await statistics.CheckFilteredAsync(Everything, new(2), First, 2);

        long Bodies() =>
            statistics.Rows.Ask($"SELECT count(*) FROM day_columns WHERE number > 0 AND id >> 20 = {Main}");
    }

    [Fact]
    public async Task A_link_whose_clicks_wait_for_their_erasure_is_not_counted()
    {
        await using var statistics = await FillAsync();

        await statistics.DeleteAsync(5, erases: false);

        await statistics.CheckFilteredAsync(Everything, new(3), First, 2);
        await statistics.CheckFilteredAsync(new(ScopeKind.MainDomain, StatisticsFixture.Account), new(4), First, 2);
    }

    [Theory]
    [InlineData((int)JobKind.MoveDomain)]
    [InlineData((int)JobKind.DeleteDomain)]
    public async Task Links_of_a_domain_that_goes_are_counted_until_they_go(int kind)
    {
        await using var statistics = await FillAsync();
        var domain = RollupScopes.Domain(1);

        await RunAsync(
            statistics,
            $"""
            INSERT INTO jobs (kind, subject, account_id, domain_id, is_guest) VALUES ({kind}, 1, 1, 0, false);
            DELETE FROM day_columns WHERE id >> 20 = {domain};
            DELETE FROM rollups WHERE id >> 20 = {domain};
            """
        );

        await statistics.CheckFilteredAsync(new(ScopeKind.Domain, 1), new(5), First, 2);
        await statistics.CheckFilteredAsync(new(ScopeKind.Project, 1), new(6), First, 2);
    }

    [Theory]
    [Trait("Database", "SQLite")]
    [InlineData("number = 0")]
    [InlineData("number > 0")]
    public async Task Damaged_columns_are_left_and_made_again(string which)
    {
        await using var statistics = await FillAsync();
        var id = ClusterKey.Of(Main, First);

        await RunAsync(statistics, $"UPDATE day_columns SET data = X'0102' WHERE id = {id} AND {which}");

        await statistics.CheckFilteredAsync(Everything, new(7), First, 2);
        Assert.Equal(id, statistics.Rows.Ask("SELECT id FROM stale_rollups"));
        Assert.Equal(0, statistics.Rows.Ask($"SELECT count(*) FROM day_columns WHERE id = {id} AND number = 0"));
        await statistics.CloseAsync();
        Assert.Equal(1, statistics.Rows.Ask($"SELECT count(*) FROM day_columns WHERE id = {id} AND number = 0"));
        await statistics.CheckFilteredAsync(Everything, new(8), First, 2);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task Columns_that_a_failed_rebuild_removed_are_made_again()
    {
        await using var statistics = await FillAsync();
        var whole = statistics.Rows.Ask("SELECT sum(length(data)) FROM day_columns");
        await RunAsync(
            statistics,
            "CREATE TRIGGER fails BEFORE INSERT ON day_columns BEGIN SELECT RAISE(ABORT, 'It fails.'); END"
        );

        await Assert.ThrowsAnyAsync<Exception>(() =>
            statistics.Job.RebuildAsync(new(statistics.Rows.Clock.GetUtcNow()), Cancel)
        );

        Assert.True(statistics.Rows.Ask("SELECT sum(length(data)) FROM day_columns") < whole);
        await RunAsync(statistics, "DROP TRIGGER fails");
        await statistics.CloseAsync();
        Assert.Equal(whole, statistics.Rows.Ask("SELECT sum(length(data)) FROM day_columns"));
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task Days_are_closed_while_many_rollups_are_made_again()
    {
        await using var statistics = await FillAsync();
        await statistics.UpgradeAsync();
        await RunAsync(
            statistics,
            $"""
            CREATE TABLE steps (name TEXT);
            CREATE TRIGGER repaired AFTER DELETE ON stale_rollups BEGIN
                INSERT INTO steps VALUES ('repaired');
                UPDATE click_days SET revision = revision + 1 WHERE day = {First} AND (SELECT count(*) FROM steps) = 1;
            END;
            CREATE TRIGGER closed AFTER UPDATE OF rolled_revision ON click_days BEGIN
                INSERT INTO steps VALUES ('closed');
            END;
            """
        );

        await statistics.CloseAsync();

        Assert.Equal(1, statistics.Rows.Ask("SELECT count(*) FROM steps WHERE name = 'closed'"));
        Assert.Equal(
            1,
            statistics.Rows.Ask("SELECT max(rowid) > (SELECT rowid FROM steps WHERE name = 'closed') FROM steps")
        );
        Assert.Equal(0, statistics.Rows.Ask("SELECT count(*) FROM stale_rollups"));
    }

    [Fact]
    public async Task Tags_are_counted_from_columns_as_from_clicks()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(14);
        await RunAsync(statistics, TagLinks(chance));
        await statistics.AppendAsync(chance, 2_400, First, 2);
        await statistics.CompactAsync();
        TagFilter[][] filters =
        [
            [],
            [new(["a"], false)],
            [new(["b", null], true)],
        ];
        var before = await CountAsync();

        await statistics.CloseAsync();

        Assert.True(before.Count(counts => counts.Count > 0) >= 12);
        Assert.Equal(before, await CountAsync());
        using var view = statistics.Rows.Archive.Open();
        TagValues values = new(view, new(), new(statistics.Rows.Clock, Cancel));
        Assert.Equal(40, values.OfAll([.. Enumerable.Range(1, 40)]).Length);
        Assert.All(Enumerable.Range(1, 40), link => Assert.NotEmpty(values.Of(link)));
        Assert.Equal(1, values.Asked);

        async Task<List<IReadOnlyList<ValueCount>>> CountAsync()
        {
            List<IReadOnlyList<ValueCount>> counts = [];
            foreach (var scope in (StatisticsScope[])[Everything, new(ScopeKind.Project, 1), new(ScopeKind.Domain, 1)])
            foreach (var tags in filters)
            {
                StatisticsQuestion question = new(
                    scope,
                    Days.StartOf(First) + 7_200,
                    Days.StartOf(First + 2),
                    [new(Dimension.DeviceType, ["desktop"])]
                )
                {
                    Tags = tags,
                };
                counts.Add(await statistics.Statistics.CountByTagAsync(question, Cancel));
                counts.Add(await statistics.Statistics.CountByValueAsync(question, Dimension.CountryCode, Cancel));
            }

            return counts;
        }
    }

    [Fact]
    public async Task Columns_are_read_where_they_take_less_time()
    {
        await using var statistics = await FillAsync();
        using var view = statistics.Rows.Archive.Open();
        ReadingCost cost = new(Link: 100, Click: 10, Column: 1);
        var span = (Days.StartOf(First), Days.StartOf(First + 2));
        var clicks = statistics.Rows.Ask("SELECT sum(count) FROM click_chunks WHERE id >> 20 = 2");
        Assert.True(clicks > 0);
        var same = 100 + 10 * clicks;

        Assert.True(cost.PrefersColumns(view, [2], same, span));
        Assert.False(cost.PrefersColumns(view, [2], same + 1, span));
        Assert.False(cost.PrefersColumns(view, [2], 101, (0, 900)));
        Assert.True(cost.PrefersColumns(view, [2, 3], 200, (0, 900)));
    }

    private static string TagLinks(Random chance) =>
        "INSERT INTO tags (id, account_id, name, name_key, color, links, created_at, updated_at) VALUES "
        + "(1, 1, 'A', 'a', '#0f766e', 0, 0, 0), (2, 1, 'B', 'b', '#0f766e', 0, 0, 0), (3, 1, 'C', 'c', '#0f766e', 0, 0, 0);"
        + string.Concat(
            from link in Enumerable.Range(1, StatisticsFixture.Links)
            from tag in Enumerable.Range(1, 3)
            where chance.Next(2) == 0
            select $"INSERT INTO link_tags (link_id, tag_id) VALUES ({link}, {tag});"
        );

    private static async Task<StatisticsFixture> FillAsync()
    {
        var statistics = await StatisticsFixture.MakeAsync();
        await statistics.AppendAsync(new(20), 2_400, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();
        return statistics;
    }

    private static Task<int> RunAsync(StatisticsFixture statistics, string sql) =>
        statistics.Rows.Database.WriteRawAsync((connection, transaction) => connection.Run(transaction, sql), Cancel);
}
