using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Signpost.Hosting;

/// <summary>
/// Stops without breaking connections. After the signal every response closes its connection for a second, so that
/// balancers and keep-alive clients move away. Then the listener accepts no new connection, requests that have arrived get
/// their responses, and only then the server stops.
/// </summary>
internal sealed class Drain : IHostedLifecycleService, IDisposable
{
    /// <summary>The time of a handshake that had begun; it cannot be observed here.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentBag<Socket> _listeners = [];
    private readonly CancellationTokenSource _ended = new();
    private volatile bool _isDraining;
    private int _connections;

    /// <summary>The time for which every response closes its connection before the listener closes.</summary>
    public TimeSpan Notice { get; set; } = TimeSpan.FromSeconds(1);

    public bool IsDraining => _isDraining;

    public bool HasStarted { get; private set; }

    /// <summary>The number of open connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Cancelled when no new connection is accepted, and the requests that had arrived have their responses.</summary>
    public CancellationToken Ended => _ended.Token;

    public void Watch(Socket listener) => _listeners.Add(listener);

    /// <summary>Counts a connection for as long as it lives.</summary>
    public ConnectionDelegate Count(ConnectionDelegate next) =>
        async connection =>
        {
            Interlocked.Increment(ref _connections);
            try
            {
                await next(connection);
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        };

    // The real time, not the injected clock: this waits for other machines.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        try
        {
            await Task.Delay(Notice, cancellationToken);
            foreach (var listener in _listeners)
                HearNobodyNew(listener);

            var waited = TimeSpan.Zero;
            while (waited < ShortestWait || (waited < LongestWait && IsAnybodyHere()))
            {
                await Task.Delay(Look, cancellationToken);
                waited += Look;
            }
        }
        catch (OperationCanceledException)
        {
            // A second signal: stop now.
        }

        await _ended.CancelAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        HasStarted = true;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _ended.Dispose();

    private bool IsAnybodyHere() => Volatile.Read(ref _connections) > 0 || _listeners.Any(HasWaiting);

    // Closing a listening socket resets the connections that wait to be accepted, with their requests. A filter that drops
    // new connections (socket(7), SO_ATTACH_FILTER) lets that queue run empty first, and lets handshakes that had begun
    // end. New clients get no reply, try again after a second, and then find the port closed. On other systems than Linux a
    // small gap stays.
    private static unsafe void HearNobodyNew(Socket listener)
    {
        if (!IsTcpOnLinux(listener))
            return;

        const int SolSocket = 1;
        const int SoAttachFilter = 26;
        const byte Syn = 0x02;
        const byte Ack = 0x10;
        const int FlagsOffset = 13; // in the TCP header, with which the packet begins here
        ReadOnlySpan<Instruction> dropSyn =
        [
            new(0x30, 0, 0, FlagsOffset), // BPF_LD | BPF_B | BPF_ABS
            new(0x54, 0, 0, Syn | Ack), // BPF_ALU | BPF_AND | BPF_K
            new(0x15, 0, 1, Syn), // BPF_JMP | BPF_JEQ | BPF_K: else skip one
            new(0x06, 0, 0, 0), // BPF_RET | BPF_K: keep nothing
            new(0x06, 0, 0, uint.MaxValue), // keep all
        ];
        fixed (Instruction* first = dropSyn)
        {
            var program = stackalloc nint[2] { dropSyn.Length, (nint)first }; // struct sock_fprog
            try
            {
                var bytes = new ReadOnlySpan<byte>(program, 2 * sizeof(nint));
                listener.SetRawSocketOption(SolSocket, SoAttachFilter, bytes);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The system does not allow a filter: the small gap stays.
            }
        }
    }

    // For a listening socket, tcpi_unacked is the number of connections that wait to be accepted.
    private static bool HasWaiting(Socket listener)
    {
        const int Tcp = 6;
        const int TcpInfo = 11;
        const int UnackedOffset = 24;
        if (!IsTcpOnLinux(listener))
            return false;

        Span<byte> info = stackalloc byte[UnackedOffset + sizeof(uint)];
        try
        {
            return listener.GetRawSocketOption(Tcp, TcpInfo, info) == info.Length
                && MemoryMarshal.Read<uint>(info[UnackedOffset..]) > 0;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static bool IsTcpOnLinux(Socket listener) =>
        OperatingSystem.IsLinux()
        && listener.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;

    /// <summary>One instruction of a socket filter, <c>struct sock_filter</c>.</summary>
    private readonly record struct Instruction(ushort Code, byte JumpTrue, byte JumpFalse, uint K);
}
