namespace Signpost.Storage.Postgres;

/// <summary>
/// Knows whether a server can be reached, and if not, since when and why. While it cannot, nobody tries except <see cref="Watch"/>: so
/// requests do not wait in line for a server that is away, and do not come all at once when it is back.
/// </summary>
internal sealed class Reach(TimeProvider clock)
{
    private volatile Absence? _absence;

    /// <summary>The time of the first failed attempt; null: the server can be reached, as far as is known.</summary>
    public DateTimeOffset? AwaySince => _absence?.Since;

    /// <summary>Passes when the server can be reached, as far as is known.</summary>
    /// <exception cref="DatabaseAwayException">It cannot; the message says why.</exception>
    public void Require()
    {
        if (_absence is { } absence)
            throw new DatabaseAwayException(absence.Reason);
    }

    /// <summary>An attempt failed.</summary>
    public void Lose(string reason) => Interlocked.CompareExchange(ref _absence, new(clock.GetUtcNow(), reason), null);

    /// <summary>An attempt succeeded.</summary>
    public void Find() => _absence = null;

    private sealed record Absence(DateTimeOffset Since, string Reason);
}
