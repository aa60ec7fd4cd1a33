using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>Connections never take the files that the database and the journal need.</summary>
public sealed class OpenFilesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_idle_connections_leave_files_for_the_journal()
    {
        const int Clicks = 120_000;
        const int Idle = 600;
        await using var home = await Installation.SeededAsync(new SeededLink("plain"));
        await using var server = await RunningServer.StartAsync(home, Limited(448));
        List<Visitor> idle = [];
        try
        {
            using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel);
            for (var i = 0; i < Idle; i++)
            {
                // On a busy machine all this takes longer than an unused connection lives.
                Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/plain"), Cancel)).Status);
                idle.Add(await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel));
            }

            // More than one segment of the journal.
            const int Together = 500;
            var requests = Enumerable.Repeat(Visitor.Request("/plain"), Together).SelectMany(bytes => bytes).ToArray();
            for (var sent = 0; sent < Clicks; sent += Together)
            {
                await visitor.SendAsync(requests, Cancel);
                for (var i = 0; i < Together; i++)
                    Assert.Equal(302, (await visitor.ReadAsync(Cancel)).Status);
            }
        }
        finally
        {
            idle.ForEach(visitor => visitor.Dispose());
        }

        Assert.False(server.Process.HasExited, server.Process.Said());
        await Patience.UntilAsync(
            async () => await server.ReadinessAsync() is { Status: 200, JournalBytes: 0, Unrecorded: 0 },
            "Readiness",
            server.Process.Said
        );
        Assert.Equal(Clicks + Idle, await server.ClicksAsync(home.Link("plain").Id));
    }

    [Fact]
    public async Task A_start_with_too_few_files_is_refused_in_one_line()
    {
        await using var home = Installation.Empty();
        await using var process = SignpostProcess.Start(home, ["--urls", "http://127.0.0.1:0"], [], Limited(256));

        var ended = await process.EndAsync();

        Assert.True(ended.ExitCode == 1, ended.ToString());
        Assert.Contains("only 256 files", Assert.Single(ended.Errors), StringComparison.Ordinal);
    }

    private static string[] Limited(int files) => ["prlimit", $"--nofile={files}:{files}"];
}
