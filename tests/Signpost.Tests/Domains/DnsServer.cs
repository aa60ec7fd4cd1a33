using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Signpost.Testing;

namespace Signpost.Tests.Domains;

/// <summary>A real DNS server, Debian's dnsmasq, on a loopback port of its own. It knows names under <c>.example</c>.</summary>
internal sealed class DnsServer : IAsyncDisposable
{
    private readonly List<(string Name, string Text)> _texts = [];
    private Process? _process;

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, FreePort());

    public static async Task<DnsServer> StartAsync()
    {
        var server = new DnsServer();
        await server.RestartAsync();
        return server;
    }

    public Task AddAsync(params (string Name, string Text)[] texts)
    {
        _texts.AddRange(texts);
        return RestartAsync();
    }

    public Task RemoveAsync(string name)
    {
        _texts.RemoveAll(text => text.Name == name);
        return RestartAsync();
    }

    /// <summary>Stops the server, until a record is added or removed.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        // It serves each TCP connection in a process of its own, which would keep its output open.
        _process.Kill(entireProcessTree: true);
        await _process.EndAsync("dnsmasq");
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    // It reads such records only when it starts.
    private async Task RestartAsync()
    {
        await StopAsync();
        string[] arguments =
        [
            "--keep-in-foreground",
            "--log-facility=-",
            "--conf-file=/dev/null",
            "--pid-file=",
            $"--user={Environment.UserName}",
            "--no-resolv",
            "--no-hosts",
            "--listen-address=127.0.0.1",
            "--bind-interfaces",
            $"--port={Address.Port}",
            "--local=/example/",
            // Longer answers must be requested over TCP.
            "--edns-packet-max=512",
            .. _texts.Select(text => $"--txt-record={text.Name},{text.Text}"),
        ];
        _process = Process.Start(new ProcessStartInfo("dnsmasq", arguments) { RedirectStandardError = true })!;
        await StartedAsync(_process).OrFail("The start of dnsmasq");
    }

    private static async Task StartedAsync(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = "";
        process.ErrorDataReceived += (_, heard) =>
        {
            said += $"{heard.Data}\n";
            if (heard.Data is null)
                started.TrySetException(new InvalidOperationException($"dnsmasq did not start: {said}"));
            else if (heard.Data.Contains("started, version", StringComparison.Ordinal))
                started.TrySetResult();
        };
        process.BeginErrorReadLine();
        await started.Task;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A server that asks a DNS server of ours, for a whole class of tests.</summary>
public sealed class DomainServer : SharedServer
{
    internal DnsServer Dns { get; private set; } = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Dns.DisposeAsync();
    }

    private protected override async Task<TestServer> StartAsync()
    {
        Dns = await DnsServer.StartAsync();
        return await TestServer.StartAsync(("SIGNPOST_DNS_RESOLVER", $"{Dns.Address}"));
    }
}
