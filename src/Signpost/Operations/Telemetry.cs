using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Signpost.Accounts.Audit;
using Signpost.Clicks;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Redirects;
using Signpost.Storage;
using Signpost.Visitors;

namespace Signpost.Operations;

/// <summary>Owns every instrument, and sends metrics and traces over OTLP if OTEL_EXPORTER_OTLP_ENDPOINT is set.</summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    private const string Name = "Signpost";

    private readonly SignpostSettings _settings;
    private readonly Meter _meter;
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Telemetry(
        SignpostSettings settings,
        ClickJournal journal,
        Backlog backlog,
        BackgroundLanes lanes,
        PlanCache plans,
        AuditLog audit,
        Database database,
        AgentReader agents,
        Pressure pressure
    )
    {
        _settings = settings;
        // A process may hold several servers, as in tests: the scope says whose metrics these are.
        _meter = new(new MeterOptions(Name) { Scope = settings });
        _meter.CreateObservableCounter(
            "signpost.clicks.unrecorded",
            () => journal.State.Unrecorded,
            "{click}",
            "Visits that were not journaled, because there was no room or flushing failed"
        );
        _meter.CreateObservableUpDownCounter(
            "signpost.journal.pending",
            () => journal.State.BytesPending,
            "By",
            "Journaled and not yet stored"
        );
        _meter.CreateObservableGauge(
            "signpost.journal.age",
            () => backlog.Age.TotalSeconds,
            "s",
            "How long the oldest click has waited to be stored"
        );
        _meter.CreateObservableCounter(
            "signpost.background.relieved",
            () => lanes.Relieved,
            "{piece}",
            "Pieces of background work that ordinary threads took over"
        );
        _meter.CreateObservableUpDownCounter(
            "signpost.journal.undeleted",
            () => journal.State.Undeleted,
            "{segment}",
            "Files of the journal whose clicks are stored, and that could not be deleted yet"
        );
        _meter.CreateObservableCounter(
            "signpost.audit.dropped",
            () => audit.Dropped,
            "{entry}",
            "Refusals that are missing from the audit log, because the database was too slow or failed"
        );
        _meter.CreateObservableUpDownCounter(
            "signpost.plans.size",
            () => plans.Bytes,
            "By",
            "Compiled links held in memory"
        );
        _meter.CreateObservableGauge(
            "signpost.database.longest_write",
            () => database.LongestHold.TotalSeconds,
            "s",
            "The longest time that one write kept the others waiting since the start"
        );
        _meter.CreateObservableGauge(
            "signpost.collections.longest_pause",
            static () => CollectionPauses.Longest.TotalSeconds,
            "s",
            "How long one garbage collection has stopped everything, at most, since the start"
        );
        _meter.CreateObservableCounter(
            "signpost.agents.unread",
            () => agents.Unread,
            "{agent}",
            "User agents whose system, browser and device are unknown, because finding them would have taken too long"
        );
        Publish(pressure);
    }

    private void Publish(Pressure pressure)
    {
        _meter.CreateObservableUpDownCounter(
            "signpost.waiting",
            pressure.Waiting,
            "{item}",
            "Work that waits or runs at a place that takes only some at once"
        );
        _meter.CreateObservableCounter(
            "signpost.refused",
            pressure.Refused,
            "{request}",
            "Requests that were refused, because a limit was reached or too many waited"
        );
        _meter.CreateObservableCounter(
            "signpost.failed",
            pressure.Failed,
            "{failure}",
            "Work of the server itself that failed, and is tried again or left out"
        );
        _meter.CreateObservableUpDownCounter(
            "signpost.live.listeners",
            () => pressure.Listeners,
            "{stream}",
            "Open live streams"
        );
        _meter.CreateObservableCounter(
            "signpost.live.missed",
            () => pressure.Missed,
            "{click}",
            "Clicks that slow listeners of live streams did not get"
        );
        _meter.CreateObservableUpDownCounter(
            "signpost.disk.reserve_given_up",
            () => pressure.ReserveIsGivenUp ? 1 : 0,
            "{reserve}",
            "1 while the reserve on the disk is given up, because the disk is full"
        );
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_settings.OtlpEndpoint is null)
            return Task.CompletedTask;

        var resource = ResourceBuilder
            .CreateDefault()
            .AddService(
                "signpost",
                serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3),
                serviceInstanceId: _settings.NodeName
            );
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(
                Name,
                "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel",
                "Microsoft.AspNetCore.RateLimiting",
                "System.Runtime"
            )
            .AddOtlpExporter()
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore")
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _metrics?.ForceFlush(2_000);
        _traces?.ForceFlush(2_000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
        _meter.Dispose();
    }
}
