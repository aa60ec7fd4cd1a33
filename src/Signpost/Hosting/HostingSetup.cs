using Signpost.Storage;

namespace Signpost.Hosting;

/// <summary>Adds what every feature stands on.</summary>
internal static class HostingSetup
{
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
        builder.Services.AddSingleton(_ => new BackgroundLanes(TimeProvider.System));
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.AddSingleton<InstallationKey>();
        builder.Services.AddSingleton<DomainDirectory>();
        builder.Services.AddTrustedProxies(settings);
    }
}
