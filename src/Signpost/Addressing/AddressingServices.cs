using Signpost.Hosting;

namespace Signpost.Addressing;

/// <summary>Adds what says which host and which path is whose.</summary>
internal static class AddressingServices
{
    public static void AddAddressing(this IServiceCollection services, SignpostSettings settings)
    {
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<DomainDirectory>();
        services.AddSingleton<ReservedAliases>();
        services.AddTrustedProxies(settings);
    }
}
