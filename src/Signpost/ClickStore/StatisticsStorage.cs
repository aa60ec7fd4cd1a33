using Signpost.ClickStore.Reading;
using Signpost.ClickStore.Rollups;

namespace Signpost.ClickStore;

/// <summary>Adds what keeps statistics and answers from them.</summary>
internal static class StatisticsStorage
{
    public static void AddStatistics(this IServiceCollection services)
    {
        services.AddSingleton<IStatistics, SqliteStatistics>();
        services.AddSingleton<DayCloser>();
        services.AddSingleton<RollupKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<RollupKeeper>());
    }
}
