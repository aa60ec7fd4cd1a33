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
        services.AddSingleton<Health>();
        services.AddSingleton<ServerFactsReader>();
        services.AddHostedService<Telemetry>();
    }

    public static void PrintBanner(this IServiceProvider services, TextWriter output)
    {
        var directory = services.GetRequiredService<DataDirectory>();
        var address = services.GetRequiredService<PublicAddress>();
        Banner.Print(
            output,
            address.Url,
            directory.Path,
            directory.IsNew,
            $"{services.GetRequiredService<Database>().EngineName} {services.GetRequiredService<Database>().EngineVersion}",
            services.GetRequiredService<GeoDatabase>().Summary,
            services.GetRequiredService<SetUp>().Path
        );
        if (address.Notice is { } notice)
            output.WriteLine($"  {notice}");
        foreach (var name in services.GetRequiredService<SignpostSettings>().Unknown)
            output.WriteLine($"  The setting {name} is unknown and ignored.");
    }
}
