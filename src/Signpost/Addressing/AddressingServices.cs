using Signpost.Hosting;

namespace Signpost.Addressing;

/// <summary>Adds the services that find the owner of a host and of a path.</summary>
internal static class AddressingServices
{
    public static void AddAddressing(this IServiceCollection services, SignpostSettings settings)
    {
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<PublicAddressEditor>();
        services.AddSingleton<DomainDirectory>();
        services.AddSingleton<CaseRules>();
        services.AddSingleton<ShortAddresses>();
        services.AddTrustedProxies(settings);
    }
}
