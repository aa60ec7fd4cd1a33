using Signpost.Addressing;
using Signpost.Clicks.Classifying;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Clicks;

/// <summary>Adds the services that record, classify and ingest clicks.</summary>
internal static class ClickServices
{
    public static IServiceCollection AddClicks(this IServiceCollection services)
    {
        services.AddSingleton<ClickCounts>();
        services.AddSingleton<ClickRecorder>();
        services.AddSingleton<VisitorSalts>();
        services.AddSingleton<LinkDestinations>();
        services.AddSingleton(all => new ClickHosts(
            all.GetRequiredService<Database>(),
            () => all.GetRequiredService<PublicAddress>().Url
        ));
        services.AddSingleton<ClickClassifier>();
        services.AddSingleton<LinkOwners>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<Backlog>();
        services.AddSingleton(all => new StoringTrouble(
            all.GetRequiredService<DataDirectory>().Path,
            all.GetRequiredService<TimeProvider>(),
            all.GetRequiredService<ILogger<StoringTrouble>>()
        ));
        services.AddHostedService<ClickIngestor>();
        services.AddHostedService<LastClicks>();
        return services;
    }
}
