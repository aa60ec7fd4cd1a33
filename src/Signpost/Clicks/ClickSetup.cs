using Microsoft.Extensions.DependencyInjection.Extensions;
using Signpost.Changes.Jobs;
using Signpost.Clicks.Classifying;
using Signpost.Clicks.Rows;

namespace Signpost.Clicks;

/// <summary>What the server needs to record clicks and to store them.</summary>
internal static class ClickSetup
{
    /// <summary>
    /// Adds it. The journal opens when the host starts, in the order of registration: after the database's tables are there.
    /// </summary>
    public static IServiceCollection AddClicks(this IServiceCollection services, JournalSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton<ClickJournal>();
        services.AddSingleton<ClickCounts>();
        services.AddSingleton<ClickRecorder>();
        services.AddSingleton<VisitorSalts>();
        services.AddSingleton<ClickClassifier>();
        services.AddSingleton<LinkDirectory>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<Backlog>();
        services.AddSingleton<FreshClicks>();
        services.AddSingleton<ClickArchive>();
        services.AddSingleton<ClickFolder>();
        services.AddSingleton<ClickRanking>();
        services.AddSingleton<IClickStore, SqliteClickStore>();
        // It knows what is stored before anything is added, and folds until nothing is added any more.
        services.AddHostedService(provider => provider.GetRequiredService<ClickFolder>());
        services.AddHostedService<ClickIngestor>();
        services.AddSingleton(provider => new ClickAge(settings.KeptDays, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<GroupRollups>();
        services.AddWorker<ClickErasure>();
        services.AddSingleton<TraceErasure>();
        services.AddHostedService(provider => provider.GetRequiredService<TraceErasure>());
        return services;
    }
}
