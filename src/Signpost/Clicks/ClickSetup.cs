using Microsoft.Extensions.DependencyInjection.Extensions;
using Signpost.Clicks.Classifying;

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
        services.AddSingleton<IClickStore, SqliteClickStore>();
        services.AddHostedService<ClickIngestor>();
        return services;
    }
}
