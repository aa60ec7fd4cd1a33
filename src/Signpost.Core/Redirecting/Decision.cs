using Signpost.Core.Clicks;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Targeting;

namespace Signpost.Core.Redirecting;

/// <summary>The responses that a visit can get.</summary>
public enum Answer : byte
{
    NotFound,
    Gone,
    Redirect,

    /// <summary>Title, description and picture only, for robots that draw previews and may not learn the destination.</summary>
    Preview,

    /// <summary>401: a page that asks for the password.</summary>
    AskPassword,

    /// <summary>A page that warns and continues by a click.</summary>
    Warn,

    /// <summary>A page of the owner's own, before the visitor continues.</summary>
    Splash,

    /// <summary>503: the browser must come again when its user opens the link.</summary>
    NotAhead,

    /// <summary>A page that opens the app of a known site, or else continues to the web.</summary>
    OpenApp,

    /// <summary>A page that holds the destination in a frame.</summary>
    Cloak,

    /// <summary>A page that fires pixels, then continues.</summary>
    FirePixels,

    MethodNotAllowed,
}

/// <summary>The decided response, before a byte is written: the responder carries it out, the click records it.</summary>
/// <param name="Location">The destination of a redirect or a page; ASCII and canonical.</param>
/// <param name="MergesQuery">Whether the visitor's query must still be merged into <paramref name="Location"/>.</param>
/// <param name="ConsumesClick">
/// Holds only if a click of the link's limit can be consumed; else <see cref="LinkPlan.DecideLimitReached"/> decides.
/// </param>
/// <param name="SendsOn">The visitor goes to the destination, by a redirect or a page, and not to the expiration address.</param>
/// <param name="Applied">The rule that chose <paramref name="Location"/>; none: it is the link's own.</param>
/// <param name="FiresPixels">The page fires the pixels of the link.</param>
/// <param name="App">The way to open the app, for <see cref="Answer.OpenApp"/>.</param>
public readonly record struct Decision(
    Answer Answer,
    ClickKind Kind,
    short Status,
    string? Location = null,
    bool MergesQuery = false,
    bool ConsumesClick = false,
    bool SendsOn = false,
    AppliedRule Applied = default,
    AppOpening App = default,
    bool FiresPixels = false
);
