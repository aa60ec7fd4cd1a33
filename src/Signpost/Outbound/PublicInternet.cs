using System.Net;
using System.Net.Sockets;

namespace Signpost.Outbound;

/// <summary>
/// Tells public addresses from addresses inside this machine, its network or its cloud. An account may only name public ones.
/// Otherwise our server would read pages for strangers that only it can see.
/// </summary>
internal static class PublicInternet
{
    // RFC 6890 and its registries. 192.88.99/24, 64:ff9b::/96, 2002::/16 and 2001::/32 are tunnels, which could end anywhere.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    public static bool Contains(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        // A zone belongs to an address of this machine's links. Addresses outside 2000::/3 are not assigned.
        if (
            plain.AddressFamily == AddressFamily.InterNetworkV6
            && (plain.ScopeId != 0 || (plain.GetAddressBytes()[0] & 0xE0) != 0x20)
        )
            return false;

        foreach (var network in NotPublic)
            if (network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain))
                return false;

        return true;
    }
}
