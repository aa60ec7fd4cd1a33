using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Redirecting;

/// <summary>The method of a request, as far as it matters to a link.</summary>
public enum VisitMethod : byte
{
    Get,
    Head,

    /// <summary>POST, PUT, PATCH or DELETE: only 307 and 308 pass them on.</summary>
    WithBody,

    /// <summary>Anything else.</summary>
    Unknown,
}

/// <summary>The facts of one request when its link decides.</summary>
/// <param name="AtMilliseconds">The time, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="IsPrefetch">A browser fetches ahead of its user.</param>
/// <param name="IsLimitReached">The link's limit is reached. Only consuming a click can tell that one is left.</param>
/// <param name="IsUnlocked">The visitor has given the link's password.</param>
/// <param name="HasAgreed">The visitor has continued after the warning.</param>
/// <param name="HasContinued">The visitor comes from the splash page, and has waited there.</param>
/// <param name="Place">Known only if the plan needs <see cref="Facts.Place"/>, like each of the following with its fact.</param>
/// <param name="AcceptLanguage">The header as it was sent.</param>
/// <param name="Lot">A random number over all 64 bits.</param>
/// <param name="InApp">Whether the visitor uses the browser of an app.</param>
/// <param name="IsUntracked">Nothing may be kept of the visitor; known only if the plan has pixels.</param>
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
    InAppBrowser InApp = InAppBrowser.None,
    bool IsUntracked = false,
    bool HasContinued = false
);
