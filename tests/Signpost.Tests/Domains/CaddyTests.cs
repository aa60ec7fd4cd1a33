using System.Security.Authentication;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Domains;

/// <summary>
/// Debian's Caddy in front of the server, with the file that docs/operations.md shows and with the one of deploy/compose.yaml: it
/// gets certificates for verified domains only.
/// </summary>
public sealed partial class CaddyTests : IAsyncLifetime
{
    private DnsServer _dns = null!;
    private TestServer _server = null!;
    private CaddyProxy? _caddy;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _dns = await DnsServer.StartAsync();
        _server = await TestServer.StartAsync(
            ("SIGNPOST_DNS_RESOLVER", $"{_dns.Address}"),
            ("SIGNPOST_PUBLIC_URL", "https://go.example.org"),
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1,::1")
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_caddy is not null)
            await _caddy.DisposeAsync();
        await _server.DisposeAsync();
        await _dns.DisposeAsync();
    }

    [Theory]
    [InlineData("docs/operations.md", "127.0.0.1:8080")]
    [InlineData("deploy/Caddyfile", "signpost:8080")]
    public async Task Verified_domains_get_certificates_and_their_links_and_nobody_else_does(string path, string server)
    {
        await MakeDomainAsync("one.example", "https://example.org/one");
        await MakeDomainAsync("two.example", "https://example.org/two");
        _caddy = await CaddyProxy.StartAsync(_server, path, server);

        Assert.Equal("302 https://example.org/one", await FollowAsync("one.example", "/x"));
        Assert.Equal("302 https://example.org/two", await FollowAsync("two.example", "/x"));
        Assert.Equal("404 ", await FollowAsync("two.example", "/api/links"));
        Assert.Equal("200 ", await FollowAsync("go.example.org", "/docs"));
        await Assert.ThrowsAsync<AuthenticationException>(() => FollowAsync("claimed.example", "/x"));
    }

    private async Task MakeDomainAsync(string host, string target)
    {
        var id = await SendAsync(HttpMethod.Post, "/api/domains", ("host", host));
        var proof = (await SendAsync(HttpMethod.Get, $"/api/domains/{id["id"]}"))["verification"]!;
        await _dns.AddAsync((proof["name"]!.GetValue<string>(), proof["value"]!.GetValue<string>()));
        await SendAsync(HttpMethod.Post, $"/api/domains/{id["id"]}/verify");
        await SendAsync(
            HttpMethod.Post,
            "/api/links",
            ("url", "x"),
            ("location_url", target),
            ("domain_id", $"{id["id"]}")
        );
    }

    private async Task<System.Text.Json.Nodes.JsonNode> SendAsync(
        HttpMethod method,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Host = "go.example.org" } };
        if (method == HttpMethod.Post)
            request.Content = Bodies.Form(fields);
        using var response = await _server.Http.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        return System.Text.Json.Nodes.JsonNode.Parse(text)!["data"]!;
    }

    private async Task<string> FollowAsync(string host, string path)
    {
        await using var tls = await _caddy!.ConnectAsync(host);
        await tls.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
            Cancel
        );
        using var reader = new StreamReader(tls);
        var answer = await reader.ReadToEndAsync(Cancel).OrFail("An answer through Caddy");
        var location = LocationLine().Match(answer);
        return $"{answer.AsSpan(9, 3)} {(location.Success ? location.Groups[1].Value : "")}";
    }

    [GeneratedRegex("^location: (.*?)\r?$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex LocationLine();
}
