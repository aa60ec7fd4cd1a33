using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Core.Visitors;
using Signpost.Hosting;
using Signpost.Visitors;

namespace Signpost.Benchmarks;

/// <summary>
/// Where a visitor is, each time from another address, over the shipped data or the files of SIGNPOST_GEO_DATABASE.
/// </summary>
public class PlaceBenchmarks
{
    private const int Addresses = 1 << 16;

    private readonly HeaderDictionary _headers = [];
    private readonly IPAddress[] _ipv4 = new IPAddress[Addresses];
    private readonly IPAddress[] _ipv6 = new IPAddress[Addresses];
    private readonly string _shipped = ShippedCountries.FilePath;
    private PlaceFinder _places = null!;
    private int _next;

    [GlobalSetup]
    public void Load()
    {
        var files = Environment.GetEnvironmentVariable("SIGNPOST_GEO_DATABASE")?.Split(',') ?? [];
        _places = new(
            new([.. files.Select(GeoFile.Open)], TimeProvider.System, NullLogger<GeoDatabase>.Instance),
            new()
            {
                DataDirectory = "",
                ApiRequestsPerMinute = 0,
                ClickDurability = ClickDurability.Process,
                NodeName = "",
                ClicksKeptDays = 0,
                PlanCacheBytes = 0,
            }
        );
        var random = new Random(1);
        var bytes = new byte[16];
        for (var i = 0; i < Addresses; i++)
        {
            random.NextBytes(bytes);
            _ipv4[i] = new(bytes.AsSpan(0, 4));
            // Where the registries give addresses out: 2400::/12, 2600::/12, 2800::/12 and 2a00::/12.
            bytes[0] = (byte)(0x24 + 2 * (i & 3));
            bytes[1] &= 0x0f;
            _ipv6[i] = new(bytes);
        }
    }

    [Benchmark]
    public Place Ipv4() => _places.Find(_ipv4[_next++ & (Addresses - 1)], _headers);

    [Benchmark]
    public Place Ipv6() => _places.Find(_ipv6[_next++ & (Addresses - 1)], _headers);

    [Benchmark]
    public Place OneAddress() => _places.Find(_ipv4[0], _headers);

    [Benchmark]
    public MmdbReader OpenTheShippedFile() => MmdbReader.Open(MappedFile.Open(_shipped));
}
