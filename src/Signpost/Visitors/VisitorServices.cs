using Signpost.Core.Visitors.Agents;
using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>Reads the lists of agents during the start, so that neither the start nor the first visitor waits.</summary>
internal sealed class AgentWarmUp(AgentReader agents) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        agents.Load();
        return Task.CompletedTask;
    }
}

/// <summary>Adds the services that classify visitors and find their places.</summary>
internal static class VisitorServices
{
    public static IServiceCollection AddVisitors(this IServiceCollection services, SignpostSettings settings) =>
        services
            .AddPlaces(settings)
            .AddSingleton<AgentReader>()
            .AddSingleton(new KnownBrowsers(AgentReader.Lines("agents.txt")))
            .AddHostedService<AgentWarmUp>();
}
