namespace Signpost.Core.Clicks;

/// <summary>
/// What a request was. Every answered request has exactly one kind: the first of these that applies. Only
/// <see cref="Person"/> is a click. The numbers are stored (journal, database): never renumber, only add.
/// </summary>
public enum ClickKind : byte
{
    /// <summary>No such link.</summary>
    UnknownLink = 1,

    /// <summary>Switched off, or before its start.</summary>
    Disabled = 2,

    /// <summary>The server could not serve it just now (503).</summary>
    Unavailable = 3,

    /// <summary>A method that the link does not answer (405).</summary>
    Refused = 4,

    /// <summary>A HEAD request.</summary>
    Head = 5,

    /// <summary>A browser fetching ahead of its user.</summary>
    Prefetch = 6,

    /// <summary>A robot that draws link previews.</summary>
    Preview = 7,

    /// <summary>Any other robot.</summary>
    Robot = 8,

    /// <summary>After its end.</summary>
    Expired = 9,

    /// <summary>Its limit of clicks was used up.</summary>
    Limited = 10,

    /// <summary>Asked for the password.</summary>
    Locked = 11,

    /// <summary>Shown the warning.</summary>
    Warned = 12,

    /// <summary>A person who was sent on: a click.</summary>
    Person = 13,
}
