using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A stopping server answers all requests before it closes their connections.</summary>
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

            await server.StopInTimeAsync();
            await crowd.GoneAsync();

            ledger.IsOrderly(server);
            ledger.IsAnswered(server);
            Assert.True(crowd.Closes > 0, "No answer said that it closes its connection.");
            Assert.All(ledger.Tallies, tally => Assert.Equal(tally.Sent, tally.Arrived));
            // On a busy machine the time for storing may end first: then it says so, and the next start stores the rest.
            if (!server.Process.Said().Contains("stay in the journal", StringComparison.Ordinal))
                Assert.All(ledger.Tallies, IsStored);
        }

        await using (var last = await RunningServer.StartAsync(home))
        {
            await Patience.UntilAsync(
                () => Task.FromResult(ledger.Tallies.All(tally => home.StoredClicks(tally.Link.Id) >= tally.Arrived)),
                "All clicks are stored",
                last.Process.Said
            );
            await last.StopAsync();
        }

        Assert.All(ledger.Tallies, IsStored);
        void IsStored(Tally tally) => Assert.Equal(tally.Arrived, home.StoredClicks(tally.Link.Id));
        TestContext.Current.TestOutputHelper?.WriteLine($"{ledger}");
    }

    [Fact]
    public async Task It_says_that_it_is_leaving_before_it_does()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);
        // All connect before, so that only responses count, not the time of connecting.
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        using var balancer = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        Assert.Equal((302, false), await AskAsync(visitor, "/one"));
        Assert.Equal((200, false), await AskAsync(balancer, "/readyz"));

        server.Process.Signal(Signals.Terminate);
        var last = await Task.WhenAll(AskToTheEndAsync(visitor, "/one"), AskToTheEndAsync(balancer, "/readyz"))
            .OrFail("The last answers", server.Process.Said);

        Assert.Equal([302, 503], last);
        Assert.Equal(0, (await server.Process.EndAsync()).ExitCode);
    }

    private static async Task<(int Status, bool Closes)> AskAsync(Visitor visitor, string path)
    {
        var answer = await visitor.AskAsync(Visitor.Request(path), TestContext.Current.CancellationToken);
        return (answer.Status, answer.Closes);
    }

    /// <summary>Sends requests until a response closes the connection; returns the status of that response.</summary>
    private static async Task<int> AskToTheEndAsync(Visitor visitor, string path)
    {
        while (true)
            if (await AskAsync(visitor, path) is { Closes: true } last)
                return last.Status;
    }
}
