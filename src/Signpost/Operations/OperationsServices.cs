using Signpost.Accounts;
using Signpost.Addressing;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Visitors;

namespace Signpost.Operations;

/// <summary>Adds health, metrics and the banner.</summary>
internal static class OperationsServices
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<Pressure>();
        services.AddHostedService<Telemetry>();
    }

    public static void PrintBanner(this WebApplication app, TextWriter output)
    {
        var directory = app.Services.GetRequiredService<DataDirectory>();
        Banner.Print(
            output,
            app.Services.GetRequiredService<PublicAddress>().Url,
            directory.Path,
            directory.IsNew,
            app.Services.GetRequiredService<Database>().EngineVersion,
            app.Services.GetRequiredService<GeoDatabase>().Summary,
            app.Services.GetRequiredService<SetUp>().Path
        );
        foreach (var name in app.Services.GetRequiredService<SignpostSettings>().Unknown)
            output.WriteLine($"  The setting {name} is unknown and ignored.");
    }
}
