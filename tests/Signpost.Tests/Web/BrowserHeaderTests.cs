using System.Net;
using System.Net.Http.Headers;
using Signpost.Testing;

namespace Signpost.Tests.Web;

/// <summary>The headers that tell browsers how to treat a response.</summary>
public sealed class BrowserHeaderTests : IAsyncLifetime
{
    private const string Host = "go.example";

    private static readonly (string, string)[] Https = [("Host", Host), ("X-Forwarded-Proto", "https")];

    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(
            ("SIGNPOST_PUBLIC_URL", $"https://{Host}"),
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1")
        );
        _server.Http.DefaultRequestHeaders.Host = Host;
        await _server.CreateLinkAsync(("url", "locked"), ("password", "sesame"));
        await _server.CreateLinkAsync(("url", "warns"), ("sensitive_content", "1"));
        var page = await _server.CreateSplashPageAsync();
        await _server.CreateLinkAsync(("url", "shows"), ("splash_page_id", page));
        await _server.CreateLinkAsync(("url", "cloaked"), ("cloaking_is_enabled", "1"), ("cloaking_custom_js", "1"));
        await _server.CreateLinkAsync(
            ("url", "opens"),
            ("app_linking_is_enabled", "1"),
            ("location_url", "https://www.youtube.com/watch?v=a")
        );
        await _server.CreateLinkAsync(
            ("url", "over"),
            ("start_date", "2020-01-01 00:00"),
            ("end_date", "2020-01-02 00:00")
        );
        await _server.CreateLinkAsync(("url", "plain"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("", 200)]
    [InlineData("docs", 200)]
    [InlineData("login", 200)]
    [InlineData("none", 404)]
    [InlineData("setup/x", 410)]
    [InlineData("locked", 401)]
    [InlineData("warns", 200)]
    [InlineData("shows", 200)]
    [InlineData("cloaked", 200)]
    [InlineData("opens", 200)]
    [InlineData("over", 410)]
    public async Task Every_page_has_them(string path, int status)
    {
        using var response = await _server.FollowAsync(
            path,
            null,
            [.. Https, ("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1")]
        );

        Assert.Equal(
            (status, "text/html"),
            ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType)
        );
        AssertSafe(response.Headers, mayLeadOn: path is "locked" or "warns");
    }

    [Fact]
    public async Task A_page_of_another_host_has_them_too()
    {
        using var response = await _server.FollowAsync(
            "none",
            null,
            ("Host", "other.example"),
            ("X-Forwarded-Proto", "https")
        );

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        AssertSafe(response.Headers);
    }

    [Fact]
    public async Task Without_HTTPS_no_browser_is_told_to_use_it()
    {
        using var response = await _server.FollowAsync("none", null, ("Host", Host));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Subdomains_are_only_for_HTTPS_if_the_operator_says_so()
    {
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_PUBLIC_URL", $"https://{Host}"),
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1"),
            ("SIGNPOST_HSTS_SUBDOMAINS", "on")
        );

        using var response = await server.FollowAsync("none", null, Https);

        Assert.Equal(["max-age=31536000; includeSubDomains"], response.Headers.GetValues("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("GET", "api/links")]
    [InlineData("OPTIONS", "api/links")]
    [InlineData("GET", "login")]
    [InlineData("OPTIONS", "login")]
    [InlineData("GET", "plain")]
    [InlineData("OPTIONS", "plain")]
    [InlineData("POST", "_signpost/unlock/locked")]
    [InlineData("GET", "files/x")]
    public async Task No_origin_is_let_in_with_its_cookies(string method, string path)
    {
        foreach (var origin in (string[])["https://evil.example", "null", $"https://{Host}.evil.example"])
        {
            using var response = await _server.FollowAsync(
                path,
                new(method),
                [.. Https, ("Origin", origin), ("Access-Control-Request-Method", "POST")]
            );

            Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
            if (response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed))
                Assert.Equal(["*"], allowed);
        }
    }

    private static void AssertSafe(HttpResponseHeaders headers, bool mayLeadOn = false)
    {
        Assert.Equal("max-age=31536000", One("Strict-Transport-Security"));
        Assert.Equal("nosniff", One("X-Content-Type-Options"));
        Assert.NotEmpty(One("Referrer-Policy"));
        Assert.StartsWith("same-origin", One("Cross-Origin-Opener-Policy"), StringComparison.Ordinal);
        Assert.True(headers.CacheControl!.NoStore);
        var policy = One("Content-Security-Policy");
        // No form-action where a form may lead to another site: Chromium applies it to the redirects after the form.
        foreach (var part in (string[])["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
            Assert.Contains(part, policy, StringComparison.Ordinal);
        if (!mayLeadOn)
            Assert.Contains("form-action '", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

        string One(string name) => Assert.Single(headers.GetValues(name));
    }
}
