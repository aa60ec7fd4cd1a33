using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;

namespace Signpost.FaultTests;

/// <summary>Stopping hangs up on nobody.</summary>
public sealed class DrainTests
{
    private const int Rounds = 5;

    [Fact]
    public async Task Every_request_is_answered_and_every_click_stored_when_it_stops_under_load()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"), new SeededLink("two"));
        var ledger = new Ledger(home.Links);
        for (var round = 1; round <= Rounds; round++)
        {
            await using var server = await RunningServer.StartAsync(home);
            await using var crowd = Crowd.Gather(server.Endpoint, ledger, visitors: 24);
            await crowd.Begun.OrFail("The first answer", server.Process.Said);

            await server.StopAsync();
            await crowd.GoneAsync().ContinueWith(_ => true, TaskScheduler.Default).OrFail("The end of the visits");

            Assert.Empty(ledger.Surprises);
            Assert.Empty(ledger.Unanswered);
            Assert.True(crowd.Closes >= 24, $"Only {crowd.Closes} answers said that they close their connection.");
            Assert.All(ledger.Tallies, tally => Assert.Equal(tally.Sent, tally.Arrived));
            Assert.All(ledger.Tallies, tally => Assert.Equal(tally.Arrived, home.StoredClicks(tally.Link.Id)));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{ledger}");
    }

    [Fact]
    public async Task It_says_that_it_is_leaving_before_it_does()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);
        using var waiting = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        Assert.False((await waiting.AskAsync(Visitor.Request("/one"), cancel)).Closes);

        server.Process.Signal(Signals.Terminate);
        var ready = 200;
        await Patience.UntilAsync(
            async () =>
            {
                // None means that it was gone before anybody heard of it.
                using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
                var answer = await visitor.AskAsync(Visitor.Request("/readyz"), cancel);
                ready = answer.Status;
                return answer.Closes;
            },
            "The notice"
        );

        Assert.Equal(503, ready);
        var last = await waiting.AskAsync(Visitor.Request("/one"), cancel);
        Assert.Equal((302, true), (last.Status, last.Closes));
        Assert.Equal(0, (await server.Process.EndAsync()).ExitCode);
    }
}
