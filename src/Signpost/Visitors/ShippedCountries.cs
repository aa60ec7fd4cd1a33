using System.Buffers.Binary;
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

    // These addresses are not in the public network (https://www.iana.org/assignments/iana-ipv4-special-registry and
    // iana-ipv6-special-registry); the data assigns some of them to the registries' countries.
    private static readonly AddressRange[] Private =
    [
        .. Ranges(
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
        ),
        .. Ranges("192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"),
        .. Ranges("100::/64 2001:2::/48 2001:db8::/32 3fff::/20 fc00::/7 fe80::/10"),
    ];

    // The data gives these territories to the countries that their providers' headquarters or registries are in. The
    // networks are those of the large providers there (docs/operations.md has what is left).
    private static readonly (string Said, string Right, AddressRange[] Networks)[] Territories =
    [
        // Kosovo: Telekom i Kosoves, IPKO, Kujtesa.
        (
            "AL",
            "XK",
            [
                .. Ranges("46.99.0.0/16 80.80.160.0/20 82.114.64.0/19 84.22.32.0/19 91.187.96.0/19"),
                .. Ranges("178.175.0.0/17 185.67.176.0/22 213.163.96.0/19"),
            ]
        ),
        ("FI", "AX", [AddressRange.Parse("213.204.32.0/19")]), // Aland: Alcom
    ];

    public static string FilePath => Path.Combine(AppContext.BaseDirectory, "countries.mmdb");

    /// <exception cref="StartException">The file is missing or damaged.</exception>
    public static MmdbReader Reader => Opened.Value;

    public static Place Find(IPAddress address)
    {
        var place = Reader.Find(address);
        if (place.CountryCode is not { } country)
            return place;

        var number = AddressRange.NumberOf(address);
        if (IsIn(Private, number))
            return default;
        foreach (var (said, right, networks) in Territories)
            if (country == said && IsIn(networks, number))
                return place with { CountryCode = right };
        return place;
    }

    private static IEnumerable<AddressRange> Ranges(string texts) => texts.Split(' ').Select(AddressRange.Parse);

    private static bool IsIn(AddressRange[] networks, UInt128 number)
    {
        foreach (var network in networks)
            if (network.Has(number))
                return true;
        return false;
    }

    // A network of either family; IPv4 addresses are mapped to IPv6.
    private readonly struct AddressRange(UInt128 first, UInt128 mask)
    {
        public static AddressRange Parse(string text)
        {
            var network = IPNetwork.Parse(text);
            var isFour = network.BaseAddress.AddressFamily is AddressFamily.InterNetwork;
            var mask = UInt128.MaxValue << (128 - network.PrefixLength - (isFour ? 96 : 0));
            return new(NumberOf(network.BaseAddress), mask);
        }

        public static UInt128 NumberOf(IPAddress address)
        {
            Span<byte> bytes = stackalloc byte[16];
            address.TryWriteBytes(bytes, out var length);
            return length == 16
                ? BinaryPrimitives.ReadUInt128BigEndian(bytes)
                : ((UInt128)0xFFFF << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }

        public bool Has(UInt128 number) => (number & mask) == first;
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
