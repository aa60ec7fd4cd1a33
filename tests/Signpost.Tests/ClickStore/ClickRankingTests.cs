namespace Signpost.Tests.ClickStore;

public sealed class ClickRankingTests
{
    private static readonly long[] Links = [.. Enumerable.Range(1, RowsFixture.Links).Select(i => (long)i)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Links_are_ordered_by_clicks_whatever_is_stored_meanwhile()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(11);
        for (var round = 0; round < 30; round++)
        {
            await rows.AppendAsync(rows.Some(chance, chance.Next(60)));
            if (round % 10 == 0)
                rows.Clock.Advance(TimeSpan.FromHours(1));
            if (round % 13 == 0)
                rows.Ranking.Forget();

            var byClicks = Links.OrderBy(link => rows.Expect(link).Count).ThenBy(link => link).ToList();
            Assert.Equal(byClicks, await rows.Ranking.OrderAsync(Links, ascending: true, 0, 1_000, Cancel));
            Assert.Equal(byClicks[5..9], await rows.Ranking.OrderAsync(Links, ascending: true, 5, 4, Cancel));
            byClicks.Reverse();
            Assert.Equal(byClicks[..3], await rows.Ranking.OrderAsync(Links, ascending: false, 0, 3, Cancel));
            Assert.Equal(byClicks, await rows.Ranking.OrderAsync(Links, false, 0, 5_000, Cancel));
        }
    }
}
