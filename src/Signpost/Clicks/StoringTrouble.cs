using Signpost.Storage;

namespace Signpost.Clicks;

/// <summary>
/// Logs that clicks cannot be stored: one line at first, one every minute while it lasts, and one at the end. The ingestor tries again
/// all the time.
/// </summary>
/// <param name="place">The data directory.</param>
internal sealed partial class StoringTrouble(string place, TimeProvider clock, ILogger<StoringTrouble> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long _logged;
    private int _failures;

    /// <summary>Clicks could not be stored or classified.</summary>
    public void Add(Exception error)
    {
        if (_failures++ > 0 && clock.GetElapsedTime(_logged) < Pause)
            return;

        _logged = clock.GetTimestamp();
        if (Database.IsFull(error))
            LogFull(place, _failures);
        else if (Database.IsAway(error))
            LogAway(error.GetBaseException().Message, _failures);
        else
            LogFailed(error, _failures);
    }

    /// <summary>Clicks are stored.</summary>
    public void End()
    {
        if (_failures > 0)
            LogEnd(_failures);
        _failures = 0;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The disk is full, and clicks wait in the journal ({Failures} tries so far). Make room for {Path}; they are stored then"
    )]
    private partial void LogFull(string path, int failures);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The database cannot be used ({Problem}), and clicks wait in the journal ({Failures} tries so far)"
    )]
    private partial void LogAway(string problem, int failures);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Clicks cannot be stored, and wait in the journal ({Failures} tries so far)"
    )]
    private partial void LogFailed(Exception error, int failures);

    [LoggerMessage(Level = LogLevel.Information, Message = "Clicks are stored again, after {Failures} failed tries")]
    private partial void LogEnd(int failures);
}
