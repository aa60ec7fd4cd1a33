using System.Net.Sockets;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>SIGTERM stops the server cleanly, also while it starts, and although clients are slow.</summary>
public sealed class StopTests
{
    private static readonly int Moments = Rounds.Of(5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(80);

    [Fact(Timeout = 600_000)]
    public async Task A_server_that_is_starting_stops_with_code_0()
    {
        for (var moment = 0; moment < Moments; moment++)
        {
            await using var home = Installation.Empty();
            await using var server = SignpostProcess.Start(home, [], [("ASPNETCORE_URLS", "http://127.0.0.1:0")]);
            // Before, the runtime itself starts, and no program can hear a signal.
            await Patience.UntilAsync(
                () => Task.FromResult(Directory.Exists(home.DataDirectory)),
                "The start of the program",
                server.Said
            );
            await Patience.PassAsync(moment * Step);

            server.Signal(Signals.Terminate);
            var ended = await server.EndAsync();

            Assert.True(ended.ExitCode == 0, $"Moment {moment}: {ended}");
            Assert.Empty(ended.Errors);
            Assert.DoesNotContain(ended.Output, line => line.Contains("fail:", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_half_sent_request_does_not_hold_up_the_stop()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);
        using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await slow.ConnectAsync(server.Endpoint, cancel);
        await slow.SendAsync("GET /one HTTP/1.1\r\nHost: loc"u8.ToArray(), cancel);

        await server.StopInTimeAsync();

        // After 15 seconds the server would have answered 408.
        Assert.Equal(0, await BytesOfAsync(slow, cancel));
    }

    [Fact]
    public async Task A_locked_database_stops_the_start_with_one_line()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        using var held = home.HoldDatabase();

        await IsOneLineAsync(home, "another program has locked");
    }

    [Fact]
    public async Task A_database_that_is_damaged_inside_stops_the_start_with_one_line()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        using (var file = new FileStream(home.DatabasePath, FileMode.Open, FileAccess.Write))
        {
            file.Position = 5 * 4096;
            file.Write(Enumerable.Repeat((byte)0xBA, (int)(file.Length - file.Position)).ToArray());
        }

        await IsOneLineAsync(home, "database");
    }

    [Fact]
    public async Task A_live_stream_is_told_the_last_clicks()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        using var stream = await server.Http.GetAsync(
            "/api/statistics/live",
            HttpCompletionOption.ResponseHeadersRead,
            cancel
        );
        stream.EnsureSuccessStatusCode();
        var reading = ReadToEndAsync(stream, cancel);
        var clicks = 0;

        server.Process.Signal(Signals.Terminate);
        Answer answer;
        do
        {
            answer = await visitor.AskAsync(Visitor.Request("/one"), cancel);
            clicks++;
        } while (!answer.Closes);

        var told = await reading.OrFail("The end of the stream", server.Process.Said);
        Assert.Equal(0, (await server.Process.EndAsync()).ExitCode);
        Assert.Equal(clicks, told.Split("event: click").Length - 1);
        Assert.Equal(clicks, home.StoredClicks(home.Link("one").Id));
    }

    private static async Task<string> ReadToEndAsync(HttpResponseMessage stream, CancellationToken cancel)
    {
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(cancel));
        return await reader.ReadToEndAsync(cancel);
    }

    private static async Task<int> BytesOfAsync(Socket socket, CancellationToken cancel)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1_024], cancel);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static async Task IsOneLineAsync(Installation home, string what)
    {
        var refused = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains(what, Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Output, line => line.Contains("   at ", StringComparison.Ordinal));
    }
}
