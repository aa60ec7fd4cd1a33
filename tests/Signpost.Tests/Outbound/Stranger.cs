using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signpost.Tests.Outbound;

/// <summary>Somebody else's server on this machine: says the same to everybody, or nothing at all.</summary>
internal sealed class Stranger : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly string? _answer;
    private readonly Task _serving;
    private int _visits;

    /// <param name="headers">The answer's status line and headers; null: it takes connections and never says a word.</param>
    public Stranger(string? headers)
    {
        _answer = headers is null
            ? null
            : headers.ReplaceLineEndings("\r\n") + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}/";

    /// <summary>How many connections came.</summary>
    public int Visits => Volatile.Read(ref _visits);

    public static Stranger Saying(params string[] headers) => new(string.Join("\n", ["HTTP/1.1 200 OK", .. headers]));

    public static Stranger RedirectingTo(string url) => new($"HTTP/1.1 302 Found\nLocation: {url}");

    public static Stranger Silent() => new(null);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task ServeAsync()
    {
        List<TcpClient> open = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                Interlocked.Increment(ref _visits);
                open.Add(client);
                if (_answer is null)
                    continue;
                var buffer = new byte[8192];
                _ = await client.GetStream().ReadAsync(buffer, _closing.Token);
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(_answer), _closing.Token);
                client.Close();
            }
        }
        finally
        {
            foreach (var client in open)
                client.Dispose();
        }
    }
}
