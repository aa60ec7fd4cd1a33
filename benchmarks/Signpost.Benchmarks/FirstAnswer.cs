using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signpost.Benchmarks;

/// <summary>Starts a server and takes the time until it has answered one redirect.</summary>
internal static class FirstAnswer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Prints the milliseconds; the server is left running for what is measured next, its id is printed too.</summary>
    public static int Run(Uri url, string program, string[] arguments)
    {
        var request = Encoding.ASCII.GetBytes(
            $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: close\r\n\r\n"
        );
        var clock = Stopwatch.StartNew();
        var server = Process.Start(new ProcessStartInfo(program, arguments))!;
        while (clock.Elapsed < Patience && !server.HasExited)
        {
            if (TryAsk(new IPEndPoint(IPAddress.Loopback, url.Port), request))
            {
                Console.WriteLine($"{clock.Elapsed.TotalMilliseconds:0} {server.Id}");
                return 0;
            }
        }

        if (!server.HasExited)
            server.Kill();
        Console.Error.WriteLine("The server did not answer with a redirect.");
        return 1;
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
            // Nobody listens yet. A millisecond, so that looking does not take the processor from the server.
            using var pause = new ManualResetEventSlim();
            pause.Wait(1);
            return false;
        }
    }
}
