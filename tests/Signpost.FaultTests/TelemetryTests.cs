using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>Metrics and traces reach the address in the settings.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_and_traces_arrive_over_OTLP()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var collector = await Collector.StartAsync();
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(
            home,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("SIGNPOST_NODE_NAME", "node-of-this-test")
        );
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/one"), cancel)).Status);

        var metrics = await collector.Metrics.OrFail("The arrival of metrics", server.Process.Said);
        await collector.Traces.OrFail("The arrival of traces", server.Process.Said);

        Assert.Contains("signpost.clicks.unrecorded", metrics, StringComparison.Ordinal);
        Assert.Contains("signpost.journal.pending", metrics, StringComparison.Ordinal);
        Assert.Contains("signpost.database.longest_write", metrics, StringComparison.Ordinal);
        Assert.Contains("node-of-this-test", metrics, StringComparison.Ordinal);
        await server.StopAsync();
    }

    [Fact]
    public async Task A_collector_that_is_away_disturbs_nobody()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(
            home,
            // Nobody listens to the discard port here.
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "100")
        );
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/one"), cancel)).Status);

        await server.StopAsync();
        Assert.Equal(1, home.StoredClicks(home.Link("one").Id));
    }
}
