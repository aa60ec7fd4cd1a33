using System.Text;
using Signpost.Clicks;
using Signpost.Statistics.Live;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

public sealed class LiveEventsTests
{
    private static readonly TimeZoneInfo Tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    [Fact]
    public async Task A_click_is_written_once_for_all_streams_of_a_time_zone()
    {
        LiveEvents events = new(new(TimeProvider.System));
        var click = Click(7);

        var all = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => events.BytesOf(click, TimeZoneInfo.Utc)))
        );
        var other = events.BytesOf(click, Tokyo);
        var next = events.BytesOf(Click(8), TimeZoneInfo.Utc);

        Assert.All(all, bytes => Assert.Same(all[0], bytes));
        Assert.StartsWith("id: 7\nevent: click\ndata: {", Encoding.UTF8.GetString(all[0]), StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", Encoding.UTF8.GetString(all[0]), StringComparison.Ordinal);
        Assert.Contains("1970-01-01 00:00:00", Encoding.UTF8.GetString(all[0]), StringComparison.Ordinal);
        Assert.Contains("1970-01-01 09:00:00", Encoding.UTF8.GetString(other), StringComparison.Ordinal);
        Assert.StartsWith("id: 8\n", Encoding.UTF8.GetString(next), StringComparison.Ordinal);
    }

    [Fact]
    public void Events_that_are_no_longer_kept_are_written_again()
    {
        LiveEvents events = new(new(TimeProvider.System));

        for (var round = 0; round < 2; round++)
        for (var id = 1; id <= 3_000; id++)
            Assert.StartsWith(
                $"id: {id}\n",
                Encoding.UTF8.GetString(events.BytesOf(Click(id), TimeZoneInfo.Utc)),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Events_of_erased_clicks_go()
    {
        LiveFeed feed = new(TimeProvider.System);
        LiveEvents events = new(feed);
        for (var id = 1; id <= 6; id++)
            events.BytesOf(Click(id, link: id % 3), TimeZoneInfo.Utc);
        var kept = events.BytesOf(Click(3, link: 0), TimeZoneInfo.Utc);
        var before = events.Kept;

        feed.Forget(new HashSet<long> { 1, 2 });

        Assert.InRange(before, 4, 6);
        Assert.InRange(events.Kept, 1, 2);
        Assert.Same(kept, events.BytesOf(Click(3, link: 0), TimeZoneInfo.Utc));
    }

    private static LiveClick Click(long id, long link = 1) => new(id, PlainClick.On(link, visitor: 5));
}
