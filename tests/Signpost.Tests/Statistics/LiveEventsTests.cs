using System.Text;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Statistics.Live;

namespace Signpost.Tests.Statistics;

public sealed class LiveEventsTests
{
    private static readonly TimeZoneInfo Tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    [Fact]
    public async Task A_click_is_written_once_for_all_streams_of_a_time_zone()
    {
        LiveEvents events = new();
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
        LiveEvents events = new();

        for (var round = 0; round < 2; round++)
        for (var id = 1; id <= 3_000; id++)
            Assert.StartsWith(
                $"id: {id}\n",
                Encoding.UTF8.GetString(events.BytesOf(Click(id), TimeZoneInfo.Utc)),
                StringComparison.Ordinal
            );
    }

    private static LiveClick Click(long id) =>
        new(
            id,
            new(
                1,
                0,
                5,
                ClickKind.Person,
                302,
                false,
                ClickPlace.Unknown,
                ClickAgent.Unknown,
                null,
                ClickReferrer.None,
                ClickUtm.None,
                ClickTarget.None
            )
        );
}
