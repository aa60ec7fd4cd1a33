using System.Net;
using System.Net.Sockets;

namespace Signpost.Visitors;

/// <summary>
/// Finds the IPv4 address inside an IPv6 address of a tunnel: 6to4 (RFC 3056), Teredo (RFC 4380) and NAT64 (RFC 6052). It says
/// where the visitor is; the address of the tunnel says nothing.
/// </summary>
internal static class EmbeddedAddress
{
    /// <summary>The inner address, or the same address if there is none.</summary>
    public static IPAddress Of(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return bytes switch
        {
            [0x20, 0x02, ..] => new(bytes[2..6]),
            // Teredo inverts the bits of the address.
            [0x20, 0x01, 0, 0, ..] => new([(byte)~bytes[12], (byte)~bytes[13], (byte)~bytes[14], (byte)~bytes[15]]),
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] => new(bytes[12..]),
            _ => address,
        };
    }
}
