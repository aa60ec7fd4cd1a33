using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Links;
using Signpost.Web.Notices;

namespace Signpost.Tests.Web;

/// <summary>Hosts, queries and paths that no browser sends: they get an answer, and are no mistake of the server.</summary>
public sealed class HostileRequestTests
{
    private static readonly string[] Hosts =
    [
        "xn--a",
        "XN--A.example",
        "go.example.xn--a",
        "xn--a:8080",
        "xn--",
        "xn--\u00fc",
        new string('a', 70) + ".xn--bcher-kva.example",
        "xn--bcher-kva.example",
        "[::1",
        "[xn--a]:1",
        "a..b",
        ".",
        ":",
        "go.example:99999",
        "go.example:xn--a",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("https://go.example")]
    public async Task No_host_makes_the_server_fail(string publicUrl)
    {
        await using var server = await StartAsync(publicUrl);
        var log = LogLines.Of(server);

        foreach (var host in Hosts)
        foreach (
            var path in (string[])
                [
                    "/",
                    "/locked",
                    "/none",
                    "/login",
                    "/dashboard/account",
                    "/_signpost/unlock/x",
                    "/_signpost/continue/x",
                    "/api/x",
                ]
        )
        foreach (var more in (string[])["", "X-Forwarded-Proto: https\r\n", $"X-Forwarded-Host: {host}\r\n"])
            Assert.InRange(await AskAsync(server, "GET", path, host, more), 200, 499);

        Assert.Equal(0, log.Count("failed"));
    }

    [Fact]
    public async Task A_host_with_a_public_address_is_compared_as_it_was_sent()
    {
        await using var server = await StartAsync("https://go.example");

        Assert.Equal(421, await AskAsync(server, "GET", "/", "xn--a"));
        Assert.Equal(421, await AskAsync(server, "GET", "/", "go.example", "X-Forwarded-Host: xn--a\r\n"));
        Assert.Equal(200, await AskAsync(server, "GET", "/", "GO.example.:8080"));
    }

    [Fact]
    public async Task No_character_of_a_query_or_a_path_makes_the_server_fail()
    {
        await using var server = await StartAsync("");
        var log = LogLines.Of(server);
        await server.CreateLinkAsync(("url", "merges"), ("forward_query_parameters_is_enabled", "1"));
        await server.CreateLinkAsync(("url", "locked"), ("password", "sesame"));
        await server.CreateLinkAsync(("url", "warns"), ("sensitive_content", "1"));
        var page = await server.CreateSplashPageAsync();
        await server.CreateLinkAsync(("url", "shows"), ("splash_page_id", page));
        string[] requests =
        [
            "GET /merges",
            "GET /locked",
            "GET /warns",
            "GET /_signpost/unlock/locked",
            "GET /_signpost/agree/warns",
            "GET /shows",
            "GET /_signpost/continue/shows",
            "POST /_signpost/unlock/locked",
            "POST /_signpost/agree/warns",
            "GET /none",
            "GET /dashboard/account",
            "GET /login",
            "GET /files/x",
            "GET /api/domains/check",
        ];
        char[] signs = [.. Enumerable.Range(1, 31).Select(code => (char)code), '\u007f', '\u0080', '\u00ff', '"', '\\'];

        foreach (var request in requests)
        foreach (var sign in signs)
        foreach (var tail in (string[])[$"?a={sign}b", $"{sign}", $"?{Uri.HexEscape(sign)}", Uri.HexEscape(sign)])
        {
            var (method, path) = (request.Split(' ')[0], request.Split(' ')[1]);
            Assert.InRange(await AskAsync(server, method, path + tail, "localhost"), 200, 499);
        }

        Assert.Equal(0, log.Count("failed"));
    }

    [Fact]
    public async Task A_failed_request_is_one_line_and_a_second_holds_few()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null);
        var log = LogLines.Of(server);
        await server.Database.WriteRawAsync(
            (connection, transaction) => connection.Run(transaction, "DROP TABLE files"),
            Cancel
        );

        using (var first = await server.FollowAsync("files/x"))
            Assert.Equal(1, log.Count($"A request ({Assert.Single(first.Headers.GetValues("X-Request-Id"))}) failed"));
        for (var i = 1; i < 20; i++)
            Assert.Equal(500, (int)(await server.FollowAsync($"files/{i}")).StatusCode);
        Assert.Equal(FaultLog.MostPerSecond, log.Count("failed"));

        clock.Advance(TimeSpan.FromSeconds(1));
        await server.FollowAsync("files/x");
        Assert.Equal(1, log.Count($"left out before this line: {20 - FaultLog.MostPerSecond}"));
        Assert.Equal(0, log.Count("\n"));
    }

    private static Task<TestServer> StartAsync(string publicUrl) =>
        TestServer.StartAsync(("SIGNPOST_PUBLIC_URL", publicUrl), ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1"));

    private static async Task<int> AskAsync(
        TestServer server,
        string method,
        string target,
        string host,
        string headers = ""
    )
    {
        using var raw = new RawHttp(server.Url);
        return await raw.StatusAsync(
            $"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n",
            Cancel
        );
    }
}
