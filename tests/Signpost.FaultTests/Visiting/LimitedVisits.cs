using Signpost.FaultTests.Running;
using Signpost.Testing;

namespace Signpost.FaultTests.Visiting;

/// <summary>Visits of a link with a limit of clicks, whose redirects are counted.</summary>
internal static class LimitedVisits
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Visits some times, and counts the redirects; the other visits must get 503.</summary>
    public static async Task<int> AskAsync(RunningServer server, string path, int times)
    {
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel);
        var redirected = 0;
        for (var visit = 0; visit < times; visit++)
        {
            var status = (await visitor.AskAsync(Visitor.Request(path), Cancel)).Status;
            Assert.True(status is 302 or 503, $"{path}: {status}");
            redirected += status == 302 ? 1 : 0;
        }

        return redirected;
    }

    /// <summary>Visits until the limit is reached, and counts the redirects. Until the fault is over, visits get 503.</summary>
    public static async Task<int> UntilGoneAsync(RunningServer server, string path)
    {
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel);
        var redirected = 0;
        await Patience.UntilAsync(
            async () =>
            {
                int status;
                while ((status = (await visitor.AskAsync(Visitor.Request(path), Cancel)).Status) == 302)
                    redirected++;
                Assert.True(status is 410 or 503, $"{path}: {status}");
                return status == 410;
            },
            $"The limit of {path}",
            server.Process.Said
        );
        return redirected;
    }
}
