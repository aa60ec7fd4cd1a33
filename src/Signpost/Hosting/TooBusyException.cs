namespace Signpost.Hosting;

/// <summary>There are too many requests of this kind, or this one is too large. The response is 503 with a time to try again, if no field is to blame.</summary>
internal sealed class TooBusyException(string message) : Exception(message)
{
    /// <summary>The clicks that a question had read when it was ended; null: it was not begun.</summary>
    public long? ClicksRead { get; init; }
}
