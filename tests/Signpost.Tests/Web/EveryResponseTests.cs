using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Dashboard;
using Signpost.Testing;

namespace Signpost.Tests.Web;

/// <summary>
/// Walks the route table as a stranger and as somebody who is signed in, so that no page or endpoint is forgotten: each response has
/// the headers that protect it, and no parameter leads to another host.
/// </summary>
public sealed partial class EveryResponseTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Foreign = "foreign.example";
    private const string Session = "signpost";

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Values that lead to another host if a redirect takes them over.</summary>
    private static readonly string[] ForeignAddresses =
    [
        $"https://{Foreign}/",
        $"//{Foreign}/",
        $@"/\{Foreign}/",
        $"/account/..//{Foreign}/",
        $"javascript:location='{Foreign}'",
    ];

    private static readonly string[] Parameters =
    [
        "returnUrl",
        "return_url",
        "next",
        "url",
        "redirect",
        "domain",
        "host",
    ];

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private List<RouteEndpoint> Endpoints =>
        [
            .. _server
                .Services.GetServices<EndpointDataSource>()
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>(),
        ];

    [Fact]
    public async Task Each_response_has_the_headers_that_protect_it()
    {
        using var ada = new Person(_server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var session = ada.Cookies.GetCookies(new Uri(_server.Url))[Session]!.Value;
        List<string> wrong = [];
        var walked = 0;

        foreach (var endpoint in Endpoints)
        foreach (var cookie in (string?[])[null, $"{Session}={session}"])
        foreach (var method in Methods)
        {
            using var response = await SendAsync(method, PathOf(endpoint), cookie);
            var isPrivate = IsPrivate(endpoint) || cookie is not null && IsPage(response);
            wrong.AddRange(Missing(response, isPrivate).Select(one => $"{Name(response, cookie)}: {one}"));
            walked++;
        }

        Assert.True(walked >= 100, $"Only {walked} requests were made.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("GET", "/nothing-is-here", 404)]
    [InlineData("GET", "/api/nothing-is-here", 404)]
    [InlineData("GET", "/files/nothing.png", 404)]
    [InlineData("GET", "/docs/nothing", 404)]
    [InlineData("DELETE", "/healthz", 405)]
    [InlineData("DELETE", "/login", 405)]
    [InlineData("DELETE", "/robots.txt", 405)]
    [InlineData("POST", "/login", 400)]
    [InlineData("POST", "/dashboard/account/keys", 302)]
    public async Task An_error_has_the_headers_too(string method, string path, int status)
    {
        using var response = await SendAsync(method, path, null);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(Missing(response, isPrivate: false));
    }

    [Fact]
    public async Task No_parameter_leads_to_another_host()
    {
        using var ada = new Person(_server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var session = ada.Cookies.GetCookies(new Uri(_server.Url))[Session]!.Value;
        var redirects = 0;

        foreach (
            var path in Endpoints
                .Select(PathOf)
                .Where(path => !path.StartsWith("/api", StringComparison.Ordinal))
                .Distinct()
        )
        foreach (var address in ForeignAddresses)
        foreach (var cookie in (string?[])[null, $"{Session}={session}"])
        foreach (var method in (string[])["GET", "POST"])
        {
            var fields = Parameters.Select(name => KeyValuePair.Create(name, address)).ToList();
            var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
            using var form = method is "POST" ? new FormUrlEncodedContent(fields) : null;
            using var response = await SendAsync(method, $"{path}?{query}", cookie, form);
            if (response.Headers.Location is not { } location)
                continue;

            redirects++;
            Assert.Equal(new Uri(_server.Url).Authority, new Uri(new Uri(_server.Url), location).Authority);
        }

        Assert.True(redirects >= 20, $"Only {redirects} responses were redirects.");
    }

    [Fact]
    public void The_walk_notices_a_missing_header()
    {
        using var bare = new HttpResponseMessage { Content = new StringContent("<p>", null, "text/html") };

        Assert.Equal(6, Missing(bare, isPrivate: true).Count());
        Assert.Contains(Endpoints, IsPrivate);
    }

    private static IEnumerable<string> Missing(HttpResponseMessage response, bool isPrivate)
    {
        // It has no content, and says the same to everybody.
        if (response is { StatusCode: HttpStatusCode.MethodNotAllowed, Content.Headers.ContentType: null })
            yield break;
        if (isPrivate && response.Headers.CacheControl is not { NoStore: true })
            yield return "may be kept by a cache";
        // A cache keeps a response without this header as long as it likes.
        if (response.Headers.CacheControl is null)
            yield return "does not say whether a cache may keep it";
        if (response.Content.Headers.ContentType is null)
            yield break;
        if (Value(response, "X-Content-Type-Options") is not "nosniff")
            yield return "its type may be guessed";
        if (!IsPage(response))
            yield break;
        var policy = Value(response, "Content-Security-Policy").Split(';', StringSplitOptions.TrimEntries);
        if (!policy.Contains("default-src 'none'"))
            yield return "may load anything";
        if (!policy.Contains("frame-ancestors 'none'"))
            yield return "may be framed";
        if (Value(response, "Referrer-Policy") is not ("same-origin" or "no-referrer"))
            yield return "tells other sites its address";
    }

    private static bool IsPage(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is "text/html";

    /// <summary>Whether the endpoint is for one person, or takes a password.</summary>
    private static bool IsPrivate(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<PageOfSignedIn>() is not null
        || PathOf(endpoint) is var path
            && (
                path.StartsWith("/login", StringComparison.Ordinal)
                || path.StartsWith("/setup", StringComparison.Ordinal)
                || path.StartsWith("/api", StringComparison.Ordinal)
            );

    private static string Value(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? string.Join(", ", values) : "";

    private static string Name(HttpResponseMessage response, string? cookie) =>
        $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.PathAndQuery} "
        + $"({(cookie is null ? "stranger" : "signed in")}, {(int)response.StatusCode})";

    private async Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        string? cookie,
        HttpContent? content = null
    )
    {
        using var request = new HttpRequestMessage(new(method), path) { Content = content };
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return await _server.Anonymous.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    private static string PathOf(RouteEndpoint endpoint) =>
        Parameter().Replace($"/{endpoint.RoutePattern.RawText!.Trim('/')}", "1");

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
