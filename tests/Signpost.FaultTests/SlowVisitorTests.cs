using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;

namespace Signpost.FaultTests;

/// <summary>Who sends a byte now and then takes nobody else's place.</summary>
public sealed class SlowVisitorTests
{
    private const int Slow = 300;
    private const int Rounds = 20;

    [Fact]
    public async Task Visitors_that_drip_their_requests_hold_up_nobody()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);
        var request = Visitor.Request("/one", "GET", "X-Slow: " + new string('z', Rounds));
        List<Visitor> slow = [];
        try
        {
            for (var i = 0; i < Slow; i++)
                slow.Add(await Visitor.ConnectOrFailAsync(server.Endpoint, cancel));

            using var swift = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var visitor in slow)
                    await visitor.SendAsync(request.AsMemory(round, 1), cancel);
                var answer = await swift
                    .AskAsync(Visitor.Request("/one"), cancel)
                    .OrFail("A swift visitor's answer", server.Process.Said);
                Assert.Equal(302, answer.Status);
            }

            using var newcomer = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
            Assert.Equal(302, (await newcomer.AskAsync(Visitor.Request("/one"), cancel)).Status);
        }
        finally
        {
            foreach (var visitor in slow)
                visitor.Dispose();
        }

        await server.StopAsync();
        Assert.Equal(Rounds + 1, home.StoredClicks(home.Link("one").Id));
    }
}
