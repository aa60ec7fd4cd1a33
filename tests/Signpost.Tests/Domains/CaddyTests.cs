using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Domains;

/// <summary>
/// Debian's Caddy in front of the server, with the file that docs/operations.md shows and with the one of deploy/compose.yaml: it
/// gets certificates for verified domains only. Its own authority replaces a public one.
/// </summary>
public sealed partial class CaddyTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("signpost-caddy-").FullName;
    private readonly int _https = FreePort();
    private DnsServer _dns = null!;
    private TestServer _server = null!;
    private Process? _caddy;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _dns = await DnsServer.StartAsync();
        _server = await TestServer.StartAsync(
            ("SIGNPOST_DNS_RESOLVER", $"{_dns.Address}"),
            ("SIGNPOST_PUBLIC_URL", "https://go.example.org"),
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1,::1")
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_caddy is not null)
        {
            _caddy.Kill();
            await _caddy.EndAsync("Caddy");
            _caddy.Dispose();
        }

        await _server.DisposeAsync();
        await _dns.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Theory]
    [InlineData("docs/operations.md", "127.0.0.1:8080")]
    [InlineData("deploy/Caddyfile", "signpost:8080")]
    public async Task Verified_domains_get_certificates_and_their_links_and_nobody_else_does(string path, string server)
    {
        await MakeDomainAsync("one.example", "https://example.org/one");
        await MakeDomainAsync("two.example", "https://example.org/two");
        await StartCaddyAsync(path, server);

        Assert.Equal("302 https://example.org/one", await FollowAsync("one.example", "/x"));
        Assert.Equal("302 https://example.org/two", await FollowAsync("two.example", "/x"));
        Assert.Equal("404 ", await FollowAsync("two.example", "/api/links"));
        Assert.Equal("200 ", await FollowAsync("go.example.org", "/docs"));
        await Assert.ThrowsAsync<AuthenticationException>(() => FollowAsync("claimed.example", "/x"));
    }

    private async Task MakeDomainAsync(string host, string target)
    {
        var id = await SendAsync(HttpMethod.Post, "/api/domains", ("host", host));
        var proof = (await SendAsync(HttpMethod.Get, $"/api/domains/{id["id"]}"))["verification"]!;
        await _dns.AddAsync((proof["name"]!.GetValue<string>(), proof["value"]!.GetValue<string>()));
        await SendAsync(HttpMethod.Post, $"/api/domains/{id["id"]}/verify");
        await SendAsync(
            HttpMethod.Post,
            "/api/links",
            ("url", "x"),
            ("location_url", target),
            ("domain_id", $"{id["id"]}")
        );
    }

    private async Task<System.Text.Json.Nodes.JsonNode> SendAsync(
        HttpMethod method,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Host = "go.example.org" } };
        if (method == HttpMethod.Post)
            request.Content = Bodies.Form(fields);
        using var response = await _server.Http.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        return System.Text.Json.Nodes.JsonNode.Parse(text)!["data"]!;
    }

    /// <summary>Follows as a browser would that trusts Caddy's authority and finds every name on this machine.</summary>
    private async Task<string> FollowAsync(string host, string path)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, _https, Cancel);
        await using var tls = new SslStream(tcp.GetStream());
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.Add(
            X509CertificateLoader.LoadCertificateFromFile(
                Path.Combine(_home, "caddy", "pki", "authorities", "local", "root.crt")
            )
        );
        await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = trust },
                Cancel
            )
            .OrFail("A TLS handshake with Caddy");

        await tls.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
            Cancel
        );
        using var reader = new StreamReader(tls);
        var answer = await reader.ReadToEndAsync(Cancel).OrFail("An answer through Caddy");
        var location = LocationLine().Match(answer);
        return $"{answer.AsSpan(9, 3)} {(location.Success ? location.Groups[1].Value : "")}";
    }

    private async Task StartCaddyAsync(string path, string server)
    {
        var file = Path.Combine(_home, "Caddyfile");
        await File.WriteAllTextAsync(file, ForTest(Read(path), server), Cancel);
        var start = new ProcessStartInfo("caddy", ["run", "--config", file, "--adapter", "caddyfile"])
        {
            RedirectStandardError = true,
        };
        // Nothing of it lands outside, and nothing of the machine's own gets in.
        start.Environment["XDG_DATA_HOME"] = start.Environment["XDG_CONFIG_HOME"] = start.Environment["HOME"] = _home;
        start.Environment["DOMAIN"] = "go.example.org";
        _caddy = Process.Start(start)!;

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = "";
        _caddy.ErrorDataReceived += (_, heard) =>
        {
            said += $"{heard.Data}\n";
            if (heard.Data is null)
                started.TrySetException(new InvalidOperationException($"Caddy did not start: {said}"));
            else if (heard.Data.Contains("serving initial configuration", StringComparison.Ordinal))
                started.TrySetResult();
        };
        _caddy.BeginErrorReadLine();
        await started.Task.OrFail("The start of Caddy");
    }

    // The ports of a test, and an authority that is no public one.
    private string ForTest(string file, string server)
    {
        Assert.Contains($"http://{server}", file, StringComparison.Ordinal);
        var tested = file.Replace($"http://{server}", _server.Url, StringComparison.Ordinal)
            .Replace(server, new Uri(_server.Url).Authority, StringComparison.Ordinal);
        return $$"""
                {
                    admin off
                    skip_install_trust
                    local_certs
                    auto_https disable_redirects
                    http_port {{FreePort()}}
                    https_port {{_https}}
                    default_bind 127.0.0.1
                """ + tested[(tested.IndexOf('{', StringComparison.Ordinal) + 1)..];
    }

    private static string Read(string path)
    {
        var text = File.ReadAllText(Path.Combine(ArchitectureTests.Root, path));
        return CaddyBlock().Match(text) is { Success: true } block ? block.Groups[1].Value : text;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("```caddyfile\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CaddyBlock();

    [GeneratedRegex("^location: (.*?)\r?$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex LocationLine();
}
