using Signpost.Core.Statistics;
using Signpost.Testing;

namespace Signpost.Tests.ClickStore;

public sealed class ClickCompactorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clicks_are_found_again_in_their_order_before_and_after_any_number_of_folds()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(7);
        for (var round = 0; round < 120; round++)
        {
            rows.Clock.Advance(TimeSpan.FromMinutes(chance.Next(90)));
            await rows.AppendAsync(rows.Some(chance, chance.Next(1, 200)));
            if (chance.Next(6) == 0)
                await rows.Compactor.CompactAsync(Cancel);
            if (chance.Next(20) == 0)
                rows.Boot();
            if (chance.Next(10) == 0)
                await CheckLoadedAsync(rows);
        }

        await rows.Compactor.CompactAsync(Cancel);
        await CheckLoadedAsync(rows);
        Assert.Equal(0, rows.Ask("SELECT count(*) FROM click_blocks"));
        Assert.Equal(0, rows.Recent.Now.Count);
    }

    [Fact]
    public async Task A_fold_that_is_stopped_anywhere_loses_nothing_and_doubles_nothing()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(8);
        for (var (stopAt, isStopped) = (0, true); isStopped; stopAt++)
        {
            foreach (var isKilled in (bool[])[true, false])
            {
                for (var batch = 0; batch < 3; batch++)
                    await rows.AppendAsync(rows.Some(chance, 2_100));

                var steps = 0;
                rows.Compactor.AfterStep = () =>
                {
                    if (steps++ == stopAt)
                        throw new OperationCanceledException();
                };
                rows.Compactor.LinksAtOnce = 16;
                var failure = await Record.ExceptionAsync(() => rows.Compactor.CompactAsync(Cancel));
                isStopped = failure is OperationCanceledException;
                Assert.Equal(steps > stopAt, isStopped);
                await CheckLoadedAsync(rows);

                // New clicks arrive, whether this process or the next continues the compaction.
                await rows.AppendAsync(rows.Some(chance, 50));
                rows.Compactor.AfterStep = () => { };
                if (isKilled)
                    rows.Boot();
                await rows.AppendAsync(rows.Some(chance, 50));
                await CheckLoadedAsync(rows);
                await rows.Compactor.CompactAsync(Cancel);
                await CheckLoadedAsync(rows);
                Assert.Equal(0, rows.Recent.Now.Count);
            }
        }
    }

    [Fact]
    public async Task Whoever_looks_while_clicks_are_stored_and_folded_misses_none_and_sees_none_twice()
    {
        await using var rows = await RowsFixture.MakeAsync();
        rows.Compactor.LinksAtOnce = 16;
        const int batches = 150;
        const int perLink = 3;
        var stored = 0;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var writer = WriteAsync();
        var compactor = RepeatAsync(() => rows.Compactor.CompactAsync(Cancel));
        var readers = Enumerable.Range(0, 2).Select(_ => RepeatAsync(LookAsync)).ToArray();
        await writer;
        await done.CancelAsync();
        await Task.WhenAll([compactor, .. readers]).OrFail("The end of folding and looking");
        await LookAsync();

        async Task WriteAsync()
        {
            var chance = new Random(9);
            for (var batch = 0; batch < batches; batch++)
            {
                await rows.StoreAsync([
                    .. Enumerable.Range(0, RowsFixture.Links * perLink).Select(i => rows.Row(1 + i / perLink, chance)),
                ]);
                Volatile.Write(ref stored, batch + 1);
                await Task.Yield();
            }
        }

        Task LookAsync()
        {
            var before = Volatile.Read(ref stored);
            using var view = rows.Archive.Open();
            var counts = Enumerable
                .Range(1, RowsFixture.Links)
                .Select(link => RowsFixture.RowsOf(view.Read(link, 0, long.MaxValue), 1).Count)
                .Distinct()
                .ToList();
            // All links have the same number of clicks, because a view shows one moment.
            Assert.InRange(Assert.Single(counts), before * perLink, batches * perLink);
            return Task.CompletedTask;
        }

        Task RepeatAsync(Func<Task> act) =>
            Task
                .Factory.StartNew(
                    async () =>
                    {
                        while (!done.IsCancellationRequested)
                            await act();
                    },
                    Cancel,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                .Unwrap();
    }

    [Fact]
    public async Task Folding_raises_the_revision_of_the_days_it_touches()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(1);
        var day = (int)(RowsFixture.Start.ToUnixTimeSeconds() / 86_400);
        await rows.AppendAsync(rows.Row(1, chance));
        await rows.Compactor.CompactAsync(Cancel);
        var first = rows.Ask($"SELECT revision FROM click_days WHERE day = {day}");
        await rows.Compactor.CompactAsync(Cancel);
        Assert.Equal(first, rows.Ask($"SELECT revision FROM click_days WHERE day = {day}"));

        rows.Clock.Advance(TimeSpan.FromDays(1));
        await rows.AppendAsync(rows.Row(1, chance));
        await rows.Compactor.CompactAsync(Cancel);

        Assert.Equal(first, rows.Ask($"SELECT revision FROM click_days WHERE day = {day}"));
        Assert.Equal(first, rows.Ask($"SELECT revision FROM click_days WHERE day = {day + 1}"));
    }

    [Fact]
    public async Task A_day_that_is_over_is_folded_by_itself_and_so_are_too_many_clicks()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(1);
        await rows.Compactor.StartAsync(Cancel);
        await rows.AppendAsync(rows.Some(chance, 100));
        Assert.Equal(100, rows.Recent.Now.Count);

        rows.Clock.Advance(TimeSpan.FromHours(13));
        await UntilAsync(() => rows.Recent.Now.Count == 0);
        rows.Check();

        rows.Recent.CompactAt = 300;
        await rows.AppendAsync(rows.Some(chance, 299));
        await rows.AppendAsync(rows.Some(chance, 2));
        await UntilAsync(() => rows.Recent.Now.Count == 0);
        rows.Check();
        await rows.Compactor.StopAsync(Cancel);

        Task UntilAsync(Func<bool> holds) => rows.Clock.UntilAsync(holds, TimeSpan.FromSeconds(10), "The compaction");
    }

    [Fact]
    public async Task When_nothing_is_folded_clicks_wait_in_the_journal_instead_of_in_memory()
    {
        await using var rows = await RowsFixture.MakeAsync();
        rows.Recent.Most = 100;
        var chance = new Random(1);
        await rows.AppendAsync(rows.Some(chance, 99));
        Assert.True(rows.Store.ReadyAsync(Cancel).IsCompletedSuccessfully);
        await rows.AppendAsync(rows.Some(chance, 1));

        var ready = rows.Store.ReadyAsync(Cancel);
        Assert.False(ready.IsCompleted);
        await rows.Compactor.CompactAsync(Cancel);
        await ready;
    }

    [Fact]
    public async Task Clicks_with_words_of_their_own_wait_in_the_journal_by_their_bytes()
    {
        await using var rows = await RowsFixture.MakeAsync();
        rows.Recent.CompactAtBytes = 60_000;
        rows.Recent.MostBytes = 140_000;
        var due = 0;
        rows.Recent.WhenDue = () => due++;
        await rows.AppendAsync(Wide(10));
        Assert.False(rows.Recent.IsDue);
        await rows.AppendAsync(Wide(20));
        Assert.True(rows.Recent.IsDue);
        Assert.Equal(1, due);
        Assert.True(rows.Store.ReadyAsync(Cancel).IsCompletedSuccessfully);
        await rows.AppendAsync(Wide(20));

        var ready = rows.Store.ReadyAsync(Cancel);
        Assert.False(ready.IsCompleted);
        await rows.Compactor.CompactAsync(Cancel);
        await ready;
        rows.Check();

        ClickRow[] Wide(int count) =>
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i =>
                        rows.Row(1 + i, new Random(i)) with
                        {
                            Referrer = new("example.org", $"/{Guid.NewGuid()}".PadRight(1_000, 'x')),
                        }
                    ),
            ];
    }

    [Fact]
    public async Task However_small_the_batches_there_are_few_blocks_and_few_chunks()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(2);
        for (var batch = 0; batch < 600; batch++)
            await rows.AppendAsync(rows.Row(1 + batch % 2, chance));
        Assert.InRange(rows.Ask("SELECT count(*) FROM click_blocks"), 1, 16);
        await CheckLoadedAsync(rows);

        for (var compaction = 0; compaction < 300; compaction++)
        {
            await rows.AppendAsync(rows.Row(1, chance), rows.Row(1, chance), rows.Row(1, chance));
            await rows.Compactor.CompactAsync(Cancel);
        }

        Assert.InRange(rows.Ask("SELECT count(*) FROM click_chunks WHERE id >> 20 = 1"), 1, 12);
        rows.Check();
    }

    [Fact]
    public async Task A_link_with_more_clicks_than_a_chunk_holds_has_several()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(3);
        for (var batch = 0; batch < 3; batch++)
            await rows.AppendAsync([.. Enumerable.Range(0, 30_000).Select(_ => rows.Row(5, chance))]);
        await rows.Compactor.CompactAsync(Cancel);

        Assert.Equal(2, rows.Ask("SELECT count(*) FROM click_chunks"));
        rows.Check();
    }

    [Fact]
    public async Task Only_what_overlaps_the_span_is_read()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(3);
        for (var hour = 0; hour < 4; hour++)
        {
            await rows.AppendAsync([.. Enumerable.Range(0, 200).Select(_ => rows.Row(5, chance))]);
            if (hour < 2)
                await rows.Compactor.CompactAsync(Cancel);
            rows.Clock.Advance(TimeSpan.FromHours(1));
        }

        var start = RowsFixture.Start.ToUnixTimeSeconds();
        using var view = rows.Archive.Open();
        for (var hour = 0; hour < 4; hour++)
        {
            var (from, to) = (start + hour * 3_600, start + (hour + 1) * 3_600);
            Assert.True(view.Read(5, from, to).Sum(piece => piece.Columns.Count) is >= 200 and <= 400);
            Assert.Equal(
                view.Read(5, from, to).Select(piece => piece.FirstOrdinal).Reverse(),
                view.ReadBackwards(5, from, to).Select(piece => piece.FirstOrdinal)
            );
        }

        Assert.Empty(view.Read(5, start + 4 * 3_600, long.MaxValue));
        Assert.Equal([5L], view.LinksSince(start + 3 * 3_600));
        Assert.Empty(view.LinksSince(start + 4 * 3_600));
    }

    private static async Task CheckLoadedAsync(RowsFixture rows)
    {
        await rows.Compactor.LoadAsync(Cancel);
        rows.Check();
    }
}
