using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Core.Visitors;
using Signpost.Hosting;
using Signpost.Testing;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>Where a visitor is, by what a proxy says.</summary>
public sealed class PlaceHeadersTests
{
    [Theory]
    [InlineData(nameof(GeoHeaders.Cloudflare), "CF-IPCountry", "CF-IPCity", "München", "München")]
    [InlineData(
        nameof(GeoHeaders.CloudFront),
        "CloudFront-Viewer-Country",
        "CloudFront-Viewer-City",
        "M%C3%BCnchen",
        "München"
    )]
    [InlineData(nameof(GeoHeaders.Vercel), "X-Vercel-IP-Country", "X-Vercel-IP-City", "Bad%20T%C3%B6lz", "Bad Tölz")]
    [InlineData(nameof(GeoHeaders.AppEngine), "X-AppEngine-Country", "X-AppEngine-City", "munich", "munich")]
    public void Each_source_has_headers_of_its_own(
        string source,
        string country,
        string city,
        string sent,
        string expected
    )
    {
        var headers = Headers((country, "DE"), (city, sent));

        Assert.Equal(new("EU", "DE", expected), PlaceHeaders.Of(Enum.Parse<GeoHeaders>(source))!.Read(headers));
    }

    [Theory]
    [InlineData("XX")]
    [InlineData("T1")]
    [InlineData("ZZ")]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("Germany")]
    [InlineData("D\u00c9")]
    [InlineData("<script>")]
    public void A_country_that_is_none_is_unknown(string country) =>
        Assert.Equal(
            default,
            PlaceHeaders.Of(GeoHeaders.Cloudflare)!.Read(Headers(("CF-IPCountry", country), ("CF-IPCity", "Berlin")))
        );

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("Ber%0Alin")]
    [InlineData("Ber%00lin")]
    [InlineData("%C2%85")]
    public void A_city_that_is_none_is_unknown(string city) =>
        Assert.Equal(
            new("EU", "DE", null),
            PlaceHeaders.Of(GeoHeaders.Vercel)!.Read(Headers(("X-Vercel-IP-Country", "DE"), ("X-Vercel-IP-City", city)))
        );

    [Fact]
    public void A_city_that_is_too_long_is_unknown()
    {
        var read = PlaceHeaders.Of(GeoHeaders.Cloudflare)!;

        Assert.Equal(128, read.Read(Headers(("CF-IPCountry", "DE"), ("CF-IPCity", new('x', 128)))).CityName!.Length);
        Assert.Null(read.Read(Headers(("CF-IPCountry", "DE"), ("CF-IPCity", new('x', 129)))).CityName);
        Assert.Null(read.Read(Headers(("CF-IPCountry", "DE"), ("CF-IPCity", new('x', 30_000)))).CityName);
    }

    [Fact]
    public void A_header_sent_twice_is_not_believed()
    {
        var headers = new HeaderDictionary { ["CF-IPCountry"] = new(["DE", "FR"]) };

        Assert.Equal(default, PlaceHeaders.Of(GeoHeaders.Cloudflare)!.Read(headers));
    }

    [Theory]
    [InlineData("127.0.0.0/8", "FR")]
    [InlineData("192.0.2.0/24", "US")]
    public async Task Only_a_trusted_proxy_says_where_a_visitor_is(string proxies, string expected)
    {
        await using var server = await ServerAsync(proxies, "cloudflare");

        // The visitor's own address is the proxy's word, and believed on the same condition.
        var place = await AskAsync(server, ("CF-IPCountry", "FR"), ("X-Test-Address", "8.8.8.8"));

        Assert.Equal(expected, place.CountryCode);
    }

    [Fact]
    public async Task Without_the_setting_no_header_says_anything()
    {
        await using var server = await ServerAsync("127.0.0.0/8", "off");

        Assert.Equal("US", (await AskAsync(server, ("CF-IPCountry", "FR"), ("X-Test-Address", "8.8.8.8"))).CountryCode);
    }

    [Fact]
    public async Task Headers_of_another_proxys_kind_say_nothing()
    {
        await using var server = await ServerAsync("127.0.0.0/8", "vercel");

        Assert.Equal("US", (await AskAsync(server, ("CF-IPCountry", "FR"), ("X-Test-Address", "8.8.8.8"))).CountryCode);
    }

    [Fact]
    public async Task A_city_that_the_proxy_does_not_tell_comes_from_the_data_of_the_same_country()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(
                path,
                new MmdbWriter(4).Add("8.0.0.0/8", GeoRecord.Flat("US", "Boston")).Write(),
                TestContext.Current.CancellationToken
            );
            await using var server = await TestServer.StartAsync(
                ("SIGNPOST_GEO_DATABASE", path),
                ("SIGNPOST_GEO_HEADERS", "cloudflare"),
                ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1")
            );
            var places = server.Services.GetRequiredService<PlaceFinder>();
            var visitor = IPAddress.Parse("8.8.8.8");

            Assert.Equal("Boston", places.Find(visitor, Headers(("CF-IPCountry", "US"))).CityName);
            Assert.Equal(new("EU", "FR", null), places.Find(visitor, Headers(("CF-IPCountry", "FR"))));
            Assert.Equal("Lyon", places.Find(visitor, Headers(("CF-IPCountry", "FR"), ("CF-IPCity", "Lyon"))).CityName);
            Assert.Equal(
                "Boston",
                places.Find(visitor, Headers(("CF-IPCountry", "XX"), ("CF-IPCity", "Lyon"))).CityName
            );
            Assert.Equal(default, places.Find(null, Headers()));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Finding_a_country_allocates_nothing()
    {
        await using var server = await ServerAsync("127.0.0.1", "cloudflare");
        var places = server.Services.GetRequiredService<PlaceFinder>();
        var visitor = IPAddress.Parse("8.8.8.8");
        var headers = Headers(("CF-IPCountry", "US"), ("CF-IPCity", "Boston"));
        var plain = Headers();
        Find();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Find();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Find()
        {
            places.Find(visitor, headers);
            places.Find(visitor, plain);
        }
    }

    private static Task<TestServer> ServerAsync(string proxies, string source) =>
        TestServer.StartAsync(("SIGNPOST_TRUSTED_PROXIES", proxies), ("SIGNPOST_GEO_HEADERS", source));

    /// <summary>Sends a request through the server's own filter, and asks for the place behind it.</summary>
    private static async Task<Place> AskAsync(TestServer server, params (string Name, string Value)[] headers)
    {
        var app = new ApplicationBuilder(server.Services);
        PlaceHeadersFilter.UseOnlyTrustedPlaces(app);
        var gate = app.Build();
        var http = new DefaultHttpContext { RequestServices = server.Services };
        http.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:127.0.0.1");
        foreach (var (name, value) in headers)
            http.Request.Headers[name] = value;
        await gate(http);

        return server
            .Services.GetRequiredService<PlaceFinder>()
            .Find(IPAddress.Parse(http.Request.Headers["X-Test-Address"]!), http.Request.Headers);
    }

    private static HeaderDictionary Headers(params (string Name, string Value)[] headers)
    {
        var all = new HeaderDictionary();
        foreach (var (name, value) in headers)
            all[name] = value;
        return all;
    }
}
