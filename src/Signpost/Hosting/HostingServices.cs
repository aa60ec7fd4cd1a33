using Signpost.Storage;

namespace Signpost.Hosting;

/// <summary>Adds the services that every feature needs.</summary>
internal static class HostingServices
{
    private const long MostKeptBytes = 80 << 20;

    /// <summary>A picture of the largest size with its type.</summary>
    private const long LargestKeptBytes = (5 << 20) + 1_024;

    public static void AddHosting(
        this WebApplicationBuilder builder,
        SignpostSettings settings,
        DataDirectory directory,
        Database database
    )
    {
        var drain = new Drain();
        Server.ConfigureKestrel(builder, drain);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(directory);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(drain);
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        builder.Services.AddHostedService<DataDirectoryWatch>();
        builder.Services.AddSingleton<ExpiryClock>();
        // First: those that delete by age begin after it.
        builder.Services.AddHostedService<ExpiryClockKeeper>();
        builder.Services.AddSingleton(_ => new BackgroundLanes(TimeProvider.System));
        builder.Services.AddSingleton<PageTurns>();
        builder.Services.AddSingleton<InstallationKey>();
        builder.Services.AddMemoryCache(options => options.SizeLimit = MostKeptBytes);
        builder.Services.AddHybridCache(options => options.MaximumPayloadBytes = LargestKeptBytes);
    }
}
