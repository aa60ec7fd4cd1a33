using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signpost.Tests.Storage;

/// <summary>Passes one connection after another on to a real PostgreSQL, and lets its version look older.</summary>
internal sealed class OldServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly byte[] _version;

    /// <param name="url">A value of SIGNPOST_DATABASE_URL.</param>
    /// <param name="version">As long as the one of the real server: two digits.</param>
    public OldServer(string url, string version)
    {
        (_server, _version) = (new Uri(url), Encoding.ASCII.GetBytes(version));
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>The address of the database behind it.</summary>
    public string Url => new UriBuilder(_server) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri.ToString();

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_server.Host, _server.Port);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(server.GetStream()),
                AnswerAsync(server.GetStream(), client.GetStream())
            );
        }
    }

    // The server sends all that it says about itself at once.
    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        var bytes = new byte[64 << 10];
        while (await from.ReadAsync(bytes) is > 0 and var count)
        {
            if (bytes.AsSpan(0, count).IndexOf("server_version\0"u8) is >= 0 and var at)
                _version.CopyTo(bytes, at + "server_version\0"u8.Length);
            await to.WriteAsync(bytes.AsMemory(0, count));
        }
    }
}
