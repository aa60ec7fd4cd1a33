using Signpost.Statistics.Answers;
using Signpost.Statistics.Live;
using Signpost.Statistics.Publishing;
using Signpost.Statistics.Questions;

namespace Signpost.Statistics;

/// <summary>Adds what answers questions about clicks over HTTP.</summary>
internal static class StatisticsSetup
{
    public static void AddStatisticsApi(this IServiceCollection services)
    {
        services.AddSingleton<ScopeFinder>();
        services.AddSingleton<StatisticsAnswers>();
        services.AddSingleton<OrphanAnswers>();
        services.AddSingleton<LiveStreams>();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<PublicFigures>();
        services.AddSingleton<FigurePages>();
    }
}
