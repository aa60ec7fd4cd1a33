using Signpost.Changes.Jobs;
using Signpost.Clicks;
using Signpost.ClickStore.Blocks;
using Signpost.ClickStore.Chunks;
using Signpost.ClickStore.Rollups;
using Signpost.Hosting;
using Signpost.Journal;

namespace Signpost.ClickStore;

/// <summary>Adds the store of clicks.</summary>
internal static class ClickStoreServices
{
    public static void AddClickStore(this IServiceCollection services)
    {
        services.AddSingleton<RecentClicks>();
        services.AddSingleton<ClickArchive>();
        services.AddSingleton<ClickCompactor>();
        services.AddSingleton<ClickRanks>();
        services.AddHostedService(provider => provider.GetRequiredService<ClickRanks>());
        services.AddSingleton<IClickStore, SqliteClickStore>();
        // The compactor reads the stored blocks before clicks are added, and runs until the last click is added.
        services.AddHostedService(provider => provider.GetRequiredService<ClickCompactor>());
        services.AddSingleton(provider => new ClickAge(
            provider.GetRequiredService<JournalSettings>().KeptDays,
            provider.GetRequiredService<ExpiryClock>()
        ));
        services.AddSingleton<GroupRollups>();
        services.AddWorker<ClickErasure>();
    }
}
