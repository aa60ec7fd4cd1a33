using System.Globalization;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>If a flush to the disk fails, no visitor has got a redirect for a click that is not stored.</summary>
public sealed class FailedFlushTests
{
    private const int Limit = 400;

    private static readonly SeededLink[] Links = [new("limited", Limit), new("plain")];
    private static readonly (string, string) OnDisk = ("SIGNPOST_CLICK_DURABILITY", "disk");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("EIO")]
    [InlineData("ENOSPC")]
    public async Task Whichever_flush_fails_every_redirected_click_is_there_after_a_kill(string error)
    {
        const int Flushes = 20;
        await using var home = await Installation.SeededAsync(Links);
        var arrived = 0;
        await using (var server = await RunningServer.StartAsync(home, OnDisk))
        {
            for (var nth = 1; nth <= Flushes; nth++)
            {
                await using (await FailFlushesAsync(server, home, error, $"{nth}"))
                    arrived += await AskUntilRefusedAsync(server, home, atMost: nth);
                await UntilRecordedAsync(server);
                arrived++;
            }

            await server.KillAsync();
        }

        Assert.True(arrived >= Flushes * 3, $"{arrived}");
        await using var again = await RunningServer.StartAsync(home, OnDisk);
        Assert.Equal(arrived, await again.ClicksAsync(home.Link("limited").Id));
        Assert.Equal(arrived, await again.ClicksAsync(home.Link("plain").Id));
        Assert.Equal(Limit, arrived + await LimitedVisits.UntilGoneAsync(again, "/limited"));
    }

    [Fact]
    public async Task While_every_flush_fails_plain_links_go_on_after_ten_seconds_and_limited_ones_do_not()
    {
        await using var home = await Installation.SeededAsync(Links);
        await using var server = await RunningServer.StartAsync(home, OnDisk);
        await UntilRecordedAsync(server);
        await using (await FailFlushesAsync(server, home, "EIO", "1+"))
        {
            using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel);
            Assert.Equal(503, (await visitor.AskAsync(Visitor.Request("/plain"), Cancel)).Status);
            Assert.Equal(503, (await visitor.AskAsync(Visitor.Request("/plain"), Cancel)).Status);
            Assert.Equal(503, (await server.ReadinessAsync()).Status);

            await Patience.UntilAsync(
                async () => (await visitor.AskAsync(Visitor.Request("/plain"), Cancel)).Status == 302,
                "A redirect",
                server.Process.Said,
                pause: TimeSpan.FromSeconds(0.5)
            );

            Assert.Equal(503, (await visitor.AskAsync(Visitor.Request("/limited"), Cancel)).Status);
            var readiness = await server.ReadinessAsync();
            Assert.Equal(503, readiness.Status);
            Assert.Contains("flushing to disk", readiness.Text, StringComparison.Ordinal);
            Assert.InRange(readiness.Unrecorded, 10, 1_000);
        }

        await UntilRecordedAsync(server);
        Assert.Equal(200, (await server.ReadinessAsync()).Status);
        Assert.Equal(2, await server.ClicksAsync(home.Link("limited").Id));
        await server.StopAsync();
        Assert.Equal(2, home.StoredClicks(home.Link("limited").Id));
        Assert.Equal(2, home.StoredClicks(home.Link("plain").Id));
    }

    // The database is flushed by other threads, and its files are not among these.
    private static Task<FailingCalls> FailFlushesAsync(
        RunningServer server,
        Installation home,
        string error,
        string when
    ) =>
        FailingCalls.OfProcessAsync(
            server.Process.Id,
            $"fdatasync:error={error}:when={when}",
            Enumerable
                .Range(1, 150)
                .Select(number =>
                    Path.Combine(home.JournalPath, number.ToString("D10", CultureInfo.InvariantCulture) + ".seg")
                )
        );

    // Each round visits both links, each link with one flush.
    private static async Task<int> AskUntilRefusedAsync(RunningServer server, Installation home, int atMost)
    {
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel);
        for (var rounds = 0; rounds <= atMost; rounds++)
        {
            var limited = await visitor.AskAsync(Visitor.Request("/limited"), Cancel);
            if (limited.Status != 302)
                return Refused(limited, rounds);
            var plain = await visitor.AskAsync(Visitor.Request("/plain"), Cancel);
            if (plain.Status == 302)
                continue;

            Refused(plain, rounds);
            // So both links have the same number.
            await UntilAsync(visitor, "/plain", server);
            return rounds + 1;
        }

        throw new InvalidOperationException($"No flush failed in {atMost} rounds. {server.Process.Said()}");
    }

    private static int Refused(Answer answer, int rounds)
    {
        Assert.Equal(503, answer.Status);
        Assert.Equal("5", answer.RetryAfter);
        return rounds;
    }

    private static async Task UntilRecordedAsync(RunningServer server)
    {
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel);
        await UntilAsync(visitor, "/limited", server);
        await UntilAsync(visitor, "/plain", server);
    }

    private static Task UntilAsync(Visitor visitor, string path, RunningServer server) =>
        Patience.UntilAsync(
            async () => (await visitor.AskAsync(Visitor.Request(path), Cancel)).Status == 302,
            $"A redirect of {path}",
            server.Process.Said
        );
}
