using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>Reads what tells agents apart beside the start, so that neither it nor the first visitor waits.</summary>
internal sealed class AgentWarmUp(AgentReader agents) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        agents.Load();
        return Task.CompletedTask;
    }
}

/// <summary>Adds what tells who visits, and from where.</summary>
internal static class VisitorServices
{
    public static IServiceCollection AddVisitors(this IServiceCollection services, SignpostSettings settings) =>
        services.AddPlaces(settings).AddSingleton<AgentReader>().AddHostedService<AgentWarmUp>();
}
