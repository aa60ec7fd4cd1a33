using Signpost.Core.Clicks;
using Signpost.Core.Targeting;

namespace Signpost.Core.Redirecting;

/// <summary>The answers that a visit can get.</summary>
public enum Answer : byte
{
    NotFound,
    Gone,
    Redirect,

    /// <summary>Title and description only, for who may not learn the destination.</summary>
    Preview,

    /// <summary>503: come again when somebody really asks.</summary>
    NotAhead,

    /// <summary>503: the link asks for something that this version cannot do yet.</summary>
    NotServedYet,

    MethodNotAllowed,
}

/// <summary>What to answer, settled before a byte is written: the responder carries it out, the click records it.</summary>
/// <param name="Location">Where to, for <see cref="Answer.Redirect"/>; ASCII and canonical.</param>
/// <param name="MergesQuery">The visitor's query is still to be merged into <paramref name="Location"/>.</param>
/// <param name="TakesUse">
/// Holds only if one of the link's remaining clicks can be taken; else <see cref="LinkPlan.DecideSpent"/> decides.
/// </param>
/// <param name="Applied">Which pair chose <paramref name="Location"/>; none: it is the link's own.</param>
public readonly record struct Decision(
    Answer Answer,
    ClickKind Kind,
    short Status,
    string? Location = null,
    bool MergesQuery = false,
    bool TakesUse = false,
    AppliedPair Applied = default
);
