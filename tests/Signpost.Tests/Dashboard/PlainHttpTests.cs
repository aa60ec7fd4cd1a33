using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Accounts;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>If the public address is https, nobody signs in or sets the server up over plain HTTP.</summary>
public sealed class PlainHttpTests
{
    private const string Login = "/login?returnUrl=%2Faccount";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_visitor_over_plain_HTTP_is_redirected_to_https()
    {
        await using var server = await StartAsync("127.0.0.1");

        using var login = await SendAsync(server, HttpMethod.Get, Login, "http", "203.0.113.9");
        using var sent = await SendAsync(server, HttpMethod.Post, "/login", "http", "203.0.113.9");
        using var code = await SendAsync(server, HttpMethod.Get, "/login/code", "http", "203.0.113.9");

        Assert.All([login, sent, code], one => Assert.Equal(HttpStatusCode.SeeOther, one.StatusCode));
        Assert.Equal("https://go.example.org/login?returnUrl=%2Faccount", $"{login.Headers.Location}");
        Assert.False(login.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Over_HTTPS_the_form_is_shown()
    {
        await using var server = await StartAsync("127.0.0.1");

        using var login = await SendAsync(server, HttpMethod.Get, Login, "https", "203.0.113.9");

        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
    }

    [Fact]
    public async Task A_peer_that_may_be_a_proxy_reads_which_setting_is_missing()
    {
        await using var server = await StartAsync("");

        using var login = await SendAsync(server, HttpMethod.Get, Login, "https", "203.0.113.9");
        var body = await login.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, login.StatusCode);
        Assert.Contains("SIGNPOST_TRUSTED_PROXIES", body, StringComparison.Ordinal);
        Assert.Contains("https://go.example.org/login", body, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_set_up_takes_no_password_over_plain_HTTP()
    {
        await using var server = await StartAsync(
            "127.0.0.1",
            ("SIGNPOST_ADMIN_EMAIL", ""),
            ("SIGNPOST_ADMIN_PASSWORD", ""),
            ("SIGNPOST_API_KEY", "")
        );
        var path = server.Services.GetRequiredService<SetUp>().Path!;

        using var plain = await SendAsync(server, HttpMethod.Get, path, "http", "203.0.113.9");
        using var sent = await SendAsync(server, HttpMethod.Post, path, "http", "203.0.113.9");
        using var secure = await SendAsync(server, HttpMethod.Get, path, "https", "203.0.113.9");

        Assert.All([plain, sent], one => Assert.Equal(HttpStatusCode.SeeOther, one.StatusCode));
        Assert.Equal($"https://go.example.org{path}", $"{plain.Headers.Location}");
        Assert.Equal(HttpStatusCode.OK, secure.StatusCode);
    }

    private static Task<TestServer> StartAsync(string proxies, params (string, string)[] settings) =>
        TestServer.StartAsync([
            ("SIGNPOST_PUBLIC_URL", "https://go.example.org"),
            ("SIGNPOST_TRUSTED_PROXIES", proxies),
            .. settings,
        ]);

    private static async Task<HttpResponseMessage> SendAsync(
        TestServer server,
        HttpMethod method,
        string path,
        string scheme,
        string client
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Host = "go.example.org";
        request.Headers.Add("X-Forwarded-Proto", scheme);
        request.Headers.Add("X-Forwarded-For", client);
        return await server.Anonymous.SendAsync(request, Cancel);
    }
}
