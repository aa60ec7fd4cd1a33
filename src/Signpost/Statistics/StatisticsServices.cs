using Signpost.Statistics.Listing;
using Signpost.Statistics.Live;
using Signpost.Statistics.Publishing;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;
using Signpost.Statistics.Sheets;

namespace Signpost.Statistics;

/// <summary>Adds the services for statistics over HTTP.</summary>
internal static class StatisticsServices
{
    public static void AddStatistics(this IServiceCollection services)
    {
        services.AddSingleton<ScopeFinder>();
        services.AddSingleton<StatisticsResponses>();
        services.AddSingleton<OrphanResponses>();
        services.AddSingleton<SheetReader>();
        services.AddSingleton<ExportReader>();
        services.AddSingleton<ClickPages>();
        services.AddSingleton<LiveStreams>();
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<PublishedFinder>();
        services.AddSingleton<PublicStatistics>();
        services.AddSingleton<PublicStatisticsPages>();
    }
}
