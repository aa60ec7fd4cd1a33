using System.Runtime.InteropServices;

namespace Signpost.Hosting;

/// <summary>
/// Hears SIGTERM, SIGINT and SIGQUIT from the first moment of a start. A host that is starting ends its start first and then
/// stops, so that no service is left half started.
/// </summary>
internal sealed class StopSignal : IHostLifetime, IDisposable
{
    /// <summary>A start that takes longer is cut off. That loses nothing, as with a killed process.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _asked = new();
    private readonly List<PosixSignalRegistration> _signals;
    private Timer? _patience;
    private volatile bool _hasStarted;

    public StopSignal() =>
        _signals = [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Hear),
        ];

    public CancellationToken Asked => _asked.Token;

    /// <summary>The start is over: from now on the signal stops the host.</summary>
    public void StopsHost(IHostApplicationLifetime host)
    {
        _hasStarted = true;
        _asked.Token.Register(host.StopApplication);
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _patience?.Dispose();
    }

    private void Hear(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _patience ??= new Timer(_ => EndLateStart(), null, LongestStart, Timeout.InfiniteTimeSpan);
        _asked.Cancel();
    }

    private void EndLateStart()
    {
        if (!_hasStarted)
            Environment.Exit(0);
    }
}
