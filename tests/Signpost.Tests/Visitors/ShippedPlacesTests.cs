using System.Diagnostics;
using System.Net;
using Signpost.Testing;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>The shipped data, read by us and by libmaxminddb's own program.</summary>
public sealed class ShippedPlacesTests
{
    private const int Drawn = 1000;
    private const int Seed = 20_260_617;

    [Fact]
    public async Task A_thousand_addresses_are_where_mmdblookup_says()
    {
        var addresses = Draw();

        var expected = await AskMmdbLookupAsync(addresses);

        Assert.Equal(Drawn, expected.Length);
        // Most of what is drawn has a country, in both families.
        Assert.True(expected.Count(country => country is not null) > Drawn / 2);
        var different =
            from pair in addresses.Zip(expected)
            let ours = ShippedCountries.Reader.Find(pair.First).CountryCode
            where ours != pair.Second
            select $"{pair.First}: {ours}, and mmdblookup says {pair.Second}";
        Assert.Empty(different);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:192.168.1.1")]
    [InlineData("192.0.2.1")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.9")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff::1")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1%3")]
    public void A_private_address_is_nowhere(string address) =>
        Assert.Equal(default, ShippedCountries.Find(IPAddress.Parse(address)));

    [Theory]
    [InlineData("2002:808:808::1", "8.8.8.8")]
    [InlineData("2001:0:4136:e378:8000:63bf:f7f7:f7f7", "8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8", "8.8.8.8")]
    [InlineData("2a00:1450:4001:81b::2004", "2a00:1450:4001:81b::2004")]
    [InlineData("8.8.8.8", "8.8.8.8")]
    public void An_address_of_a_tunnel_is_where_the_address_inside_is(string address, string inside) =>
        Assert.Equal(IPAddress.Parse(inside), EmbeddedAddress.Of(IPAddress.Parse(address)));

    [Theory]
    [InlineData("178.175.123.150", "XK")]
    [InlineData("46.99.12.1", "XK")]
    [InlineData("213.204.59.110", "AX")]
    [InlineData("::ffff:213.204.59.110", "AX")]
    [InlineData("79.106.1.1", "AL")]
    [InlineData("91.152.1.1", "FI")]
    public void A_territory_is_not_the_country_of_its_registry(string address, string country) =>
        Assert.Equal(("EU", country), (Place(address).ContinentCode, Place(address).CountryCode));

    private static Signpost.Core.Visitors.Place Place(string address) =>
        ShippedCountries.Find(IPAddress.Parse(address));

    [Fact]
    public void Every_country_has_a_continent() =>
        Assert.All(
            Draw(),
            address =>
            {
                var place = ShippedCountries.Reader.Find(address);
                Assert.Equal(place.CountryCode is null, place.ContinentCode is null);
            }
        );

    /// <summary>Addresses anywhere in networks of the file, each network as likely as the next.</summary>
    private static IPAddress[] Draw()
    {
        var file = File.ReadAllBytes(ShippedCountries.FilePath);
        var metadata = ShippedCountries.Reader.Metadata;
        Assert.Equal((24, 6), (metadata.RecordSize, metadata.IpVersion));
        List<(UInt128 Network, int Length)> networks = [];
        Collect(0, 0, 0);
        var ipv4 = networks.Where(network => network.Network >> 32 == 0).ToList();
        var ipv6 = networks.Where(network => network.Network >> 32 != 0).ToList();

        var random = new Random(Seed);
        return
        [
            .. Enumerable.Range(0, Drawn / 2).Select(_ => Pick(ipv4)),
            .. Enumerable.Range(0, Drawn / 2).Select(_ => Pick(ipv6)),
        ];

        void Collect(uint node, UInt128 prefix, int length)
        {
            for (var side = 0; side < 2; side++)
            {
                var at = (int)node * 6 + side * 3;
                var child = (uint)((file[at] << 16) | (file[at + 1] << 8) | file[at + 2]);
                var network = prefix | ((UInt128)side << (127 - length));
                if (child < metadata.NodeCount)
                    Collect(child, network, length + 1);
                else
                    networks.Add((network, length + 1));
            }
        }

        IPAddress Pick(List<(UInt128 Network, int Length)> from)
        {
            var (network, length) = from[random.Next(from.Count)];
            var host = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) << 1;
            var address = network | (length == 128 ? 0 : host >> length);
            var bytes = new byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
            return address >> 32 == 0 ? new IPAddress(bytes[12..]) : new IPAddress(bytes);
        }
    }

    /// <summary>One shell asks for them all: a process an address, and none of them started from here.</summary>
    private static async Task<string?[]> AskMmdbLookupAsync(IPAddress[] addresses)
    {
        const string Script = """
            command -v mmdblookup >/dev/null || exit 7
            while read -r address; do
              echo "= $(mmdblookup --file "$1" --ip "$address" country_code 2>&1 | tr -d '\n')"
            done
            """;
        var start = new ProcessStartInfo("sh", ["-c", Script, "sh", ShippedCountries.FilePath])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var shell = Process.Start(start)!;
        var answers = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var address in addresses)
            await shell.StandardInput.WriteLineAsync(address.ToString());
        shell.StandardInput.Close();
        await shell.EndAsync("mmdblookup");
        var lines = (await answers.OrFail()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(shell.ExitCode != 7, "mmdblookup is missing: apt-get install mmdb-bin");

        // =   "AU" <utf8_string>
        return
        [
            .. lines.Select(line =>
                line.Split('"') is [_, var country, _] ? country
                : line.Contains("Could not find an entry", StringComparison.Ordinal) ? null
                : throw new InvalidOperationException($"mmdblookup said {line}")
            ),
        ];
    }
}
