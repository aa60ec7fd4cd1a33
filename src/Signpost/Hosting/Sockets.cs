using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Signpost.Hosting;

/// <summary>
/// Serves each request on the thread that received it. That saves two hand-overs a request, worth a third of the
/// throughput (docs/performance.md), on one condition: code that may block or compute for long leaves that thread first
/// (<see cref="SocketThread.Leave"/>).
/// </summary>
internal static class Sockets
{
    /// <summary>The size of Kestrel's buffer for a connection, in bytes.</summary>
    private const int BufferBytes = 4_096;

    /// <summary>The buffers of all connections together take at most this part of the memory.</summary>
    private const int BufferShare = 32;

    private const int BlockedThreads = 64;

    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static bool _isOurs;

    /// <summary>Sets what .NET reads when the first socket is made; the operator's own setting wins.</summary>
    public static void PreferInline()
    {
        _isOurs = SetDefault(Inline, "1");
        var threads = Math.Max(1, Environment.ProcessorCount / 2);
        SetDefault(
            "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT",
            threads.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
    }

    /// <summary>
    /// Takes <see cref="PreferInline"/> back, before the first socket is made. The driver of PostgreSQL continues where its own sockets are
    /// read, and the code that follows may block there: then nobody would be left to read any socket.
    /// </summary>
    public static void HandOver()
    {
        if (_isOurs)
            Environment.SetEnvironmentVariable(Inline, "0");
        // As many threads as there are connections may wait for a database that is away, and others redirect meanwhile.
        ThreadPool.SetMinThreads(BlockedThreads + Environment.ProcessorCount, 1);
    }

    public static void Configure(SocketTransportOptions options, Drain drain)
    {
        options.UnsafePreferInlineScheduling = true;
        // Each connection keeps a buffer while it waits, which saves a system call a request.
        options.WaitForDataBeforeAllocatingBuffer =
            (long)OpenFiles.MostConnections * BufferBytes
            > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BufferShare;
        options.CreateBoundListenSocket = endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            if (endpoint is UnixDomainSocketEndPoint)
                DataDirectory.OpenSocket(endpoint.ToString()!);
            drain.Watch(socket);
            return socket;
        };
    }

    private static bool SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
            return false;
        Environment.SetEnvironmentVariable(name, value);
        return true;
    }
}

/// <summary>The thread that listens to all sockets. Leave it before slow work.</summary>
internal static class SocketThread
{
    /// <summary>Continues on the thread pool.</summary>
    public static System.Runtime.CompilerServices.YieldAwaitable Leave() => Task.Yield();
}
