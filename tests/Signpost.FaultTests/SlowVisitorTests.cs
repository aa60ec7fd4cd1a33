using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>Clients that send slowly, byte by byte, do not block other visitors.</summary>
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

    [Fact]
    public async Task More_visitors_than_the_process_may_open_files_do_not_end_it()
    {
        const int Files = 1_024;
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home, before: ["prlimit", $"--nofile={Files}:{Files}"]);
        using var early = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        Assert.Equal(302, (await early.AskAsync(Visitor.Request("/one"), cancel)).Status);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var asking = KeepAskingAsync();
        List<Visitor> idle = [];
        int clicks;
        try
        {
            for (var i = 0; i < 2 * Files; i++)
                if (await Visitor.ConnectAsync(server.Endpoint, cancel) is { } visitor)
                    idle.Add(visitor);
            await end.CancelAsync();
            clicks = 1 + await asking.OrFail("The early visitor's last answer", server.Process.Said);

            var answer = await early
                .AskAsync(Visitor.Request("/one"), cancel)
                .OrFail("The early visitor's answer", server.Process.Said);
            Assert.Equal(302, answer.Status);
        }
        finally
        {
            foreach (var visitor in idle)
                visitor.Dispose();
        }

        Assert.Equal(clicks + 1, await server.ClicksAsync(home.Link("one").Id));
        await server.StopAsync();

        // The early visitor is not idle for a minute, which would end the connection. A busy machine connects the others slowly.
        async Task<int> KeepAskingAsync()
        {
            for (var answered = 0; ; answered++)
            {
                if (end.IsCancellationRequested)
                    return answered;
                Assert.Equal(302, (await early.AskAsync(Visitor.Request("/one"), cancel)).Status);
                await Patience.PassAsync(TimeSpan.FromMilliseconds(200));
            }
        }
    }
}
