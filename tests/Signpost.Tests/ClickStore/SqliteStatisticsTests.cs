using Microsoft.Data.Sqlite;
using Signpost.ClickStore;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Statistics;
using Signpost.Storage;
using Signpost.Testing;
using SQLitePCL;

namespace Signpost.Tests.ClickStore;

public sealed class SqliteStatisticsTests
{
    private static readonly int First = StatisticsFixture.Today - 2;
    private const int Span = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = 600_000)]
    [InlineData(1)]
    public async Task Every_answer_is_the_recounts_at_every_turn_of_the_clicks_life(int seed)
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(seed);

        await statistics.AppendAsync(chance, 2_400, First, Span);
        await statistics.CheckAsync(chance, First, Span);

        await statistics.CompactAsync();
        await statistics.CheckAsync(chance, First, Span);

        await statistics.CloseAsync();
        Assert.True(statistics.Rows.Ask("SELECT count(*) FROM rollups") >= 2 * 4);
        await statistics.CheckAsync(chance, First, Span);

        // Late clicks of closed days.
        await statistics.AppendAsync(chance, 200, First, 2);
        await statistics.CheckAsync(chance, First, Span);
        await statistics.CompactAsync();
        await statistics.CheckAsync(chance, First, Span);
        await statistics.CloseAsync();
        await statistics.CheckAsync(chance, First, Span);

        await statistics.DeleteAsync(5);
        await statistics.DeleteAsync(1);
        await statistics.MoveAsync(4, project: null, domain: 0);
        await statistics.MoveAsync(6, project: 1, domain: 1);
        await statistics.CloseAsync();
        Assert.Equal(0, statistics.Rows.Ask("SELECT count(*) FROM stale_rollups"));
        await statistics.CheckAsync(chance, First, Span);

        RollupRebuild rebuild = new(statistics.Rows.Clock.GetUtcNow());
        await statistics.Job.RebuildAsync(rebuild, Cancel);
        Assert.Empty(rebuild.Differences);
        Assert.Equal((2, 2), (rebuild.Days, rebuild.DaysDone));
        await statistics.CheckAsync(chance, First, Span);
    }

    [Trait("Database", "SQLite")]
    [Fact]
    public async Task Filters_over_closed_days_read_no_click_of_a_link()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(11);
        await statistics.AppendAsync(chance, 2_400, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();
        await statistics.MoveAsync(3, project: 1, domain: 0);
        await statistics.DeleteAsync(9);
        await statistics.CloseAsync();
        await statistics.Rows.Database.WriteRawAsync(
            (connection, transaction) => connection.Run(transaction, "UPDATE click_chunks SET data = X'00'"),
            Cancel
        );
        StatisticsScope[] scopes =
        [
            new(ScopeKind.Project, 1),
            new(ScopeKind.Domain, 1),
            new(ScopeKind.MainDomain, StatisticsFixture.Account),
            new(ScopeKind.Guest, StatisticsFixture.Account),
            new(ScopeKind.Account, StatisticsFixture.Account),
        ];

        foreach (var scope in scopes)
            await statistics.CheckFilteredAsync(scope, chance, First, 2);
        await Assert.ThrowsAsync<FormatException>(() =>
            statistics.CheckFilteredAsync(new(ScopeKind.Link, 2), chance, First, 2)
        );
    }

    [Fact]
    public async Task Columns_of_days_hold_nothing_of_links_that_are_gone()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        await statistics.AppendAsync(new(12), 2_400, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();
        Assert.NotEqual(0, ColumnsWith("https://example.org/5"));

        await statistics.DeleteAsync(5);
        // No question reads them any more; the job removes them in short transactions.
        Assert.Equal(0, statistics.Rows.Ask("SELECT count(*) FROM day_columns WHERE number = 0 AND id >> 20 = 6"));
        await statistics.CloseAsync();

        Assert.Equal(0, ColumnsWith("https://example.org/5"));
        Assert.NotEqual(0, ColumnsWith("https://example.org/7"));

        long ColumnsWith(string text) =>
            statistics.Rows.Ask(
                $"SELECT count(*) FROM day_columns WHERE {(TestPostgres.IsChosen ? $"position('{text}'::bytea IN data)" : $"instr(data, CAST('{text}' AS BLOB))")} > 0"
            );
    }

    [Trait("Database", "SQLite")]
    [Fact]
    public async Task Columns_of_days_before_them_are_made_after_the_upgrade()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(13);
        await statistics.AppendAsync(chance, 2_400, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();
        var made = statistics.Rows.Ask("SELECT sum(length(data)) FROM day_columns");

        await statistics.UpgradeColumnsAsync();
        Assert.Equal(0, statistics.Rows.Ask("SELECT count(*) FROM day_columns"));
        await statistics.CheckFilteredAsync(new(ScopeKind.Account, StatisticsFixture.Account), chance, First, 2);

        await statistics.CloseAsync();
        Assert.Equal(made, statistics.Rows.Ask("SELECT sum(length(data)) FROM day_columns"));
        Assert.Equal(0, statistics.Rows.Ask("SELECT count(*) FROM stale_rollups"));
        await statistics.CheckFilteredAsync(new(ScopeKind.Account, StatisticsFixture.Account), chance, First, 2);
    }

    [Trait("Database", "SQLite")]
    [Fact]
    public async Task Many_counts_of_one_question_read_the_clicks_once()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        await statistics.AppendAsync(new(10), 2_400, First, Span);
        await statistics.CompactAsync();
        StatisticsQuestion question = new(
            new(ScopeKind.Account, StatisticsFixture.Account),
            Days.StartOf(First),
            Days.StartOf(First + Span),
            [new(Dimension.DeviceType, ["desktop"])]
        );

        using var view = statistics.Rows.Archive.Open();
        var one = PagesOf(Dimension.Destination);
        var many = PagesOf([.. Enum.GetValues<Dimension>(), null]);

        // Every page of the database that is read, also one that is in memory.
        Assert.True(one > 0);
        Assert.Equal(one, many);

        int PagesOf(params Dimension?[] dimensions)
        {
            var before = Pages();
            statistics.Statistics.Count(view, question, dimensions, new(statistics.Rows.Clock, Cancel));
            return Pages() - before;
        }

        int Pages()
        {
            var pages = 0;
            foreach (var kind in (int[])[raw.SQLITE_DBSTATUS_CACHE_HIT, raw.SQLITE_DBSTATUS_CACHE_MISS])
            {
                raw.sqlite3_db_status(((SqliteConnection)view.Connection).Handle, kind, out var now, out _, 0);
                pages += now;
            }

            return pages;
        }
    }

    [Trait("Database", "SQLite")]
    [Fact]
    public async Task Rollups_from_before_values_had_parents_are_made_again_once()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(7);
        await statistics.AppendAsync(chance, 1_500, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();

        await statistics.UpgradeAsync();
        Assert.Equal(
            statistics.Rows.Ask("SELECT count(*) FROM rollups"),
            statistics.Rows.Ask("SELECT count(*) FROM stale_rollups")
        );
        // Links that go meanwhile leave nothing.
        await statistics.DeleteAsync(1);
        await statistics.MoveAsync(7, project: null, domain: 1);
        await SameTotalsAsync(statistics);
        await statistics.CloseAsync();

        await statistics.CheckAsync(chance, First, Span);
        Assert.Equal(0, statistics.Rows.Ask("SELECT count(*) FROM stale_rollups"));
    }

    [Trait("Database", "SQLite")]
    [Fact]
    public async Task Rollups_from_before_values_had_parents_stay_where_the_clicks_are_gone()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(8);
        await statistics.AppendAsync(chance, 1_500, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();
        statistics.Rows.Clock.Advance(TimeSpan.FromDays(StatisticsFixture.KeptDays));
        await statistics.CloseAsync();
        Assert.Equal(0, statistics.Rows.Ask("SELECT COALESCE(SUM(count), 0) FROM click_chunks"));

        await statistics.UpgradeAsync();
        await statistics.CloseAsync();

        Assert.Equal(0, statistics.Rows.Ask("SELECT count(*) FROM stale_rollups"));
        await SameTotalsAsync(statistics);
        await statistics.DeleteAsync(1);
        await statistics.MoveAsync(7, project: null, domain: 1);
        await SameTotalsAsync(statistics);
    }

    [Trait("Database", "SQLite")]
    [Fact]
    public async Task Damaged_clicks_keep_no_other_rollup_from_being_made_again()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(9);
        await statistics.AppendAsync(chance, 1_500, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();
        await statistics.UpgradeAsync();
        var damaged = ClusterKey.Of(2, 0);
        await statistics.Rows.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "UPDATE click_chunks SET data = X'00' WHERE id >= @id AND id < @end",
                    ("@id", damaged),
                    ("@end", ClusterKey.Of(3, 0))
                ),
            Cancel
        );

        await statistics.CloseAsync();

        Assert.Equal(0, statistics.Rows.Ask("SELECT count(*) FROM stale_rollups"));
        await SameTotalsAsync(statistics, new(ScopeKind.Project, 1), new(ScopeKind.Domain, 1));
    }

    // The rows of every dimension add up to the clicks of persons.
    private static async Task SameTotalsAsync(StatisticsFixture statistics, params StatisticsScope[] scopes)
    {
        foreach (
            var scope in scopes is not []
                ? scopes
                :
                [
                    new(ScopeKind.Link, 2),
                    new(ScopeKind.Project, 1),
                    new(ScopeKind.Domain, 1),
                    new(ScopeKind.Account, 1),
                ]
        )
        {
            var question = new StatisticsQuestion(scope, Days.StartOf(First), Days.StartOf(First + Span), []);
            var quarters = await statistics.Statistics.CountByTimeAsync(question, Cancel);
            var total = quarters.Sum(quarter => quarter.Count.Pageviews);
            Assert.NotEqual(0, total);
            foreach (var dimension in Enum.GetValues<Dimension>().Where(dimension => dimension != Dimension.Kind))
            {
                var rows = await statistics.Statistics.CountByValueAsync(question, dimension, Cancel);
                Assert.Equal((dimension, total), (dimension, rows.Sum(row => row.Count.Pageviews)));
            }
        }
    }

    [Fact]
    public async Task Until_they_are_made_anew_rollups_of_groups_are_right_but_for_visitors_of_several_links()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(3);
        await statistics.AppendAsync(chance, 1_500, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();
        StatisticsQuestion question = new(
            new(ScopeKind.MainDomain, StatisticsFixture.Account),
            Days.StartOf(First),
            Days.StartOf(First + 2),
            []
        );

        await statistics.DeleteAsync(2);
        var early = await statistics.Statistics.CountByValueAsync(question, Dimension.Destination, Cancel);
        await statistics.CloseAsync();
        var repaired = await statistics.Statistics.CountByValueAsync(question, Dimension.Destination, Cancel);

        Assert.DoesNotContain(early, count => count.Value == "https://example.org/2");
        Assert.Equal(
            repaired.Select(count => (count.Value, count.Count.Pageviews)),
            early.Select(count => (count.Value, count.Count.Pageviews))
        );
    }

    [Fact]
    public async Task A_rebuild_names_what_differed_and_puts_it_right()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(4);
        await statistics.AppendAsync(chance, 1_000, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();
        var project = ClusterKey.Of(RollupScopes.Project(1), First);
        await statistics.Rows.Database.WriteRawAsync(
            (connection, transaction) =>
            {
                var stored = RollupTable.Find(connection, transaction, project)!.Value;
                var rollup = RollupBytes.Read(stored);
                rollup.Add(Dimension.OsName, new("Plan 9", false), 7, new(5, 5));
                RollupTable.Write(connection, transaction, new(project, RollupBytes.Write(rollup)));
                return true;
            },
            Cancel
        );

        RollupRebuild rebuild = new(statistics.Rows.Clock.GetUtcNow());
        await statistics.Job.RebuildAsync(rebuild, Cancel);

        var difference = Assert.Single(rebuild.Differences);
        Assert.Equal((new StatisticsScope(ScopeKind.Project, 1), First), (difference.Scope, difference.Day));
        Assert.Equal([Dimension.OsName], difference.Dimensions);
        await statistics.CheckAsync(chance, First, Span);
    }

    [Fact]
    public async Task Counts_outlive_the_clicks_that_are_too_old_to_be_kept()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(5);
        await statistics.AppendAsync(chance, 1_500, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();

        // First the one day, then the other.
        for (var day = 0; day < 2; day++)
        {
            statistics.Rows.Clock.Advance(TimeSpan.FromDays(day == 0 ? StatisticsFixture.KeptDays - 1 : 1));
            await statistics.CloseAsync();
            await statistics.CheckAsync(chance, First, Span, withFilters: false);
            Assert.Equal(
                0,
                statistics.Rows.Ask($"SELECT count(*) FROM day_columns WHERE (id & 1048575) <= {First + day}")
            );
        }

        Assert.Equal(0, statistics.Rows.Ask("SELECT COALESCE(SUM(count), 0) FROM click_chunks"));
        // Sparse links have one rollup for both days.
        var link = ClusterKey.Of(RollupScopes.Link(2), 0);
        Assert.Equal(
            1,
            statistics.Rows.Ask($"SELECT count(*) FROM rollups WHERE id >> 20 = {link >> 20} AND days = 2")
        );

        RollupRebuild rebuild = new(statistics.Rows.Clock.GetUtcNow());
        await statistics.Job.RebuildAsync(rebuild, Cancel);
        await statistics.CheckAsync(chance, First, Span, withFilters: false);
    }

    [Fact]
    public async Task Counts_of_clicks_that_are_gone_stay_though_they_would_be_kept_by_now()
    {
        await using var statistics = await StatisticsFixture.MakeAsync();
        Random chance = new(6);
        await statistics.AppendAsync(chance, 1_500, First, 2);
        await statistics.CompactAsync();
        await statistics.CloseAsync();
        statistics.Rows.Clock.Advance(TimeSpan.FromDays(StatisticsFixture.KeptDays));
        await statistics.CloseAsync();
        Assert.Equal(0, statistics.Rows.Ask("SELECT COALESCE(SUM(count), 0) FROM click_chunks"));
        var before = await RequestsAsync();

        // The clock was wrong. If clicks are kept longer from now on, the result is the same.
        statistics.Rows.Clock.Advance(-TimeSpan.FromDays(StatisticsFixture.KeptDays));
        await statistics.DeleteAsync(5);
        await statistics.MoveAsync(7, project: null, domain: 0);
        Assert.NotEqual(0, statistics.Rows.Ask("SELECT count(*) FROM stale_rollups"));
        var after = await RequestsAsync();
        await statistics.CloseAsync();

        Assert.Equal(0, statistics.Rows.Ask("SELECT count(*) FROM stale_rollups"));
        Assert.NotEqual(before, after);
        Assert.Equal(after, await RequestsAsync());

        async Task<(long Main, long Project)> RequestsAsync() =>
            (
                await CountAsync(new(ScopeKind.MainDomain, StatisticsFixture.Account)),
                await CountAsync(new(ScopeKind.Project, 1))
            );

        async Task<long> CountAsync(StatisticsScope scope)
        {
            var question = new StatisticsQuestion(scope, Days.StartOf(First), Days.StartOf(First + Span), []);
            var kinds = await statistics.Statistics.CountByValueAsync(question, Dimension.Kind, Cancel);
            return kinds.Sum(kind => kind.Count.Pageviews);
        }
    }
}
