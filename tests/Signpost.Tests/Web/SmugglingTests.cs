using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Signpost.Testing;

namespace Signpost.Tests.Web;

/// <summary>
/// A request whose end is ambiguous hides no second request. After each one, the same connection asks for the health of the
/// server: that request gets its own response, or the connection ends.
/// </summary>
public sealed class SmugglingTests(SharedServer shared) : IClassFixture<SharedServer>
{
    internal const string Hidden =
        "GET /{ALIAS} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: Mozilla/5.0 (a person; a test)\r\n\r\n";
    private const string Next = "GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";
    private const string End = "0\r\n\r\n";

    private readonly TestServer _server = shared.Server;

    /// <summary>Headers and bodies whose end servers may see at different places, and the status of our response.</summary>
    public static TheoryData<string, string, int> Ambiguous =>
        new()
        {
            // Length and chunks together.
            { "Content-Length: 500\r\n" + Chunked, End + Hidden, 401 },
            { "Content-Length: 4\r\n" + Chunked, "{SIZE}\r\n" + Hidden + "\r\n" + End, 401 },
            { "Content-Length: 5\nTransfer-Encoding: chunked\r\n", End + Hidden, 401 },
            // Two lengths, and lengths that are no numbers.
            { "Content-Length: 5\r\nContent-Length: 6\r\n", "aaaaa" + Hidden, 400 },
            { "Content-Length: 5, 5\r\n", "aaaaa" + Hidden, 400 },
            { "Content-Length: -1\r\n", Hidden, 400 },
            { "Content-Length: 0x5\r\n", "aaaaa" + Hidden, 400 },
            { "Content-Length: 99999999999999999999\r\n", Hidden, 400 },
            { "Content-Length : 5\r\n", "aaaaa" + Hidden, 400 },
            // Encodings that somebody else could read as chunks, or as none.
            { "Transfer-Encoding: xchunked\r\n", End + Hidden, 400 },
            { "Transfer-Encoding: chunked, identity\r\n", End + Hidden, 400 },
            { "Transfer-Encoding: identity\r\nContent-Length: 5\r\n", "aaaaa" + Hidden, 400 },
            { "Transfer-Encoding : chunked\r\n", End + Hidden, 400 },
            { "Transfer-Encoding:\u000bchunked\r\n", End + Hidden, 400 },
            { "X: a\r\n Transfer-Encoding: chunked\r\n", End + Hidden, 400 },
            { "X: a\rTransfer-Encoding: chunked\r\n", End + Hidden, 400 },
            { "X: a\0Transfer-Encoding: chunked\r\n", End + Hidden, 400 },
            // Chunks with strange sizes, extensions and ends.
            { Chunked, "1;a\nb\r\n" + Hidden, 401 },
            { Chunked, "0x1\r\na\r\n" + End + Hidden, 401 },
            { Chunked, "-1\r\na\r\n" + End + Hidden, 401 },
            { Chunked, "FFFFFFFFFFFFFFFFF\r\na\r\n" + End + Hidden, 401 },
            { Chunked, "1\r\nab\r\n" + End + Hidden, 401 },
            { Chunked, "1\na\n0\n\n" + Hidden, 401 },
        };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task A_hidden_request_gets_no_response(string headers, string body, int status)
    {
        var link = await _server.CreateLinkAsync(("location_url", "https://hidden.example/"));

        var responses = await SendAsync(AsPost(headers, body), link.Alias);

        Assert.Equal(status, responses[0].Status);
        Assert.InRange(responses.Count, 1, 2);
        Assert.All(responses, one => Assert.DoesNotContain("hidden.example", one.Text, StringComparison.Ordinal));
        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_request_in_the_body_of_a_visit_is_only_a_body(string method)
    {
        var link = await _server.CreateLinkAsync(("location_url", "https://hidden.example/"));
        var other = await _server.CreateLinkAsync(("location_url", "https://visited.example/"));

        var responses = await SendAsync(
            $"{method} /{other.Alias} HTTP/1.1\r\nHost: {{HOST}}\r\nContent-Length: {{LENGTH}}\r\n\r\n{Hidden}",
            link.Alias
        );

        Assert.Equal([302, 200], responses.Select(one => one.Status));
        Assert.Contains("visited.example", responses[0].Text, StringComparison.Ordinal);
        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));
    }

    // The test would find nothing if nothing were hidden.
    [Fact]
    public async Task A_request_that_is_not_hidden_is_seen()
    {
        var link = await _server.CreateLinkAsync(("location_url", "https://hidden.example/"));

        var responses = await SendAsync(Hidden, link.Alias);

        Assert.Equal([302, 200], responses.Select(one => one.Status));
        Assert.Contains("hidden.example", responses[0].Text, StringComparison.Ordinal);
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));
    }

    /// <summary>A request with these headers and this body.</summary>
    internal static string AsPost(string headers, string body) =>
        $"POST /api/links HTTP/1.1\r\nHost: {{HOST}}\r\n{headers}\r\n{body}";

    /// <summary>Sends a request that may hide another for the alias, and one more for the health of the server.</summary>
    /// <returns>All responses of the connection.</returns>
    internal static async Task<List<(int Status, string Text)>> SendAsync(
        Stream stream,
        string host,
        string request,
        string alias
    )
    {
        var length = Fill(Hidden).Length;
        var text = Fill(request + Next)
            .Replace("{LENGTH}", $"{length}", StringComparison.Ordinal)
            .Replace("{SIZE}", $"{length:x}", StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancel);
        return Split(await ReadAsync(stream).OrFail("The end of the connection"));

        string Fill(string part) =>
            part.Replace("{HOST}", host, StringComparison.Ordinal).Replace("{ALIAS}", alias, StringComparison.Ordinal);
    }

    private async Task<List<(int Status, string Text)>> SendAsync(string request, string alias)
    {
        var url = new Uri(_server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Cancel);
        return await SendAsync(client.GetStream(), url.Host, request, alias);
    }

    // A server that refuses a request may end the connection while bytes are on their way.
    private static async Task<string> ReadAsync(Stream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, Cancel) is > 0 and var length)
                text.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }
        catch (IOException) { }

        return text.ToString();
    }

    private static List<(int Status, string Text)> Split(string text) =>
        [
            .. text.Split("HTTP/1.1 ")
                .Skip(1)
                .Select(one => (int.Parse(one.AsSpan(0, 3), CultureInfo.InvariantCulture), one)),
        ];
}
