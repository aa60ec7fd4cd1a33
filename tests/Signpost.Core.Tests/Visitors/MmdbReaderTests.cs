using System.Net;
using Signpost.Core.Visitors;
using Signpost.Testing;

namespace Signpost.Core.Tests.Visitors;

public sealed class MmdbReaderTests
{
    public static TheoryData<int, int> Shapes =>
        new()
        {
            { 4, 24 },
            { 4, 28 },
            { 4, 32 },
            { 6, 24 },
            { 6, 28 },
            { 6, 32 },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_place_is_found_in_files_of_every_shape(int ipVersion, int recordSize)
    {
        var file = new MmdbWriter(ipVersion, recordSize)
            .Add("1.0.0.0/8", GeoRecord.Flat("AU"))
            .Add("1.2.3.0/24", GeoRecord.Flat("FR", "Paris"))
            .Add("1.2.3.4/32", GeoRecord.Nested("DE", "EU", "Berlin"));
        if (ipVersion == 6)
            file.Add("2a00::/12", GeoRecord.Nested("SE", "EU", "Malmö"));
        var places = MmdbReader.Open(file.Write());

        Assert.Equal(new("OC", "AU", null), Find(places, "1.255.0.1"));
        Assert.Equal(new("EU", "FR", "Paris"), Find(places, "1.2.3.5"));
        Assert.Equal(new("EU", "DE", "Berlin"), Find(places, "1.2.3.4"));
        Assert.Equal(new("EU", "DE", "Berlin"), Find(places, "::ffff:1.2.3.4"));
        Assert.Equal(default, Find(places, "2.0.0.1"));
        Assert.Equal(ipVersion == 6 ? new("EU", "SE", "Malmö") : default, Find(places, "2a01:e0a::1"));
        Assert.Equal(default, Find(places, "2b00::1"));
    }

    [Fact]
    public void Ipv4_is_found_below_the_ways_that_the_maker_made_to_it()
    {
        var places = MmdbReader.Open(
            new MmdbWriter()
                .Add("8.0.0.0/8", GeoRecord.Flat("US"))
                .Alias("::ffff:0:0/96", of: "::/96")
                .Alias("2002::/16", of: "::/96")
                .Write()
        );

        Assert.Equal("US", Find(places, "8.8.8.8").CountryCode);
        Assert.Equal("US", Find(places, "::8.8.8.8").CountryCode);
        Assert.Equal("US", Find(places, "2002:808:808::1").CountryCode);
        Assert.Equal(default, Find(places, "2002:908:808::1"));
    }

    [Fact]
    public void Ipv4_is_found_where_one_record_covers_it_all()
    {
        var places = MmdbReader.Open(new MmdbWriter().Add("::/2", GeoRecord.Flat("CH")).Write());

        Assert.Equal("CH", Find(places, "8.8.8.8").CountryCode);
        Assert.Equal("CH", Find(places, "2001::1").CountryCode);
        Assert.Equal(default, Find(places, "8000::1"));
    }

    public static TheoryData<Dictionary<string, object>, Place> Layouts =>
        new()
        {
            { GeoRecord.Nested("FR", "EU", "Paris"), new("EU", "FR", "Paris") },
            { GeoRecord.Nested("FR"), new("EU", "FR", null) },
            { GeoRecord.Nested(null, "AS"), new("AS", null, null) },
            { GeoRecord.Nested(null, null, null, registered: "JP"), new("AS", "JP", null) },
            { GeoRecord.Nested("FR", "EU", null, registered: "JP"), new("EU", "FR", null) },
            { GeoRecord.Nested("CY", "AS"), new("AS", "CY", null) },
            { GeoRecord.Flat("fr", "  Paris "), new("EU", "FR", "Paris") },
            { GeoRecord.Flat("XK"), new("EU", "XK", null) },
            { GeoRecord.Flat("UK"), new("EU", "GB", null) },
            { GeoRecord.Flat("EU"), new("EU", null, null) },
            { GeoRecord.Flat("AP"), default },
            { GeoRecord.Flat("ZZ"), default },
            { GeoRecord.Flat("-"), default },
            { GeoRecord.Flat(""), default },
            { GeoRecord.Flat("FRA"), default },
            { GeoRecord.Flat("F\u00a0"), default },
            { GeoRecord.Flat("GB", ""), new("EU", "GB", null) },
            { GeoRecord.Flat("GB", "Lon\ndon"), new("EU", "GB", null) },
            { GeoRecord.Flat("GB", new string('L', 128)), new("EU", "GB", new string('L', 128)) },
            { GeoRecord.Flat("GB", new string('L', 129)), new("EU", "GB", null) },
            { GeoRecord.Flat("GB", new string('L', 70_000)), new("EU", "GB", null) },
            { GeoRecord.Flat("CN", "西安"), new("AS", "CN", "西安") },
            {
                new()
                {
                    ["continent"] = "Europe",
                    ["continent_code"] = "EU",
                    ["country"] = "Germany",
                    ["country_code"] = "DE",
                },
                new("EU", "DE", null)
            },
            {
                new() { ["continent"] = "AF", ["country"] = "KE" },
                new("AF", "KE", null)
            },
            {
                new() { ["city"] = "Nowhere" },
                new(null, null, "Nowhere")
            },
            {
                new()
                {
                    ["city"] = 5u,
                    ["country_code"] = new object[] { "FR" },
                    ["country"] = true,
                },
                default
            },
            {
                new() { ["city"] = new Dictionary<string, object> { ["names"] = "Paris" } },
                default
            },
            { [], default },
        };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_layout_is_understood_and_odd_values_are_unknown(Dictionary<string, object> record, Place expected)
    {
        var places = MmdbReader.Open(new MmdbWriter(4).Add("9.0.0.0/8", record).Write());

        Assert.Equal(expected, Find(places, "9.1.2.3"));
        // Once more, from memory.
        Assert.Equal(expected, Find(places, "9.1.2.4"));
    }

    [Fact]
    public void A_record_that_is_no_map_tells_nothing()
    {
        var places = MmdbReader.Open(new MmdbWriter(4).Add("9.0.0.0/8", "FR").Add("8.0.0.0/8", 7u).Write());

        Assert.Equal(default, Find(places, "9.1.2.3"));
        Assert.Equal(default, Find(places, "8.1.2.3"));
    }

    [Fact]
    public void Far_pointers_lead_where_they_should()
    {
        var file = new MmdbWriter(4);
        // Moves the data beyond what pointers of one and of two bytes reach.
        for (var i = 0; i < 40; i++)
        {
            file.Add($"10.0.{i}.0/24", GeoRecord.Flat("FR", $"{i}{new string('x', 20_000)}"));
            file.Add($"11.0.{i}.0/24", GeoRecord.Flat("DE", $"City {i}"));
            file.Add($"12.0.{i}.0/24", GeoRecord.Nested("IT", "EU", $"City {i}"));
        }
        var places = MmdbReader.Open(file.Write());

        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(new("EU", "FR", null), Find(places, $"10.0.{i}.1"));
            Assert.Equal(new("EU", "DE", $"City {i}"), Find(places, $"11.0.{i}.1"));
            Assert.Equal(new("EU", "IT", $"City {i}"), Find(places, $"12.0.{i}.1"));
        }
    }

    [Fact]
    public void The_metadata_is_read_and_fit_to_be_printed()
    {
        var metadata = MmdbReader
            .Open(
                new MmdbWriter
                {
                    DatabaseType = "City\u001b[2J" + new string('x', 100),
                    BuildEpoch = 1_700_000_000,
                }.Write()
            )
            .Metadata;

        Assert.Equal("City[2J" + new string('x', 57), metadata.DatabaseType);
        Assert.Equal(new DateTimeOffset(2023, 11, 14, 22, 13, 20, TimeSpan.Zero), metadata.BuiltAt);
    }

    [Fact]
    public void A_place_that_was_found_before_is_found_without_allocating()
    {
        var file = new MmdbWriter(4);
        for (var i = 0; i < 250; i++)
            file.Add($"20.0.{i}.0/24", GeoRecord.Nested("FR", "EU", $"City {i}"));
        var places = MmdbReader.Open(file.Write());
        IPAddress[] addresses = [.. Enumerable.Range(0, 250).Select(i => IPAddress.Parse($"20.0.{i}.7"))];

        Assert.Equal(0, Allocations.Of(() => FindAll(places, addresses)));
    }

    [Fact]
    public void More_cities_than_are_remembered_are_still_right()
    {
        var file = new MmdbWriter(4);
        for (var i = 0; i < 40_000; i++)
            file.Add($"20.{i >> 8}.{i & 255}.0/24", GeoRecord.Flat("FR", $"City {i}"));
        var places = MmdbReader.Open(file.Write());

        for (var round = 0; round < 2; round++)
        for (var i = 0; i < 40_000; i++)
            Assert.Equal($"City {i}", Find(places, $"20.{i >> 8}.{i & 255}.9").CityName);
    }

    private static void FindAll(MmdbReader places, IPAddress[] addresses)
    {
        foreach (var address in addresses)
            places.Find(address);
    }

    private static Place Find(MmdbReader places, string address) => places.Find(IPAddress.Parse(address));
}
