using Signpost.Core.Visitors;

namespace Signpost.Core.Redirecting;

/// <summary>What a request wants done, as far as a link cares.</summary>
public enum VisitMethod : byte
{
    Get,
    Head,

    /// <summary>POST, PUT, PATCH or DELETE: only 307 and 308 carry these on.</summary>
    WithBody,

    /// <summary>Anything else.</summary>
    Unknown,
}

/// <summary>What is known of one request when its link decides.</summary>
/// <param name="AtMilliseconds">When, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="IsPrefetch">A browser fetches ahead; nobody has asked yet.</param>
public readonly record struct Visit(
    long AtMilliseconds,
    VisitMethod Method = VisitMethod.Get,
    VisitorClass Visitor = VisitorClass.Person,
    bool IsPrefetch = false
);
