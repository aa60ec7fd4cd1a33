using System.Net;

namespace Signpost.Outbound;

/// <summary>Where our requests may go, and how names become addresses. A test replaces it to reach a server of its own.</summary>
internal sealed record OutboundReach
{
    /// <summary>The usual ports of the public internet, with the machine's own resolver.</summary>
    public static OutboundReach Public { get; } = new();

    public Func<IPAddress, bool> IsAllowed { get; init; } = PublicInternet.Contains;

    public Func<int, bool> IsPortAllowed { get; init; } = port => port is 80 or 443;

    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
