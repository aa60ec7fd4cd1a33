using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;

namespace Signpost.FaultTests;

/// <summary>If a flush to the disk fails, the process ends, and no visitor has got a success for an unstored click.</summary>
public sealed class FailedFlushTests
{
    [Fact]
    public async Task A_failed_flush_acknowledges_nothing_and_ends_the_process()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(
            new SeededLink("limited", Limit: 1_000),
            new SeededLink("plain")
        );
        // Each thread's first three flushes succeed, all others fail. strace steps aside (-D): the process is ours.
        string[] failing =
        [
            "strace",
            "-D",
            "-f",
            "-qq",
            "-o",
            Path.Combine(home.Root, "strace.log"),
            "-e",
            "trace=fdatasync",
            "-e",
            "inject=fdatasync:error=EIO:when=4+",
        ];
        var arrived = 0;
        var sent = 0;
        await using (var server = await RunningServer.StartAsync(home, failing, ("SIGNPOST_CLICK_DURABILITY", "disk")))
        {
            using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
            Answer answer;
            do
            {
                sent++;
                answer = await visitor.AskAsync(Visitor.Request("/limited"), cancel);
                arrived += answer.Status == 302 ? 1 : 0;
            } while (answer.Status == 302 && sent < 1_000);

            Assert.Equal(503, answer.Status);
            Assert.InRange(arrived, 1, 100);
            Assert.NotEqual(302, await AskLateAsync(server, cancel));
            var ended = await server.Process.EndAsync();
            Assert.Equal(1, ended.ExitCode);
            Assert.Contains(
                ended.Output,
                line => line.Contains("Flushing the click journal", StringComparison.Ordinal)
            );
        }

        await using var again = await RunningServer.StartAsync(home);
        Assert.InRange(await again.ClicksAsync(home.Link("limited").Id), arrived, sent);
    }

    // While the server stops, it returns 503 or no longer listens.
    private static async Task<int?> AskLateAsync(RunningServer server, CancellationToken cancel)
    {
        try
        {
            using var response = await server.Http.GetAsync("/plain", cancel);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
