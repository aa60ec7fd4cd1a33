using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signpost.FaultTests.Running;

/// <summary>Receives OTLP over HTTP, and keeps each message as text, in which names are readable.</summary>
internal sealed class Collector(WebApplication app) : IAsyncDisposable
{
    private readonly TaskCompletionSource<string> _metrics = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _traces = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _messages = [];
    private readonly ConcurrentQueue<string> _authorizations = [];

    public string Address => app.Urls.First();

    /// <summary>The first message with metrics.</summary>
    public Task<string> Metrics => _metrics.Task;

    /// <summary>The first message with traces.</summary>
    public Task<string> Traces => _traces.Task;

    /// <summary>All messages so far.</summary>
    public string Text => string.Join('\n', _messages);

    /// <summary>The header <c>Authorization</c> of each message so far.</summary>
    public IEnumerable<string> Authorizations => _authorizations;

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new Collector(app);
        app.MapPost("/v1/metrics", http => collector.KeepAsync(http, collector._metrics));
        app.MapPost("/v1/traces", http => collector.KeepAsync(http, collector._traces));
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task KeepAsync(HttpContext http, TaskCompletionSource<string> first)
    {
        using var body = new StreamReader(http.Request.Body, Encoding.Latin1);
        var message = await body.ReadToEndAsync(http.RequestAborted);
        _messages.Enqueue(message);
        _authorizations.Enqueue($"{http.Request.Headers.Authorization}");
        first.TrySetResult(message);
    }
}
