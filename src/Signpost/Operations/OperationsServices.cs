using Signpost.Accounts;
using Signpost.Addressing;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;
using Signpost.Visitors;

namespace Signpost.Operations;

/// <summary>Adds health, metrics and the banner.</summary>
internal static class OperationsServices
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.AddHostedService<Telemetry>();
    }

    /// <summary>
    /// A failed flush may have lost data, and another try would only hide it (PostgreSQL, "fsyncgate", 2018). So the process ends,
    /// and the next start reads the data that is on the disk.
    /// </summary>
    public static void StopWhenJournalFails(this WebApplication app) =>
        app
            .Services.GetRequiredService<ClickJournal>()
            .Failed.Register(() =>
            {
                Environment.ExitCode = 1;
                app.Lifetime.StopApplication();
            });

    public static void PrintBanner(this WebApplication app, TextWriter output)
    {
        var database = app.Services.GetRequiredService<Database>();
        Banner.Print(
            output,
            app.Services.GetRequiredService<PublicAddress>().Url,
            database.Path,
            database.EngineVersion,
            app.Services.GetRequiredService<GeoDatabase>().Summary,
            app.Services.GetRequiredService<SetUp>().Path
        );
        foreach (var name in app.Services.GetRequiredService<SignpostSettings>().Unknown)
            output.WriteLine($"  The setting {name} is unknown and ignored.");
    }
}
