using System.Net.Sockets;
using System.Text;
using Signpost.Testing;

namespace Signpost.Tests.Redirects;

/// <summary>Requests that no well-behaved client sends, byte by byte.</summary>
public sealed class HostTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Host: {HOST}", 302)]
    [InlineData("Host: {HOST}:99999", 302)]
    [InlineData("Host: LOCALHOST", 302)]
    [InlineData("Host: anything.example", 302)]
    [InlineData("Host: ", 302)]
    [InlineData("Host: a\r\nHost: b", 400)]
    [InlineData("Host: a\"><script>", 400)]
    [InlineData("Host: {HOST}/x", 400)]
    [InlineData("Host: {HOST}\r\nX: a\r\n b", 400)]
    public async Task Without_a_public_address_every_host_is_the_main_domain(string header, int status)
    {
        var link = await _server.CreateLinkAsync();

        Assert.Equal(
            status,
            await AskAsync(_server, $"GET /{link.Alias} HTTP/1.1\r\n{header}\r\nConnection: close\r\n\r\n")
        );
    }

    [Theory]
    [InlineData("Host: go.example", 302)]
    [InlineData("Host: GO.example.:8080", 302)]
    [InlineData("Host: other.example", 421)]
    [InlineData("Host: go.example.evil.example", 421)]
    [InlineData("Host: ", 421)]
    [InlineData("X-Forwarded-Host: go.example\r\nHost: other.example", 421)]
    public async Task With_a_public_address_any_other_host_is_421(string header, int status)
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_PUBLIC_URL", "https://go.example"));
        await InsertAsync(server);

        Assert.Equal(status, await AskAsync(server, $"GET /known HTTP/1.1\r\n{header}\r\nConnection: close\r\n\r\n"));
        if (status == 421)
            foreach (var path in (string[])["/", "/api/links", "/healthz/x", "/docs", "/setup/x"])
                Assert.Equal(
                    421,
                    await AskAsync(server, $"GET {path} HTTP/1.1\r\n{header}\r\nConnection: close\r\n\r\n")
                );
    }

    [Fact]
    public async Task An_absent_host_is_421_when_there_is_a_public_address()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_PUBLIC_URL", "https://go.example"));

        Assert.Equal(421, await AskAsync(server, "GET /known HTTP/1.0\r\n\r\n"));
    }

    [Theory]
    [InlineData("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /x/../api/links HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /x/%2e%2e/api/links HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n")]
    [InlineData("GET http://{HOST}/api/links HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /api/links HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde")]
    [InlineData(
        "POST /api/links HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )]
    [InlineData("GET / HTTP/9.9\r\nHost: {HOST}\r\n\r\n")]
    [InlineData("\u0000\u0001\u0002\r\n\r\n")]
    public async Task What_is_hostile_gets_one_answer_below_500(string request)
    {
        var answer = await SendAsync(_server, request);

        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.InRange(int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), 400, 505);
        Assert.DoesNotContain(" 500 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Methods_have_case()
    {
        var link = await _server.CreateLinkAsync();

        Assert.Equal(
            405,
            await AskAsync(_server, $"get /{link.Alias} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        );
    }

    private static async Task InsertAsync(TestServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/links")
        {
            Content = new FormUrlEncodedContent([new("url", "known"), new("location_url", "https://example.org/")]),
            Headers = { Host = "go.example" },
        };
        using var response = await server.Http.SendAsync(request, Cancel);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<int> AskAsync(TestServer server, string request)
    {
        var answer = await SendAsync(server, request);
        return int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> SendAsync(TestServer server, string request)
    {
        var url = new Uri(server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Cancel);
        var stream = client.GetStream();
        var text = request.Replace("{HOST}", url.Host, StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancel);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancel).OrFail("An answer and the end of the connection");
    }
}
