using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>Pages of other origins use the API (CORS), and nothing else of the server. HEAD works as GET.</summary>
public sealed class CrossOriginTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly (string, string) Origin = ("Origin", "https://app.example");

    private ILookup<string, string> MethodsByPath =>
        Server
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method =>
                    (Path: $"/{endpoint.RoutePattern.RawText!.Trim('/')}", Method: method)
                )
            )
            .Distinct()
            .ToLookup(one => one.Path, one => one.Method);

    [Fact]
    public async Task A_preflight_of_every_address_names_its_methods_and_the_asked_headers()
    {
        var walked = 0;
        foreach (var path in MethodsByPath.Where(path => path.Key.StartsWith("/api/", StringComparison.Ordinal)))
        {
            // These are also addresses of a domain or a link, which take more methods.
            if (path.Key is "/api/domains/check" or "/api/domains/available" or "/api/links/bulk")
                continue;
            foreach (var slash in (string[])["", "/"])
            {
                var reply = await PreflightAsync(Filled(path.Key, 1) + slash, "x-tool, authorization,content-type");

                Assert.Equal((HttpStatusCode.NoContent, ""), (reply.Status, reply.Body));
                Assert.Equal("*", reply.Headers["Access-Control-Allow-Origin"]);
                Assert.Equal(
                    path.Order(StringComparer.Ordinal),
                    reply.Headers["Access-Control-Allow-Methods"].Split(", ").Order(StringComparer.Ordinal)
                );
                Assert.Equal("x-tool, authorization,content-type", reply.Headers["Access-Control-Allow-Headers"]);
                Assert.Equal("600", reply.Headers["Access-Control-Max-Age"]);
                Assert.False(reply.Headers.ContainsKey("Access-Control-Allow-Credentials"));
            }

            walked++;
        }

        Assert.True(walked > 20, $"{walked}");
    }

    [Theory]
    [InlineData("/api/links", 401)]
    [InlineData("/api/nothing", 404)]
    [InlineData("/api/links/999999999", 404)]
    [InlineData("/api/links?page=0", 400)]
    [InlineData("/api/links", 200)]
    [InlineData("/api/links", 405)]
    [InlineData("/api/links", 415)]
    [InlineData("/api/admin/rebuild-rollups", 202)]
    public async Task Every_response_of_the_API_is_for_every_origin(string path, int status)
    {
        var method = status switch
        {
            405 => HttpMethod.Delete,
            415 or 202 => HttpMethod.Post,
            _ => HttpMethod.Get,
        };
        var body = status is 415 ? Bodies.Raw("text/plain", "x") : null;
        var http = status is 401 ? Server.Anonymous : Server.Http;

        var reply = await SendAsync(method, path, body, http, Origin);

        Assert.Equal(status, (int)reply.Status);
        Assert.Equal("*", reply.Headers["Access-Control-Allow-Origin"]);
        Assert.Equal("Location, Retry-After", reply.Headers["Access-Control-Expose-Headers"]);
        Assert.False(reply.Headers.ContainsKey("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task A_preflight_of_an_unknown_address_lets_the_page_read_the_404()
    {
        var reply = await PreflightAsync("/api/nothing", "authorization");

        Assert.Equal(HttpStatusCode.NoContent, reply.Status);
        Assert.Equal("GET, HEAD, POST, PUT, PATCH, DELETE", reply.Headers["Access-Control-Allow-Methods"]);
    }

    [Fact]
    public async Task Preflights_count_in_no_limit()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_API_REQUESTS_PER_MINUTE", "1"));
        for (var i = 0; i < 20; i++)
            Assert.Equal(
                HttpStatusCode.NoContent,
                (await PreflightAsync("/api/links", "authorization", server.Http)).Status
            );

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/api/links", http: server.Http)).Status);
        var limited = await SendAsync(HttpMethod.Get, "/api/links", null, server.Http, Origin);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.Status);
        Assert.Equal("*", limited.Headers["Access-Control-Allow-Origin"]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/docs/docs.js")]
    [InlineData("/login")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/healthz")]
    [InlineData("/files/x.png")]
    [InlineData("/_signpost/unlock/x")]
    [InlineData("/no-such-link")]
    [InlineData("/api/domains/check?domain=localhost")]
    [InlineData("/api/domains/check/")]
    public async Task Nothing_else_is_for_other_origins(string path)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Options])
        {
            var reply = await SendAsync(
                method,
                path,
                null,
                null,
                Origin,
                ("Access-Control-Request-Method", "GET"),
                ("Access-Control-Request-Headers", "authorization")
            );

            Assert.DoesNotContain(
                reply.Headers.Keys,
                name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)
            );
        }
    }

    [Fact]
    public async Task HEAD_of_every_address_is_GET_without_a_body()
    {
        var id = await CreateAsync();
        var walked = 0;
        foreach (
            var path in MethodsByPath.Where(path =>
                path.Contains("GET") && path.Key.StartsWith("/api/", StringComparison.Ordinal)
            )
        )
        {
            var filled = Filled(path.Key, id);
            var head = await SendAsync(HttpMethod.Head, filled);
            Assert.Equal("", head.Body);
            Assert.NotEqual(HttpStatusCode.MethodNotAllowed, head.Status);
            if (path.Key is "/api/statistics/live")
            {
                Assert.Equal(HttpStatusCode.OK, head.Status);
                continue;
            }

            var get = await SendAsync(HttpMethod.Get, filled);
            Assert.Equal(get.Status, head.Status);
            Assert.Equal(get.Headers.Keys.Except(Varying).Order(), head.Headers.Keys.Except(Varying).Order());
            walked++;
        }

        Assert.True(walked > 15, $"{walked}");
    }

    [Fact]
    public async Task HEAD_runs_no_export()
    {
        var id = await CreateAsync();
        var before = await ExportsAsync();

        var head = await SendAsync(HttpMethod.Head, $"/api/statistics/{id}/export?format=json");
        var wrong = await SendAsync(HttpMethod.Head, $"/api/statistics/{id}/export?format=xlsx");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (head.Status, wrong.Status));
        Assert.Equal(before, await ExportsAsync());

        async Task<int> ExportsAsync() =>
            (await GetAsync("/api/audit-log?results_per_page=1000")).Body.Split("clicks_exported").Length;
    }

    private static readonly string[] Varying = ["Date", "Transfer-Encoding"];

    private static string Filled(string path, long id) =>
        string.Join('/', path.Split('/').Select(part => part is ['{', ..] ? $"{id}" : part));

    private Task<Reply> PreflightAsync(string path, string headers, HttpClient? http = null) =>
        SendAsync(
            HttpMethod.Options,
            path,
            null,
            http ?? Server.Anonymous,
            Origin,
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", headers)
        );
}
