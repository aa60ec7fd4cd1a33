using Signpost.Core.Clicks;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A limit is exact, even when many visitors race for the last click.</summary>
public sealed class LimitTests
{
    private const int Limit = 40;

    [Fact]
    public async Task Exactly_as_many_arrive_as_the_limit_allows_and_none_after_a_restart()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("few", Limit));
        await using (var server = await RunningServer.StartAsync(home))
        {
            await SpendNothingAsync(server);
            var statuses = await RaceAsync(server, 10 * Limit);

            Assert.Equal(Limit, statuses.Count(status => status == 302));
            Assert.Equal(9 * Limit, statuses.Count(status => status == 410));
            await server.KillAsync();
        }

        await using var again = await RunningServer.StartAsync(home);
        Assert.All(await RaceAsync(again, 10 * Limit), status => Assert.Equal(410, status));
        await again.StopAsync();

        var link = home.Link("few").Id;
        Assert.Equal(Limit, home.StoredClicks(link));
        Assert.Equal(19 * Limit, home.Stored(link, ClickKind.Limited));
    }

    [Fact]
    public async Task What_a_killed_process_gave_away_is_missing_in_the_race_right_after_the_restart()
    {
        const int Before = 13;
        await using var home = await Installation.SeededAsync(new SeededLink("few", Limit));
        await using (var server = await RunningServer.StartAsync(home))
        {
            Assert.All(await RaceAsync(server, Before), status => Assert.Equal(302, status));
            await server.KillAsync();
        }

        await using var again = await RunningServer.StartAsync(home);
        var statuses = await RaceAsync(again, 10 * Limit);

        Assert.Equal(Limit - Before, statuses.Count(status => status == 302));
        await again.StopAsync();
        Assert.Equal(Limit, home.StoredClicks(home.Link("few").Id));
    }

    private static async Task SpendNothingAsync(RunningServer server)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        string[] robot = ["User-Agent: Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"];
        for (var i = 0; i < 2 * Limit; i++)
        {
            var head = await visitor.AskAsync(Visitor.Request("/few", "HEAD"), cancel, hasBody: false);
            var crawl = await visitor.AskAsync(Visitor.Request("/few", "GET", robot), cancel);
            var ahead = await visitor.AskAsync(Visitor.Request("/few", "GET", "Sec-Purpose: prefetch"), cancel);

            Assert.Equal((200, 200, 503), (head.Status, crawl.Status, ahead.Status));
            Assert.All([head, crawl, ahead], answer => Assert.Null(answer.Location));
        }
    }

    // All connect before the first request.
    private static async Task<int[]> RaceAsync(RunningServer server, int visitors)
    {
        var cancel = TestContext.Current.CancellationToken;
        var request = Visitor.Request("/few");
        List<Visitor> all = [];
        try
        {
            for (var i = 0; i < visitors; i++)
                all.Add(await Visitor.ConnectOrFailAsync(server.Endpoint, cancel));
            var answers = await Task.WhenAll(all.Select(visitor => visitor.AskAsync(request, cancel)))
                .OrFail("Everybody's answer", server.Process.Said);
            return [.. answers.Select(answer => answer.Status)];
        }
        finally
        {
            foreach (var visitor in all)
                visitor.Dispose();
        }
    }
}
