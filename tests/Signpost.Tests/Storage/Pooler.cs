using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Signpost.Testing;

namespace Signpost.Tests.Storage;

/// <summary>A real PgBouncer in front of the PostgreSQL of this process.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class Pooler : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-pooler-").FullName;
    private readonly string _mode;
    private readonly Uri _server;
    private readonly int _port = FreePort();
    private Process? _process;

    private Pooler(string mode, Uri server) => (_mode, _server) = (mode, server);

    /// <summary>The address of the database behind it.</summary>
    public string Url => new UriBuilder(_server) { Port = _port }.Uri.ToString();

    /// <param name="mode">session or transaction.</param>
    /// <param name="url">A value of SIGNPOST_DATABASE_URL.</param>
    public static async Task<Pooler> StartAsync(string mode, string url)
    {
        var pooler = new Pooler(mode, new Uri(url));
        await pooler.StartAsync();
        return pooler;
    }

    public async ValueTask DisposeAsync()
    {
        _process!.Kill();
        await _process.EndAsync("PgBouncer");
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task StartAsync()
    {
        var settings = Path.Combine(_directory, "pgbouncer.ini");
        await File.WriteAllTextAsync(
            settings,
            $"""
            [databases]
            * = host={_server.Host} port={_server.Port} user={_server.UserInfo}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            unix_socket_dir =
            auth_type = any
            pool_mode = {_mode}
            """
        );
        // It does not run as root.
        File.SetUnixFileMode(
            _directory,
            File.GetUnixFileMode(_directory) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute
        );
        string[] options = Environment.IsPrivilegedProcess ? ["-u", "nobody", settings] : [settings];
        _process = Process.Start(new ProcessStartInfo(Program, options) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        await Patience.UntilAsync(IsListeningAsync, "PgBouncer listens");
    }

    private async Task<bool> IsListeningAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
