using System.Text;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>The destination of a locked link appears in no answer before the link is unlocked.</summary>
public sealed class SecrecyTests
{
    private static readonly string[] Hosts = ["127.0.0.1", "localhost", "other.example", "LOCALHOST.", "[::1]:8080"];

    private static readonly string[] Methods =
    [
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "PROPFIND",
        "FOO",
        "get",
    ];

    private static readonly string[] Agents =
    [
        "",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Twitterbot/1.0",
        "curl/8.5.0",
    ];

    private static readonly (string, string)[][] Extras =
    [
        [],
        [("Sec-Purpose", "prefetch")],
        [("X-HTTP-Method-Override", "GET")],
        [("Accept", "application/json")],
        [("X-Original-URL", "/api/links"), ("X-Rewrite-URL", "/api/links")],
        [("Cookie", "signpost-grants=AQAAAAAAAAABAP________________________8; unlocked=1; password=open sesame")],
        [("Authorization", "Basic YTpvcGVuIHNlc2FtZQ==")],
    ];

    [Theory]
    [InlineData]
    [InlineData("http_status_code", "307")]
    [InlineData("clicks_limit", "5")]
    [InlineData("sensitive_content", "1")]
    [InlineData("cloaking_title", "A title")]
    [InlineData("cloaking_is_enabled", "1")]
    [InlineData("app_linking_is_enabled", "1")]
    [InlineData("forward_query_parameters_is_enabled", "1", "utm_source", "mail")]
    [InlineData(
        "targeting_type",
        "rotation",
        "targeting_rotation_key[0]",
        "1",
        "targeting_rotation_value[0]",
        "https://secret.example/rotated"
    )]
    public async Task Before_it_is_unlocked_no_answer_holds_the_destination(params string[] settings)
    {
        await using var server = await TestServer.StartAsync();
        var link = await server.CreateLinkAsync([
            ("password", "open sesame"),
            ("location_url", "https://secret.example/treasure?key=value#there"),
            .. settings.Chunk(2).Select(pair => (pair[0], pair[1])),
        ]);

        foreach (var path in Paths(link.Alias))
        foreach (var method in Methods)
            await AssertSilentAsync(server, method, path, "127.0.0.1", Agents[1], []);
        foreach (var path in Paths(link.Alias))
        foreach (var agent in Agents)
        foreach (var host in Hosts)
            await AssertSilentAsync(server, "GET", path, host, agent, []);
        foreach (var extra in Extras)
        foreach (var agent in Agents)
        foreach (var method in (string[])["GET", "HEAD", "POST"])
            await AssertSilentAsync(server, method, $"/{link.Alias}", "127.0.0.1", agent, extra);
        await AssertSilentAsync(
            server,
            "POST",
            $"/_signpost/unlock/{link.Alias}",
            "127.0.0.1",
            Agents[1],
            [],
            new FormUrlEncodedContent([new("password", "wrong")])
        );
        Assert.Equal(0, await server.ReadClicksAsync(link.Id));
    }

    private static string[] Paths(string alias) =>
        [
            $"/{alias}",
            $"/{alias}/",
            $"/{alias}//",
            $"/{alias}?x=y",
            $"/{alias}?password=open%20sesame",
            $"/{alias}?unlocked=1&is_unlocked=1",
            $"/{alias.ToUpperInvariant()}",
            $"/%{(int)alias[0]:x2}{alias[1..]}",
            $"/{alias}+",
            $"/{alias}~",
            $"/{alias}.qr",
            $"/{alias}/qr",
            $"/{alias}.json",
            $"/{alias}/info",
            $"/{alias}/stats",
            $"/{alias}%00",
            $"/{alias};a=b",
            $"/./{alias}",
            $"/x/../{alias}",
            $"/qr/{alias}",
            $"/api/links/{alias}",
            "/api/links",
            $"/_signpost/unlock/{alias}",
            $"/_signpost/agree/{alias}",
            $"/_signpost/continue/{alias}?token=x",
            $"/_signpost/unlock/{alias.ToUpperInvariant()}/?x=y",
        ];

    private static async Task AssertSilentAsync(
        TestServer server,
        string method,
        string path,
        string host,
        string agent,
        (string, string)[] extra,
        HttpContent? content = null
    )
    {
        using var request = new HttpRequestMessage(new(method), path) { Content = content };
        request.Headers.TryAddWithoutValidation("Host", host);
        if (agent is not "")
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
        foreach (var (name, value) in extra)
            request.Headers.TryAddWithoutValidation(name, value);

        using var response = await server.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
        var body = Encoding.UTF8.GetString(
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
        );
        var all = $"{response.Headers}{response.Content.Headers}{response.TrailingHeaders}{body}";

        Assert.False(
            all.Contains("secret.example", StringComparison.OrdinalIgnoreCase)
                || all.Contains("treasure", StringComparison.OrdinalIgnoreCase),
            $"{method} {path} as {agent} at {host} tells the destination: {(int)response.StatusCode}"
        );
        Assert.True((int)response.StatusCode is < 500 or 501 or 503, $"{method} {path}: {(int)response.StatusCode}");
    }
}
