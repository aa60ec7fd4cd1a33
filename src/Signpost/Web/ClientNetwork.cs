using System.Net;
using System.Net.Sockets;

namespace Signpost.Web;

/// <summary>Client addresses without the part that identifies a person's machine.</summary>
internal static class ClientNetwork
{
    /// <summary>One client: an IPv4 address, or an IPv6 network, since one customer has 2^64 addresses.</summary>
    public static IPAddress One(IPAddress? address)
    {
        if (address is null || address.IsIPv4MappedToIPv6 || address.AddressFamily != AddressFamily.InterNetworkV6)
            return address?.MapToIPv4() ?? IPAddress.None;
        return Cut(address, 8);
    }

    /// <summary>The network that is kept and shown: <c>203.0.113.0/24</c>, <c>2001:db8::/48</c>.</summary>
    public static string Shown(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork ? $"{Cut(address, 3)}/24" : $"{Cut(address, 6)}/48";
    }

    private static IPAddress Cut(IPAddress address, int bytesKept)
    {
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(bytesKept).Clear();
        return new IPAddress(bytes);
    }
}
