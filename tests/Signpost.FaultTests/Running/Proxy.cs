using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Signpost.Testing;

namespace Signpost.FaultTests.Running;

/// <summary>
/// A network between Signpost and PostgreSQL that a test cuts. Bytes that are held arrive later, as on a real network; until then neither
/// side hears that the other one has closed its end.
/// </summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _server;
    private readonly ConcurrentDictionary<Pair, Task> _pairs = [];
    private readonly Task _accepting;
    private int _attempts;

    private Proxy(Uri server)
    {
        Server = server.OriginalString;
        _server = new(IPAddress.Loopback, server.Port);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Url = new UriBuilder(server) { Port = ((IPEndPoint)_listener.LocalEndPoint!).Port }
            .Uri
            .AbsoluteUri;
        _accepting = AcceptAsync();
    }

    /// <summary>The address of the database through it.</summary>
    public string Url { get; }

    /// <summary>The address of the database itself.</summary>
    public string Server { get; }

    /// <summary>The number of connections that were tried.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Closes each new connection at once.</summary>
    public bool Refuses { get; set; }

    /// <summary>The time that each part of a message takes longer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Holds what clients send.</summary>
    public Gate Questions { get; private set; } = new();

    /// <summary>Holds what the server sends.</summary>
    public Gate Answers { get; } = new();

    public static Proxy Before(string url) => new(new Uri(url));

    /// <summary>Lets the questions of new connections pass; returns the gate of the others.</summary>
    public Gate LetNewPass()
    {
        var others = Questions;
        Questions = new();
        return others;
    }

    /// <summary>Closes the clients' ends. The server hears of it when nothing is held.</summary>
    public void Cut()
    {
        foreach (var pair in _pairs.Keys)
            pair.Client.Close(0);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting.OrFail("The end of the proxy");
        Questions.Open();
        Answers.Open();
        foreach (var pair in _pairs.Keys)
            pair.Close();
        await Task.WhenAll(_pairs.Values).OrFail("The end of its connections");
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                Interlocked.Increment(ref _attempts);
                if (Refuses)
                {
                    client.Close(0);
                    continue;
                }

                var pair = new Pair(client);
                _pairs[pair] = PassAsync(pair);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is closed.
        }
    }

    private async Task PassAsync(Pair pair)
    {
        var questions = Questions;
        try
        {
            await pair.Server.ConnectAsync(_server);
            await Task.WhenAll(
                PassAsync(pair.Client, pair.Server, questions),
                PassAsync(pair.Server, pair.Client, Answers)
            );
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The server is stopped.
        }
        finally
        {
            pair.Close();
        }
    }

    private async Task PassAsync(Socket from, Socket to, Gate gate)
    {
        var buffer = new byte[64 << 10];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                await gate.PassAsync(read);
                if (Delay > TimeSpan.Zero)
                    await Patience.PassAsync(Delay);
                for (var sent = 0; sent < read; )
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One end is gone; the other one hears of it.
        }
        finally
        {
            await gate.PassAsync(0);
            to.Close(0);
        }
    }

    private sealed class Pair(Socket client)
    {
        public Socket Client => client;

        public Socket Server { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public void Close()
        {
            client.Close(0);
            Server.Close(0);
        }
    }

    /// <summary>One direction of all connections.</summary>
    internal sealed class Gate
    {
        private TaskCompletionSource? _closed;
        private long _held;

        /// <summary>The bytes that were ever held.</summary>
        public long Held => Interlocked.Read(ref _held);

        public void Close() =>
            Interlocked.CompareExchange(ref _closed, new(TaskCreationOptions.RunContinuationsAsynchronously), null);

        public void Open() => Interlocked.Exchange(ref _closed, null)?.SetResult();

        public async Task PassAsync(int bytes)
        {
            if (Volatile.Read(ref _closed) is not { } closed)
                return;
            Interlocked.Add(ref _held, bytes);
            await closed.Task.OrFail("The end of a cut");
        }
    }
}
