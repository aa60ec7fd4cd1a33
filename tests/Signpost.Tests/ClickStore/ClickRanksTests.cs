namespace Signpost.Tests.ClickStore;

public sealed class ClickRanksTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_order_by_clicks_follows_what_is_stored_also_after_a_restart()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(11);
        for (var round = 0; round < 12; round++)
        {
            await rows.AppendAsync(rows.Some(chance, chance.Next(60)));
            if (round % 5 == 4)
                rows.Boot();
            if (round % 3 == 0)
                continue;

            await rows.Ranks.RankAsync(Cancel);
            await using var db = rows.Database.Read();
            var ranks = db.Links.ToDictionary(link => link.Id, link => link.RankedClicks);
            Assert.Equal(RowsFixture.Links, ranks.Count);
            Assert.All(ranks, rank => Assert.Equal(rows.Expect(rank.Key).Count, rank.Value));
            Assert.Empty(db.UnrankedLinks);
        }
    }
}
