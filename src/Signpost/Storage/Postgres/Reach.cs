namespace Signpost.Storage.Postgres;

/// <summary>
/// Knows since when a server cannot be reached. After a failed attempt nobody else tries for a second, so requests do not wait
/// in line for a server that is away, and do not come all at once when it is back.
/// </summary>
internal sealed class Reach(string place, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _lastTry;

    /// <summary>The time of the first failed attempt; null: the last attempt succeeded.</summary>
    public DateTimeOffset? AwaySince { get; private set; }

    /// <summary>Passes when the caller may try to connect.</summary>
    /// <exception cref="DatabaseAwayException">An attempt failed a moment ago, or another one is being made.</exception>
    public void Require()
    {
        lock (_lock)
        {
            if (AwaySince is not { } since)
                return;
            if (clock.GetElapsedTime(_lastTry) < Pause)
                throw new DatabaseAwayException($"{place} has not been reached since {since.UtcDateTime:HH:mm:ss} UTC");
            _lastTry = clock.GetTimestamp();
        }
    }

    /// <summary>An attempt failed.</summary>
    public void Lose()
    {
        lock (_lock)
        {
            AwaySince ??= clock.GetUtcNow();
            _lastTry = clock.GetTimestamp();
        }
    }

    /// <summary>An attempt succeeded.</summary>
    public void Find()
    {
        if (AwaySince is null)
            return;
        lock (_lock)
            AwaySince = null;
    }
}
