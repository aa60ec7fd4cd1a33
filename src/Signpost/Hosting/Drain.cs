using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Signpost.Hosting;

/// <summary>
/// Leaves without hanging up on anybody. After the signal every answer closes its connection for a second, so that
/// balancers and keep-alive clients move away; then the listener hears no new connection, those that were already heard
/// are answered, and only then the server stops.
/// </summary>
internal sealed class Drain : IHostedLifecycleService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentBag<Socket> _listeners = [];
    private volatile bool _isDraining;
    private int _connections;

    /// <summary>How long every answer closes its connection before the listener does.</summary>
    public TimeSpan Notice { get; set; } = TimeSpan.FromSeconds(1);

    public bool IsDraining => _isDraining;

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

    // Real time, not the injected clock: this waits for other machines.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        try
        {
            await Task.Delay(Notice, cancellationToken);
            foreach (var listener in _listeners)
                HearNobodyNew(listener);

            for (
                var waited = TimeSpan.Zero;
                waited < LongestWait && Volatile.Read(ref _connections) > 0;
                waited += Look
            )
                await Task.Delay(Look, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Told to hurry.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Closing a listening socket resets the connections that wait to be accepted: requests that reached us, unanswered.
    // A filter that drops every packet (socket(7), SO_ATTACH_FILTER) lets that queue run empty first. New clients meet
    // silence, repeat themselves after a second, and then find the door closed. Elsewhere than on Linux: a small gap.
    private static unsafe void HearNobodyNew(Socket listener)
    {
        if (!OperatingSystem.IsLinux() || listener.AddressFamily == AddressFamily.Unix)
            return;

        const int SolSocket = 1;
        const int SoAttachFilter = 26;
        var dropAll = stackalloc ushort[4] { 0x06, 0, 0, 0 }; // BPF_RET | BPF_K, 0 bytes to keep
        var program = stackalloc nint[2] { 1, (nint)dropAll }; // struct sock_fprog: one instruction
        try
        {
            listener.SetRawSocketOption(SolSocket, SoAttachFilter, new ReadOnlySpan<byte>(program, 2 * sizeof(nint)));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Not allowed here: then the small gap stays.
        }
    }
}
