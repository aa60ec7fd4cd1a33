using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Domains;

/// <summary>Debian's Caddy in front of a server, with one of our own configurations. Its own authority replaces a public one.</summary>
internal sealed partial class CaddyProxy : IAsyncDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("signpost-caddy-").FullName;
    private readonly int _https = FreePort();
    private Process? _caddy;

    private CaddyProxy() { }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="path">A file of the project that is, or shows, a configuration for the host go.example.org.</param>
    /// <param name="shown">The server's address and port in it.</param>
    public static async Task<CaddyProxy> StartAsync(TestServer server, string path, string shown)
    {
        var caddy = new CaddyProxy();
        await caddy.StartAsync(caddy.ForTest(Read(path), shown, server));
        return caddy;
    }

    /// <summary>A connection as of a browser that trusts Caddy's authority and finds every name on this machine.</summary>
    public async Task<SslStream> ConnectAsync(string host)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, _https, Cancel);
        var tls = new SslStream(tcp.GetStream());
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
        try
        {
            await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = trust },
                    Cancel
                )
                .OrFail("A TLS handshake with Caddy");
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_caddy is not null)
        {
            _caddy.Kill();
            await _caddy.EndAsync("Caddy");
            _caddy.Dispose();
        }

        Directory.Delete(_home, recursive: true);
    }

    private async Task StartAsync(string configuration)
    {
        var file = Path.Combine(_home, "Caddyfile");
        await File.WriteAllTextAsync(file, configuration, Cancel);
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
    private string ForTest(string file, string shown, TestServer server)
    {
        Assert.Contains($"http://{shown}", file, StringComparison.Ordinal);
        var tested = file.Replace($"http://{shown}", server.Url, StringComparison.Ordinal)
            .Replace(shown, new Uri(server.Url).Authority, StringComparison.Ordinal);
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
}
