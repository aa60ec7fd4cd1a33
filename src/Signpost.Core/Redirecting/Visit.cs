using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Targeting;
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
/// <param name="IsLimitReached">The link's limit is used up already. That one is left can only be known by taking it.</param>
/// <param name="IsUnlocked">The visitor has given the link's password.</param>
/// <param name="HasAgreed">The visitor has been warned, and wants to go on.</param>
/// <param name="Place">Known only if the plan asks for <see cref="Facts.Place"/>; so are, each by its fact, those that follow.</param>
/// <param name="AcceptLanguage">The header as it was sent.</param>
/// <param name="Lot">Drawn at random over all 64-bit numbers.</param>
/// <param name="InApp">Whether the visitor sits in the browser of an app.</param>
public readonly record struct Visit(
    long AtMilliseconds,
    VisitMethod Method = VisitMethod.Get,
    VisitorClass Visitor = VisitorClass.Person,
    bool IsPrefetch = false,
    bool IsLimitReached = false,
    bool IsUnlocked = false,
    bool HasAgreed = false,
    Place Place = default,
    UserAgent? Agent = null,
    string? AcceptLanguage = null,
    ulong Lot = 0,
    InAppBrowser InApp = InAppBrowser.None
);
