using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signpost.Benchmarks;

/// <summary>Asks a server that is only just starting until it answers with a redirect.</summary>
internal static class FirstAnswer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Prints the time of the response, in milliseconds since 1970-01-01 UTC.</summary>
    public static int Await(Uri url)
    {
        var request = Encoding.ASCII.GetBytes(
            $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: close\r\n\r\n"
        );
        var clock = Stopwatch.StartNew();
        // Waits a millisecond between requests, so that they do not take processor time from the server.
        using var pause = new ManualResetEventSlim();
        while (!TryAsk(new IPEndPoint(IPAddress.Loopback, url.Port), request))
        {
            if (clock.Elapsed > Patience)
            {
                Console.Error.WriteLine("The server did not answer with a redirect.");
                return 1;
            }
            pause.Wait(1);
        }

        Console.WriteLine(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        return 0;
    }

    private static bool TryAsk(IPEndPoint address, byte[] request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
            socket.Send(request);
            var answer = new byte[64];
            return socket.Receive(answer) > 0 && answer.AsSpan().StartsWith("HTTP/1.1 302"u8);
        }
        catch (SocketException)
        {
            // The server does not listen yet.
            return false;
        }
    }
}
