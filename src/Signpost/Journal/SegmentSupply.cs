using Signpost.Core.Clicks;

namespace Signpost.Journal;

/// <summary>
/// Keeps one segment ready before it is needed, so that no redirect waits for it. Without room there is none, and no
/// exception: it keeps the reason, and tries again with each refill.
/// </summary>
internal sealed partial class SegmentSupply(
    JournalDirectory directory,
    JournalSettings settings,
    Guid journal,
    long lastNumber,
    TimeProvider clock,
    ILogger logger
) : IDisposable
{
    private readonly Lock _making = new();
    private SegmentWriter? _next;
    private long _lastNumber = lastNumber;
    private int _failures;
    private volatile bool _over;
    private volatile string? _trouble;

    /// <summary>The reason why there was no room last time; null: there was room.</summary>
    public string? Trouble => _trouble;

    public bool IsReady => Volatile.Read(ref _next) is not null;

    /// <summary>The next segment; null: there is no room for one.</summary>
    public SegmentWriter? Take()
    {
        var next = Interlocked.Exchange(ref _next, null);
        if (next is not null || _trouble is not null)
            return next;

        // Clicks came faster than a segment is made. Waiting for a moment loses none.
        Refill();
        return Interlocked.Exchange(ref _next, null);
    }

    /// <summary>Creates the next segment if none is ready.</summary>
    public void Refill()
    {
        lock (_making)
        {
            if (_next is not null || _over)
                return;

            try
            {
                settings.Reserve?.Hold();
                var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
                var header = new SegmentHeader(journal, _lastNumber + 1, now, settings.NodeName);
                _next = directory.CreateSegment(header, settings.SegmentSize, settings.MapsSegments);
                _lastNumber++;
                if (_trouble is not null)
                    LogRoomAgain(_failures);
                (_trouble, _failures) = (null, 0);
            }
            catch (Exception error)
            {
                // Also without memory or file descriptors: the process goes on, and tries again.
                Complain(error);
            }
        }
    }

    /// <summary>Records that there was no room, for a segment or for a record.</summary>
    public void Complain(Exception error)
    {
        _trouble = error.Message;
        // Tried once a second while it lasts; logged at first, then every minute.
        if (_failures++ % 60 == 0)
            LogNoRoom(error.Message, _failures);
    }

    /// <summary>Creates no more segments, and deletes the one that was ready, if that is possible.</summary>
    public void Dispose()
    {
        lock (_making)
        {
            _over = true;
            if (Interlocked.Exchange(ref _next, null) is not { } unused)
                return;

            unused.Dispose();
            directory.DeleteIfPossible(unused.Path);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The click journal gets no room: {Problem} ({Failures} times so far). Make room; it is tried again every second"
    )]
    private partial void LogNoRoom(string problem, int failures);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The click journal has room again, after {Failures} failures"
    )]
    private partial void LogRoomAgain(int failures);
}
