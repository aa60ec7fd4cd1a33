using System.Net;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Domains;

/// <summary>Custom domains beside a configured main domain, and behind a proxy.</summary>
public sealed class PublicUrlTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shop.example", "/x", 302)]
    [InlineData("SHOP.example.:8080", "/x", 302)]
    [InlineData("shop.example", "/api/links", 404)]
    [InlineData("go.example", "/x", 404)]
    [InlineData("www.shop.example", "/x", 308)]
    [InlineData("www.go.example", "/x", 421)]
    [InlineData("www.off.example", "/x", 421)]
    [InlineData("other.example", "/x", 421)]
    [InlineData("off.example", "/x", 421)]
    [InlineData("claimed.example", "/x", 421)]
    public async Task A_host_is_the_main_domain_a_verified_one_or_nobody(string host, string path, int status)
    {
        await using var server = await StartAsync();

        Assert.Equal(status, await AskAsync(server, host, path));
    }

    [Fact]
    public async Task Health_probes_are_answered_under_any_host_but_a_custom_domain()
    {
        string?[] hosts = ["go.example", "other.example", "off.example", "127.0.0.1:80", "[::1]:80", "xn--a", "", null];
        string[] probes = ["GET /healthz", "HEAD /healthz", "GET /readyz", "HEAD /readyz", "GET /readyz/"];
        await using var server = await StartAsync();

        foreach (var probe in probes)
        {
            foreach (var host in hosts)
                Assert.Equal((host, probe, 200), (host, probe, await StatusAsync(server, probe, host)));
            Assert.Equal(404, await StatusAsync(server, probe, "shop.example"));
        }
        Assert.Equal(421, await StatusAsync(server, "POST /healthz", "other.example"));
    }

    [Fact]
    public async Task The_main_domain_is_refused_as_a_custom_one_and_checks_as_served()
    {
        await using var server = await StartAsync();

        using var claim = new HttpRequestMessage(HttpMethod.Post, "/api/domains")
        {
            Content = Bodies.Form(("host", "GO.example.")),
            Headers = { Host = "go.example" },
        };
        using var refused = await server.Http.SendAsync(claim, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(200, await AskAsync(server, "go.example", "/api/domains/check?domain=go.example"));
    }

    // The main domain may get a name that an account has already verified.
    [Fact]
    public async Task The_main_domain_stays_the_servers_whoever_has_proven_its_name()
    {
        await using var server = await StartAsync("go.example");

        Assert.Equal(200, await AskAsync(server, "go.example", "/docs"));
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "", "/api/domains/check?domain=shop.example", 200)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "", "/api/domains/check/?domain=other.example", 404)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "", "/api/links", 421)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "192.0.2.1", "/api/domains/check?domain=shop.example", 421)]
    [InlineData("192.0.2.0/24", "127.0.0.1:8080", "", "/api/domains/check?domain=shop.example", 421)]
    [InlineData("127.0.0.1", "shop.example", "192.0.2.1", "/x", 302)]
    public async Task A_trusted_proxy_may_ask_under_any_host_for_itself_alone(
        string proxies,
        string host,
        string forwardedFor,
        string path,
        int status
    )
    {
        await using var server = await StartAsync("shop.example", proxies);

        Assert.Equal(
            status,
            await AskAsync(server, host, path, forwardedFor is "" ? [] : [("X-Forwarded-For", forwardedFor)])
        );
    }

    [Fact]
    public async Task A_trusted_proxys_forwarded_host_decides_the_domain()
    {
        await using var server = await StartAsync("shop.example", "127.0.0.1");

        Assert.Equal(302, await AskAsync(server, "go.example", "/x", ("X-Forwarded-Host", "shop.example")));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // Writes rows directly, as another start would find them. The test is about how the server reads them.
    private async Task<TestServer> StartAsync(string verified = "shop.example", string? proxies = null)
    {
        await using (var first = await TestServer.StartAsync(null, _directory))
            await first.Database.WriteAsync(
                async db =>
                {
                    var account = db.Accounts.First().Id;
                    var domain = Row(account, verified, isVerified: true);
                    db.Domains.AddRange(
                        domain,
                        Row(account, "off.example", isVerified: true, isEnabled: false),
                        Row(account, "claimed.example", isVerified: false)
                    );
                    await db.SaveChangesAsync(Cancel);
                    db.Links.Add(
                        new LinkRow
                        {
                            AccountId = account,
                            DomainId = domain.Id,
                            Alias = "x",
                            AliasKey = "x",
                            LocationUrl = "https://example.org/",
                            CreatedAt = 0,
                            UpdatedAt = 0,
                        }
                    );
                    return await db.SaveChangesAsync(Cancel);
                },
                Cancel
            );

        (string, string)[] settings = [("SIGNPOST_PUBLIC_URL", "https://go.example")];
        return await TestServer.StartAsync(
            null,
            _directory,
            proxies is null ? settings : [.. settings, ("SIGNPOST_TRUSTED_PROXIES", proxies)]
        );
    }

    private static DomainRow Row(long account, string host, bool isVerified, bool isEnabled = true) =>
        new()
        {
            AccountId = account,
            Scheme = "https://",
            Host = host,
            IsEnabled = isEnabled,
            Token = "t",
            VerifiedAt = isVerified ? 1 : null,
            CheckedAt = long.MaxValue,
            CreatedAt = 0,
            UpdatedAt = 0,
        };

    private static async Task<int> StatusAsync(TestServer server, string request, string? host)
    {
        using var raw = new RawHttp(server.Url);
        return await raw.StatusAsync(
            host is null ? $"{request} HTTP/1.0\r\n\r\n" : $"{request} HTTP/1.1\r\nHost: {host}\r\n\r\n",
            Cancel
        );
    }

    private static async Task<int> AskAsync(
        TestServer server,
        string host,
        string path,
        params (string Name, string Value)[] headers
    )
    {
        using var response = await server.FollowAsync(path[1..], null, [("Host", host), .. headers]);
        return (int)response.StatusCode;
    }
}
