using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Accounts;
using Signpost.Testing;

namespace Signpost.Tests.Web;

/// <summary>No other site makes a browser send one of the server's forms, whatever it knows.</summary>
public sealed class ForeignFormTests
{
    private static readonly string[] Senders = ["cross-site", "same-site", "elsewhere"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_form_of_another_site_is_refused_although_its_token_is_good()
    {
        await using var server = await TestServer.StartAsync();
        await server.CreateLinkAsync(("url", "locked"), ("password", TestServer.AdminPassword));
        await server.CreateLinkAsync(("url", "warns"), ("sensitive_content", "1"));
        using var stranger = new Person(server);
        var login = await stranger.GetAsync("/login", Cancel);
        using var ada = new Person(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var account = await ada.GetAccountAsync(Cancel);

        var forms = FormsOf(server);
        Assert.True(forms.Count > 10, $"{forms.Count} forms");
        foreach (var path in forms)
        foreach (var sender in Senders)
        {
            var (person, token) = path.StartsWith("/login", StringComparison.Ordinal)
                ? (stranger, login.Token)
                : (ada, account.Token);
            using var sent = await PostAsync(server, person, path, token, sender);
            // The pages of links lead back to the link, and open nothing.
            var expected = path.StartsWith("/_signpost/", StringComparison.Ordinal)
                ? HttpStatusCode.SeeOther
                : HttpStatusCode.BadRequest;
            Assert.True(expected == sent.StatusCode, $"{path} from {sender}: {sent.StatusCode}");
            Assert.False(sent.Headers.Contains("Set-Cookie"), path);
        }

        Assert.True(await ada.IsSignedInAsync(Cancel));
        using var own = await PostAsync(server, stranger, "/login", login.Token, "same-origin");
        Assert.Equal(HttpStatusCode.SeeOther, own.StatusCode);
        using var unlocked = await PostAsync(server, stranger, "/_signpost/unlock/locked", "", "same-origin");
        Assert.True(unlocked.Headers.Contains("Set-Cookie"));
        using var agreed = await PostAsync(server, stranger, "/_signpost/agree/warns", "", "none");
        Assert.True(agreed.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task The_set_up_form_of_another_site_is_refused()
    {
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_ADMIN_EMAIL", ""),
            ("SIGNPOST_ADMIN_PASSWORD", ""),
            ("SIGNPOST_API_KEY", "")
        );
        using var person = new Person(server);
        var path = server.Services.GetRequiredService<SetUp>().Path!;

        foreach (var sender in Senders)
        {
            using var refused = await PostAsync(server, person, path, "", sender);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        Assert.NotNull(server.Services.GetRequiredService<SetUp>().Path);
        using var own = await PostAsync(server, person, path, "", "same-origin");
        Assert.Equal(HttpStatusCode.SeeOther, own.StatusCode);
    }

    [Fact]
    public async Task Over_HTTPS_only_the_cookie_counts_that_no_other_host_can_set()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1"));
        using var page = await SendAsync(server, HttpMethod.Get, "https", null, null);
        var sight = await Sight.OfAsync(page, Cancel);
        var cookie = Assert.Single(sight.Cookies);
        var value = cookie.Split(';')[0].Split('=', 2)[1];

        Assert.StartsWith("__Host-signpost_form=", cookie, StringComparison.Ordinal);
        foreach (var part in (string[])["path=/", "secure", "httponly", "samesite=strict"])
            Assert.Contains(part, cookie.Split("; "));
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        using var planted = await SendAsync(server, HttpMethod.Post, "https", $"signpost_form={value}", sight.Token);
        Assert.Equal(HttpStatusCode.BadRequest, planted.StatusCode);
        using var bare = await SendAsync(server, HttpMethod.Post, "https", null, sight.Token);
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        using var own = await SendAsync(server, HttpMethod.Post, "https", $"__Host-signpost_form={value}", sight.Token);
        Assert.Equal(HttpStatusCode.SeeOther, own.StatusCode);
    }

    [Fact]
    public async Task Over_plain_HTTP_the_cookie_has_a_name_that_browsers_allow()
    {
        await using var server = await TestServer.StartAsync();
        using var page = await SendAsync(server, HttpMethod.Get, "http", null, null);

        var cookie = Assert.Single((await Sight.OfAsync(page, Cancel)).Cookies);

        Assert.StartsWith("signpost_form=", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", cookie.Split("; "));
    }

    /// <summary>The addresses of all forms but that of the set-up.</summary>
    private static List<string> FormsOf(TestServer server) =>
        [
            .. from endpoint in server
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") is true
            let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
            where !path.StartsWith("/api", StringComparison.Ordinal)
            where !path.StartsWith("/setup/", StringComparison.Ordinal)
            select path.Replace("unlock/{**alias}", "unlock/locked", StringComparison.Ordinal)
                .Replace("agree/{**alias}", "agree/warns", StringComparison.Ordinal)
                .Replace("open/{**alias}", "open/locked", StringComparison.Ordinal)
                .Replace("{id}", "1", StringComparison.Ordinal)
                .Replace("{id:long}", "1", StringComparison.Ordinal)
                .Replace("{link:long}", "1", StringComparison.Ordinal),
        ];

    private static async Task<HttpResponseMessage> PostAsync(
        TestServer server,
        Person person,
        string path,
        string token,
        string sender
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Form(token) };
        request.Headers.Add("Sec-Fetch-Site", sender);
        if (person.Cookies.GetCookieHeader(new Uri(server.Url)) is { Length: > 0 } cookies)
            request.Headers.Add("Cookie", cookies);
        return await server.Anonymous.SendAsync(request, Cancel);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        TestServer server,
        HttpMethod method,
        string scheme,
        string? cookie,
        string? token
    )
    {
        using var request = new HttpRequestMessage(method, "/login");
        request.Headers.Add("X-Forwarded-Proto", scheme);
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        if (token is not null)
            request.Content = Form(token);
        return await server.Anonymous.SendAsync(request, Cancel);
    }

    private static FormUrlEncodedContent Form(string token) =>
        new(
            new Dictionary<string, string>
            {
                ["form_token"] = token,
                ["email"] = TestServer.AdminEmail,
                ["password"] = TestServer.AdminPassword,
            }
        );
}
