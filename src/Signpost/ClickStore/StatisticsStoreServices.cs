using Signpost.ClickStore.Reading;
using Signpost.ClickStore.Rollups;

namespace Signpost.ClickStore;

/// <summary>Adds the services that keep and read statistics.</summary>
internal static class StatisticsStoreServices
{
    public static void AddStatisticsStore(this IServiceCollection services)
    {
        services.AddSingleton<IStatistics, SqliteStatistics>();
        services.AddSingleton<DamagedColumns>();
        services.AddSingleton<DayRollupJob>();
        services.AddSingleton<RollupJob>();
        services.AddHostedService(provider => provider.GetRequiredService<RollupJob>());
    }
}
