using Signpost.Core.Clicks;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Targeting;

namespace Signpost.Core.Redirecting;

/// <summary>The answers that a visit can get.</summary>
public enum Answer : byte
{
    NotFound,
    Gone,
    Redirect,

    /// <summary>Title, description and picture only, for robots that draw previews and for who may not learn the destination.</summary>
    Preview,

    /// <summary>401: a page that asks for the password.</summary>
    AskPassword,

    /// <summary>A page that warns, and leads on by a click.</summary>
    Warn,

    /// <summary>503: come again when somebody really asks.</summary>
    NotAhead,

    /// <summary>A page that opens the app of a known site, or else goes on.</summary>
    OpenApp,

    /// <summary>A page that holds the destination in a frame.</summary>
    Cloak,

    /// <summary>A page that fires pixels, then goes on.</summary>
    FirePixels,

    MethodNotAllowed,
}

/// <summary>What to answer, settled before a byte is written: the responder carries it out, the click records it.</summary>
/// <param name="Location">Where to, for a redirect or a page that sends on; ASCII and canonical.</param>
/// <param name="MergesQuery">The visitor's query is still to be merged into <paramref name="Location"/>.</param>
/// <param name="ConsumesClick">
/// Holds only if one of the link's remaining clicks can be taken; else <see cref="LinkPlan.DecideLimitReached"/> decides.
/// </param>
/// <param name="SendsOn">To the destination, by a redirect or a page: not to where the link leads after its end.</param>
/// <param name="Applied">Which rule chose <paramref name="Location"/>; none: it is the link's own.</param>
/// <param name="App">How the app is opened, for <see cref="Answer.OpenApp"/>.</param>
public readonly record struct Decision(
    Answer Answer,
    ClickKind Kind,
    short Status,
    string? Location = null,
    bool MergesQuery = false,
    bool ConsumesClick = false,
    bool SendsOn = false,
    AppliedRule Applied = default,
    AppOpening App = default
);
