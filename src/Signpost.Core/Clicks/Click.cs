using Signpost.Core.Targeting;

namespace Signpost.Core.Clicks;

/// <summary>What happened: one answered request for a link, as the journal keeps it.</summary>
/// <param name="LinkId">The link's id, 1 or more.</param>
/// <param name="LinkVersion">Which version of the link answered; it rises by one with each edit.</param>
/// <param name="AtMilliseconds">When, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Kind">What the request was.</param>
/// <param name="Status">The HTTP status it was answered with.</param>
/// <param name="Applied">Which rule of that version chose the destination; none: it was the link's own.</param>
public readonly record struct Click(
    long LinkId,
    int LinkVersion,
    long AtMilliseconds,
    ClickKind Kind,
    short Status,
    AppliedRule Applied = default
);
