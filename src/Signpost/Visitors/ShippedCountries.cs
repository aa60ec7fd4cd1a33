using System.Net;
using System.Net.Sockets;
using Signpost.Core.Visitors;
using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>
/// The country data beside the program. It is part of the build, so nobody rewrites it while it is mapped, and
/// one copy serves the whole process.
/// </summary>
internal static class ShippedCountries
{
    private static readonly Lazy<MmdbReader> Opened = new(Open);

    // These addresses are not in the public network; the data assigns some of them to the registries' countries.
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fe80::/10"),
    ];

    public static string FilePath => Path.Combine(AppContext.BaseDirectory, "countries.mmdb");

    /// <exception cref="StartException">The file is missing or damaged.</exception>
    public static MmdbReader Reader => Opened.Value;

    public static Place Find(IPAddress address)
    {
        var place = Reader.Find(address);
        return place.CountryCode is null || !IsPrivate(address) ? place : default;
    }

    private static bool IsPrivate(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var network in Private)
            if (network.Contains(address))
                return true;
        return false;
    }

    private static MmdbReader Open()
    {
        try
        {
            return MmdbReader.Open(MappedFile.Open(FilePath));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or MmdbFormatException)
        {
            throw new StartException(
                $"The country data {FilePath}, a part of Signpost, cannot be used: {error.Message} Build it again.",
                error
            );
        }
    }
}
