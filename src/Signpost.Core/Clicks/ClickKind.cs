namespace Signpost.Core.Clicks;

/// <summary>
/// The kind of a request. Every request has exactly one: the first of these that applies. Only
/// <see cref="Person"/> is a click. The numbers are stored (journal, database): never renumber, only add.
/// </summary>
public enum ClickKind : byte
{
    /// <summary>An unknown alias.</summary>
    UnknownLink = 1,

    /// <summary>The link is disabled, or has not started.</summary>
    Disabled = 2,

    /// <summary>The server could not serve it (503).</summary>
    Unavailable = 3,

    /// <summary>A method that the link does not accept (405).</summary>
    Refused = 4,

    /// <summary>A HEAD request.</summary>
    Head = 5,

    /// <summary>A browser that fetches ahead of its user.</summary>
    Prefetch = 6,

    /// <summary>A robot that draws link previews.</summary>
    Preview = 7,

    /// <summary>Any other robot.</summary>
    Robot = 8,

    /// <summary>The link is past its end.</summary>
    Expired = 9,

    /// <summary>The link's limit of clicks was reached.</summary>
    Limited = 10,

    /// <summary>The visitor was asked for the password.</summary>
    Locked = 11,

    /// <summary>The visitor saw the warning.</summary>
    Warned = 12,

    /// <summary>A person who was redirected: a click.</summary>
    Person = 13,

    /// <summary>The visitor saw the splash page.</summary>
    Splash = 14,
}
