using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Web;

/// <summary>The limits of connections and requests, which do not depend on the framework's defaults.</summary>
public sealed class RequestLimitTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Connections_and_requests_have_limits()
    {
        var kestrel = _server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        var limits = kestrel.Limits;

        Assert.Equal(16 << 20, limits.MaxRequestBodySize);
        Assert.Equal(32 << 10, limits.MaxRequestHeadersTotalSize);
        Assert.InRange(limits.RequestHeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        Assert.InRange(limits.KeepAliveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.InRange(limits.MaxConcurrentConnections ?? long.MaxValue, 1, 20_000);
        Assert.InRange(limits.Http2.MaxStreamsPerConnection, 1, 100);
        Assert.NotNull(limits.MinRequestBodyDataRate);
        Assert.NotNull(limits.MinResponseDataRate);
        Assert.False(kestrel.AllowSynchronousIO);
    }

    [Theory]
    [InlineData("GET /none HTTP/1.1\r\nHost: a\r\nX: {31}\r\n\r\n", 404)]
    [InlineData("GET /none HTTP/1.1\r\nHost: a\r\nX: {32}\r\n\r\n", 431)]
    [InlineData("GET /none?{7} HTTP/1.1\r\nHost: a\r\n\r\n", 404)]
    [InlineData("GET /none?{8} HTTP/1.1\r\nHost: a\r\n\r\n", 414)]
    [InlineData("POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\nContent-Type: text/plain\r\n\r\n", 400)]
    [InlineData(
        "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
        413
    )]
    public async Task A_request_that_is_too_large_is_refused(string request, int status)
    {
        using var raw = new RawHttp(_server.Url);
        foreach (var kibibytes in (int[])[7, 8, 31, 32])
            request = request.Replace($"{{{kibibytes}}}", new string('a', kibibytes << 10), StringComparison.Ordinal);

        Assert.Equal(status, await raw.StatusAsync(request, Cancel));
    }

    [Fact]
    public async Task No_response_names_the_server_program()
    {
        var link = await _server.CreateLinkAsync();
        var asked = 0;

        foreach (
            var path in (string[])[link.Alias, "none", "api/links", "api/none", "login", "healthz", "docs", "files/x"]
        )
        {
            using var response = await _server.FollowAsync(path);
            Assert.False(response.Headers.Contains("Server"), path);
            Assert.False(response.Headers.Contains("X-Powered-By"), path);
            asked += response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Found ? 1 : 0;
        }

        Assert.InRange(asked, 4, 8);
    }
}
