using Signpost.Core.Clicks;

namespace Signpost.Journal;

/// <summary>
/// Keeps one segment ready before it is needed, so that no redirect waits for it. Without room there is none, and no
/// exception: it says why, and tries again when asked to refill.
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

    /// <summary>Why there was no room last time; null: there was.</summary>
    public string? Trouble => _trouble;

    public bool IsReady => Volatile.Read(ref _next) is not null;

    /// <summary>The next segment; null: there is no room for one.</summary>
    public SegmentWriter? Take()
    {
        var next = Interlocked.Exchange(ref _next, null);
        if (next is not null || _trouble is not null)
            return next;

        // Clicks came faster than a segment is made. Waiting a moment here loses none.
        Refill();
        return Interlocked.Exchange(ref _next, null);
    }

    /// <summary>Makes the next segment when none is ready.</summary>
    public void Refill()
    {
        lock (_making)
        {
            if (_next is not null || _over)
                return;

            try
            {
                var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
                var header = new SegmentHeader(journal, _lastNumber + 1, now, settings.NodeName);
                _next = directory.CreateSegment(header, settings.SegmentSize, settings.MapsSegments);
                _lastNumber++;
                if (_trouble is not null)
                    LogRoomAgain(_failures);
                (_trouble, _failures) = (null, 0);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Complain(error);
            }
        }
    }

    /// <summary>Notes that there was no room; also when a record found none.</summary>
    public void Complain(Exception error)
    {
        _trouble = error.Message;
        // Once a second for as long as it lasts: said at first, then every minute.
        if (_failures++ % 60 == 0)
            LogNoRoom(error, _failures);
    }

    /// <summary>Makes no more segments; the one that was ready goes.</summary>
    public void Dispose()
    {
        lock (_making)
        {
            _over = true;
            if (Interlocked.Exchange(ref _next, null) is not { } unused)
                return;

            unused.Dispose();
            File.Delete(unused.Path);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The click journal gets no room ({Failures} times so far); trying again every second"
    )]
    private partial void LogNoRoom(Exception error, int failures);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The click journal has room again, after {Failures} failures"
    )]
    private partial void LogRoomAgain(int failures);
}
