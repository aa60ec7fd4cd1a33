using Signpost.Testing;
using Signpost.Tests.Domains;

namespace Signpost.Tests.Web;

/// <summary>
/// The same behind Caddy with the configuration that we ship: both see the same requests, so each client gets its own
/// responses. Where Caddy takes the second request for one of the client's, the client gets a response to it, and in its turn.
/// </summary>
public sealed class ProxiedSmugglingTests(ProxiedSmugglingTests.Proxied proxied)
    : IClassFixture<ProxiedSmugglingTests.Proxied>
{
    private const string Host = "go.example.org";

    [Theory]
    [MemberData(nameof(SmugglingTests.Ambiguous), MemberType = typeof(SmugglingTests))]
    public async Task Proxy_and_server_see_the_same_requests(string headers, string body, int status)
    {
        Assert.InRange(status, 400, 499);
        var link = await proxied.Server.CreateLinkAsync(("location_url", "https://hidden.example/"));

        await using var stream = await proxied.Caddy.ConnectAsync(Host);
        var responses = await SmugglingTests.SendAsync(stream, Host, SmugglingTests.AsPost(headers, body), link.Alias);

        // Caddy refuses the others with errors of its own.
        Assert.InRange(responses[0].Status, 400, 502);
        Assert.True(
            responses.Count <= 2 || responses.Skip(1).Select(one => one.Status).SequenceEqual([302, 200]),
            string.Join('\n', responses)
        );
        var answered = responses.Count(one => one.Text.Contains("hidden.example", StringComparison.Ordinal));
        Assert.Equal(responses.Count == 3 ? 1 : 0, answered);
        Assert.Equal(answered, await proxied.Server.ReadClicksAsync(link.Id));
    }

    // The test would find nothing if nothing came through.
    [Fact]
    public async Task A_request_that_is_not_hidden_comes_through()
    {
        var link = await proxied.Server.CreateLinkAsync(("location_url", "https://hidden.example/"));

        await using var stream = await proxied.Caddy.ConnectAsync(Host);
        var responses = await SmugglingTests.SendAsync(stream, Host, SmugglingTests.Hidden, link.Alias);

        Assert.Equal([302, 200], responses.Select(one => one.Status));
        Assert.Equal(1, await proxied.Server.ReadClicksAsync(link.Id));
    }

    public sealed class Proxied : IAsyncLifetime
    {
        internal TestServer Server { get; private set; } = null!;

        internal CaddyProxy Caddy { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await TestServer.StartAsync(
                ("SIGNPOST_PUBLIC_URL", $"https://{Host}"),
                ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1,::1")
            );
            Server.Http.DefaultRequestHeaders.Host = Host;
            Caddy = await CaddyProxy.StartAsync(Server, "deploy/Caddyfile", "signpost:8080");
        }

        public async ValueTask DisposeAsync()
        {
            await Caddy.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
