using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Signpost.Outbound;

/// <summary>Adds the client for addresses that accounts name.</summary>
internal static class OutboundServices
{
    public static void AddOutbound(this IServiceCollection services)
    {
        services.TryAddSingleton(OutboundReach.Public);
        services.AddSingleton<OutboundClient>();
    }
}
