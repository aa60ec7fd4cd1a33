using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>Reads the lists of robots beside the start, so that neither it nor the first visitor waits.</summary>
internal sealed class RobotListWarmUp(RobotList robots) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        robots.Load();
        return Task.CompletedTask;
    }
}

/// <summary>Adds what tells who visits, and from where.</summary>
internal static class VisitorsSetup
{
    public static IServiceCollection AddVisitors(this IServiceCollection services, SignpostSettings settings) =>
        services.AddPlaces(settings).AddSingleton<RobotList>().AddHostedService<RobotListWarmUp>();
}
