namespace Signpost.Api.Bodies;

/// <summary>A date in a request.</summary>
/// <param name="At">In milliseconds since 1970-01-01 UTC.</param>
/// <param name="Text">As it was sent.</param>
internal readonly record struct SentDate(long At, string Text)
{
    /// <summary>
    /// The instant to store: the stored one if the text is how a response shows that one. Sending back a response changes nothing, even in
    /// the hour that exists twice.
    /// </summary>
    public long Over(long? stored, TimeZoneInfo zone) =>
        stored is { } kept && LocalTime.Format(kept, zone) == Text ? kept : At;
}
