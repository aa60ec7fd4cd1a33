using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Signpost.FaultTests.Running;

/// <summary>The response of <c>/readyz</c>.</summary>
internal sealed record Readiness(int Status, long Unrecorded, long JournalBytes, string Text);

/// <summary>A server that has started, on a free port.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private readonly SignpostProcess _process;

    private RunningServer(SignpostProcess process, string address)
    {
        (_process, Address) = (process, new Uri(address));
        Http = NewClient();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Installation.ApiKey);
    }

    public Uri Address { get; }

    public IPEndPoint Endpoint => new(IPAddress.Loopback, Address.Port);

    /// <summary>Sends the admin's key; follows no redirect.</summary>
    public HttpClient Http { get; }

    public SignpostProcess Process => _process;

    /// <summary>Starts it, and returns when it serves.</summary>
    public static Task<RunningServer> StartAsync(Installation home, params (string Name, string Value)[] settings) =>
        StartAsync(home, [], settings);

    /// <param name="before">A program to start it under, with its arguments.</param>
    public static async Task<RunningServer> StartAsync(
        Installation home,
        string[] before,
        params (string Name, string Value)[] settings
    )
    {
        (string, string)[] all =
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("SIGNPOST_API_REQUESTS_PER_MINUTE", "0"),
            .. settings,
        ];
        return await ServesAsync(SignpostProcess.Start(home, [], all, before));
    }

    /// <summary>Returns when the process serves.</summary>
    public static async Task<RunningServer> ServesAsync(SignpostProcess process)
    {
        try
        {
            // The banner is printed when the server listens.
            var line = await process.LineAsync(line =>
                line.TrimStart().StartsWith("Address ", StringComparison.Ordinal)
            );
            return new RunningServer(process, line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public HttpClient NewClient()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = Address,
        };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (a person; a test)");
        return client;
    }

    public async Task<Readiness> ReadinessAsync()
    {
        // Without the key, which would be looked up in the database.
        using var anybody = NewClient();
        using var answer = await anybody.GetAsync("/readyz", TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(text);
        return new(
            (int)answer.StatusCode,
            json.RootElement.GetProperty("unrecorded_clicks").GetInt64(),
            json.RootElement.GetProperty("journal_bytes").GetInt64(),
            text
        );
    }

    /// <summary>A link's clicks, as the API returns them.</summary>
    public async Task<long> ClicksAsync(long linkId)
    {
        using var answer = await Http.GetAsync($"/api/links/{linkId}", TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("data").GetProperty("clicks").GetInt64();
    }

    /// <summary>Ends it without a warning, as the kernel would.</summary>
    public async Task KillAsync()
    {
        _process.Signal(Signals.Kill);
        await _process.EndAsync();
    }

    /// <summary>Stops the server normally, and expects that it ends without an error.</summary>
    public async Task StopAsync()
    {
        _process.Signal(Signals.Terminate);
        var ended = await _process.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    /// <summary>Stops the server normally, and fails if that takes longer than operators are told: 10 seconds.</summary>
    public async Task StopInTimeAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        await StopAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, LongestStop);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }
}
