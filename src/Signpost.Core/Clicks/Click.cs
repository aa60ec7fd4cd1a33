using Signpost.Core.Targeting;

namespace Signpost.Core.Clicks;

/// <summary>One request for a link, as the journal keeps it.</summary>
/// <param name="LinkId">The link's id, 1 or more.</param>
/// <param name="LinkVersion">The version of the link that decided; it rises by one with each edit.</param>
/// <param name="AtMilliseconds">The time, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Kind">The kind of the request.</param>
/// <param name="Status">The HTTP status of the response.</param>
/// <param name="Applied">The rule of that version that chose the destination; none: it was the link's own.</param>
public readonly record struct Click(
    long LinkId,
    int LinkVersion,
    long AtMilliseconds,
    ClickKind Kind,
    short Status,
    AppliedRule Applied = default
);
