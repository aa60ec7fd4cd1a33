using Signpost.ClickStore;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.Tests.ClickStore;

/// <summary>Groups whose links are added, deleted and moved: their rollups always match the present links.</summary>
public sealed class GroupRollupTests
{
    private const long Account = 1;
    private static readonly long Main = RollupScopes.MainDomain(Account);
    private static readonly long Project = RollupScopes.Project(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1_000)]
    public async Task A_link_that_goes_takes_its_part_of_its_groups_along(int rowsInSlice)
    {
        await using var rows = await RowsFixture.MakeAsync();
        var days = await FillAsync(rows);

        await rows.EraseAsync(rows.Erasure(most: rowsInSlice), new(2, Account, 5, 0), new(3, Account, null, 0));

        foreach (var day in days)
        {
            Same(rows, Main, day, 1, 4);
            Same(rows, Project, day, 1);
        }

        Assert.Equal(
            days.SelectMany(day => new[] { ClusterKey.Of(Main, day), ClusterKey.Of(Project, day) }).Order(),
            await StaleAsync(rows)
        );
    }

    [Fact]
    public async Task A_link_that_moves_is_counted_where_it_is_now()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var days = await FillAsync(rows);

        await EditAsync(
            rows,
            (db, erasure) =>
            {
                erasure.Move(db, new(2, Account, 5, 0), new(2, Account, 6, 0));
                erasure.Move(db, new(4, Account, null, 0), new(4, Account, 5, 9));
                erasure.Move(db, new(1, Account, 5, 0), new(1, Account, null, 0));
            }
        );

        foreach (var day in days)
        {
            Same(rows, Main, day, 1, 2, 3);
            Same(rows, Project, day, 4);
            Same(rows, RollupScopes.Project(6), day, 2);
            Same(rows, RollupScopes.Domain(9), day, 4);
        }
    }

    [Fact]
    public async Task A_group_without_clicks_has_no_rollup_and_days_without_clicks_are_not_made_anew_of_nothing()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var days = await FillAsync(rows);
        rows.Clock.Advance(TimeSpan.FromDays(30));

        await rows.EraseAsync(
            rows.Erasure(new ClickAge(10, new(rows.Clock)), most: 2),
            new(1, Account, 5, 0),
            new(2, Account, 5, 0)
        );

        foreach (var day in days)
            Assert.Null(Find(rows, Project, day));
        Assert.Empty(await StaleAsync(rows));
    }

    /// <summary>Three days of clicks on four links, of which two are in a project; the first has rollups of its own.</summary>
    private static async Task<List<int>> FillAsync(RowsFixture rows)
    {
        var chance = new Random(4);
        List<int> days = [];
        for (var i = 0; i < 3; i++)
        {
            days.Add(Days.Of(rows.Clock.GetUtcNow().ToUnixTimeSeconds()));
            for (var link = 1; link <= 4; link++)
                await rows.AppendAsync([
                    .. Enumerable.Range(0, 30).Select(_ => rows.Row(link, chance) with { Language = $"only{link}" }),
                ]);
            rows.Clock.Advance(TimeSpan.FromDays(1));
        }

        await rows.Compactor.CompactAsync(Cancel);
        await rows.Database.WriteRawAsync(
            (connection, transaction) =>
            {
                connection.Run(transaction, "UPDATE click_days SET rolled_revision = revision");
                foreach (var day in days)
                {
                    Write(RollupScopes.Link(1), day, 1);
                    Write(RollupScopes.Link(2), day, 2);
                    Write(Main, day, 1, 2, 3, 4);
                    Write(Project, day, 1, 2);
                }

                return true;

                void Write(long scope, int day, params long[] links) =>
                    RollupTable.Write(
                        connection,
                        transaction,
                        new(ClusterKey.Of(scope, day), RollupBytes.Write(Tally(rows, day, links)))
                    );
            },
            Cancel
        );
        return days;
    }

    private static Rollup Tally(RowsFixture rows, int day, params long[] links)
    {
        using RollupTally tally = new(day, 1);
        foreach (var link in links)
        {
            var columns = ClickColumns.Of([.. rows.Expect(link)]);
            tally.Add(columns, columns.Runs);
        }

        Assert.False(tally.NextPass());
        return tally.Rollup;
    }

    private static Task<bool> EditAsync(RowsFixture rows, Action<SignpostDb, ClickErasure> edit) =>
        rows.Database.WriteAsync(
            db =>
            {
                edit(db, rows.Erasure());
                return Task.FromResult(true);
            },
            Cancel
        );

    private static void Same(RowsFixture rows, long scope, int day, params long[] links) =>
        Assert.Empty(
            RollupBytes.Differences(Find(rows, scope, day)!.Value, RollupBytes.Write(Tally(rows, day, links)))
        );

    private static StoredRollup? Find(RowsFixture rows, long scope, int day)
    {
        using var connection = rows.Database.OpenRead();
        return RollupTable.Find(connection, null, ClusterKey.Of(scope, day));
    }

    private static async Task<List<long>> StaleAsync(RowsFixture rows)
    {
        await using var db = rows.Database.Read();
        return [.. db.StaleRollups.Select(stale => stale.Id).Order()];
    }
}
