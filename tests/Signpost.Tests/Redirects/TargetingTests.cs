using System.Net;
using Signpost.Testing;
using Signpost.Tests.Explain;

namespace Signpost.Tests.Redirects;

/// <summary>Where visitors go by who they are, through the whole server.</summary>
public sealed class TargetingTests(TrustingServer trusting) : IClassFixture<TrustingServer>
{
    private const string Iphone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
    private const string Ipad =
        "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/137.0.7151.107 Mobile/15E148 Safari/604.1";
    private const string Pixel =
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36";
    private const string Galaxy =
        "Mozilla/5.0 (Linux; Android 15; SM-S938B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36";
    private const string Edge =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0";
    private const string MacSafari =
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15";
    private const string Ubuntu = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0";
    private const string Chromebook =
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36";

    // Registries' own addresses: where they are is in the shipped data for good.
    private const string Dutch = "193.0.6.139";
    private const string American = "2600:1f18::1";
    private const string Australian = "1.1.1.1";

    private readonly TestServer _server = trusting.Server;

    [Theory]
    [InlineData("continent_code", "EU", Dutch, null, null, true)]
    [InlineData("continent_code", "NA", Dutch, null, null, false)]
    [InlineData("continent_code", "NA", American, null, null, true)]
    [InlineData("continent_code", "OC", Australian, null, null, true)]
    [InlineData("country_code", "nl", Dutch, null, null, true)]
    [InlineData("country_code", "US", American, null, null, true)]
    [InlineData("country_code", "US", "::ffff:193.0.6.139", null, null, false)]
    [InlineData("country_code", "NL", "::ffff:193.0.6.139", null, null, true)]
    [InlineData("country_code", "NL", "127.0.0.1", null, null, false)]
    [InlineData("device_type", "mobile", null, Iphone, null, true)]
    [InlineData("device_type", "tablet", null, Ipad, null, true)]
    [InlineData("device_type", "mobile", null, Pixel, null, true)]
    [InlineData("device_type", "desktop", null, Edge, null, true)]
    [InlineData("device_type", "mobile", null, Edge, null, false)]
    [InlineData("os_name", "iOS", null, Iphone, null, true)]
    [InlineData("os_name", "iPadOS", null, Ipad, null, true)]
    [InlineData("os_name", "Android", null, Galaxy, null, true)]
    [InlineData("os_name", "Windows", null, Edge, null, true)]
    [InlineData("os_name", "macOS", null, MacSafari, null, true)]
    [InlineData("os_name", "Linux", null, Ubuntu, null, true)]
    [InlineData("os_name", "Chrome OS", null, Chromebook, null, true)]
    [InlineData("os_name", "Linux", null, Chromebook, null, false)]
    [InlineData("browser_name", "Safari", null, Iphone, null, true)]
    [InlineData("browser_name", "Chrome", null, Ipad, null, true)]
    [InlineData("browser_name", "Chrome", null, Pixel, null, true)]
    [InlineData("browser_name", "Chrome", null, Edge, null, false)]
    [InlineData("browser_name", "Edge", null, Edge, null, true)]
    [InlineData("browser_name", "Samsung Internet", null, Galaxy, null, true)]
    [InlineData("browser_name", "Firefox", null, Ubuntu, null, true)]
    [InlineData("browser_language", "fr", null, null, "de-DE,fr-CA;q=0.8", true)]
    [InlineData("browser_language", "fr-FR", null, null, "de-DE,fr-CA;q=0.8", false)]
    [InlineData("browser_language", "fr-ca", null, null, "de-DE,fr-CA;q=0.8", true)]
    [InlineData("browser_language", "en", null, null, null, false)]
    public async Task A_visitor_goes_where_the_rule_says_and_everybody_else_to_the_link_s_own_address(
        string type,
        string key,
        string? address,
        string? agent,
        string? languages,
        bool matches
    )
    {
        var link = await _server.CreateLinkAsync(
            ("targeting_type", type),
            ($"targeting_{type}_key[0]", key),
            ($"targeting_{type}_value[0]", "https://example.org/match")
        );
        List<(string, string)> headers = [];
        if (address is not null)
            headers.Add(("X-Forwarded-For", address));
        if (agent is not null)
            headers.Add(("User-Agent", agent));
        if (languages is not null)
            headers.Add(("Accept-Language", languages));

        using var response = await _server.FollowAsync(link.Alias, headers: [.. headers]);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(
            matches ? "https://example.org/match" : "https://example.org/",
            response.Headers.Location?.OriginalString
        );
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task A_rule_s_address_gets_the_utm_parameters_and_the_visitor_s_query_too()
    {
        var link = await _server.CreateLinkAsync(
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "NL"),
            ("targeting_country_code_value[0]", "https://example.nl/?a=1#top"),
            ("utm_source", "poster"),
            ("forward_query_parameters_is_enabled", "1")
        );

        using var response = await _server.FollowAsync($"{link.Alias}?b=2&a=3", headers: [("X-Forwarded-For", Dutch)]);

        Assert.Equal("https://example.nl/?utm_source=poster&b=2&a=3#top", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Only_the_chosen_list_is_in_force_and_the_next_request_sees_another_choice()
    {
        var link = await _server.CreateLinkAsync(
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "NL"),
            ("targeting_country_code_value[0]", "https://example.org/nl"),
            ("targeting_browser_language_key[0]", "nl"),
            ("targeting_browser_language_value[0]", "https://example.org/dutch")
        );

        Assert.Equal("https://example.org/nl", await LocationAsync());
        await _server.UpdateLinkAsync(link.Id, ("targeting_type", "browser_language"));
        Assert.Equal("https://example.org/dutch", await LocationAsync());
        await _server.UpdateLinkAsync(link.Id, ("targeting_type", ""));
        Assert.Equal("https://example.org/", await LocationAsync());

        async Task<string?> LocationAsync()
        {
            using var response = await _server.FollowAsync(
                link.Alias,
                headers: [("X-Forwarded-For", Dutch), ("Accept-Language", "nl")]
            );
            return response.Headers.Location?.OriginalString;
        }
    }

    [Fact]
    public async Task A_rotation_uses_every_rule_by_its_weight()
    {
        var link = await _server.CreateLinkAsync(
            ("targeting_type", "rotation"),
            ("targeting_rotation_key[0]", "1"),
            ("targeting_rotation_value[0]", "https://example.org/0"),
            ("targeting_rotation_key[1]", "3"),
            ("targeting_rotation_value[1]", "https://example.org/1")
        );
        var seen = new long[2];
        for (var visit = 0; visit < 200; visit++)
        {
            using var response = await _server.FollowAsync(link.Alias);
            seen[response.Headers.Location!.OriginalString[^1] - '0']++;
        }

        // The chance that 200 fair draws of 1:3 leave these bounds is below one in 10^12.
        Assert.InRange(seen[0], 10, 100);
        Assert.Equal(200, seen.Sum());
    }
}
