using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.Core.Statistics;

namespace Signpost.Tests.ClickStore;

/// <summary>Clicks that are too old are erased; the others keep their ordinals, and no ordinal is reused.</summary>
public sealed class ClickAgeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_clicks_go_and_the_others_keep_their_ordinals()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(6);
        for (var day = 0; day < 6; day++)
        {
            await rows.AppendAsync([.. Enumerable.Range(0, 150).Select(_ => rows.Row(3, chance))]);
            await rows.AppendAsync(rows.Row(4, chance));
            await rows.Compactor.CompactAsync(Cancel);
            rows.Clock.Advance(TimeSpan.FromDays(1));
        }

        var before = RowsFixture.Start.AddDays(2).ToUnixTimeSeconds();
        Assert.Equal([3L, 4L], rows.Archive.FindOlder(before, afterLink: 0, most: 10));
        Assert.Equal([4L], rows.Archive.FindOlder(before, afterLink: 3, most: 10));
        Assert.Equal([3L], rows.Archive.FindOlder(before, afterLink: 0, most: 1));
        Assert.Equal(300, await rows.Archive.TrimAsync(3, before, Cancel));
        Assert.Equal(0, await rows.Archive.TrimAsync(3, before, Cancel));
        Assert.Equal([4L], rows.Archive.FindOlder(before, afterLink: 0, most: 10));

        using (var view = rows.Archive.Open())
            Assert.Equal(rows.Expect(3)[300..], RowsFixture.RowsOf(view.Read(3, 0, long.MaxValue), 301));
    }

    [Fact]
    public async Task A_link_without_any_click_left_still_knows_the_next_ordinal()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(6);
        for (var compaction = 0; compaction < 2; compaction++)
        {
            await rows.AppendAsync([.. Enumerable.Range(0, 150).Select(_ => rows.Row(3, chance))]);
            await rows.Compactor.CompactAsync(Cancel);
        }

        Assert.Equal(300, await rows.Archive.TrimAsync(3, long.MaxValue, Cancel));
        using (var view = rows.Archive.Open())
        {
            Assert.Empty(view.Read(3, 0, long.MaxValue));
            Assert.Empty(view.LinksSince(0));
        }

        await rows.AppendAsync(rows.Row(3, chance));
        await CheckAsync();
        await rows.Compactor.CompactAsync(Cancel);
        await CheckAsync();

        Task CheckAsync()
        {
            using var view = rows.Archive.Open();
            Assert.Equal(rows.Expect(3)[300..], RowsFixture.RowsOf(view.Read(3, 0, long.MaxValue), 301));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Unknown_aliases_are_counted_apart_up_to_a_number_a_day_and_forgotten_when_old()
    {
        await using var rows = await RowsFixture.MakeAsync();
        List<OrphanTotal> scan = [.. Enumerable.Range(0, OrphanVisits.MostAliases - 1).Select(i => Asked($"x{i}"))];
        await rows.StoreAsync([], [.. scan, Asked("known", 2)]);
        await rows.StoreAsync([], [Asked("known", 3), Asked("late", 5), Asked("later", 7), Asked("known", 1, day: 11)]);
        await rows.StoreAsync([], [new OrphanTotal(99, 10, "of a domain that is gone", 4)]);

        Assert.Equal(5, rows.Ask("SELECT count FROM orphan_visits WHERE day = 10 AND alias = 'known'"));
        Assert.Equal(12, rows.Ask("SELECT count FROM orphan_visits WHERE day = 10 AND alias = ''"));
        Assert.Equal(OrphanVisits.MostAliases + 1, rows.Ask("SELECT count(*) FROM orphan_visits WHERE day = 10"));

        await rows.Archive.TrimOrphansAsync(11, Cancel);
        Assert.Equal(1, rows.Ask("SELECT count(*) FROM orphan_visits"));

        static OrphanTotal Asked(string alias, long count = 1, int day = 10) => new(0, day, alias, count);
    }

    [Fact]
    public void The_first_day_that_is_kept_follows_the_clock()
    {
        var clock = new Testing.ManualClock();
        var today = Days.Of(clock.GetUtcNow().ToUnixTimeSeconds());
        Assert.Equal(today - 396, new ClickAge(396, new(clock)).FirstDay);
        Assert.Equal(int.MinValue, new ClickAge(0, new(clock)).FirstDay);
    }
}
