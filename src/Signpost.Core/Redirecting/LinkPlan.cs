using Signpost.Core.Clicks;
using Signpost.Core.Visitors;

namespace Signpost.Core.Redirecting;

/// <summary>
/// A link compiled for answering visits: immutable, so one instance serves every request at once and an edit replaces it
/// whole. Deciding is pure and allocates nothing.
/// </summary>
public sealed class LinkPlan
{
    public required long LinkId { get; init; }

    /// <summary>Rises by one with each edit; the click remembers it.</summary>
    public required int Version { get; init; }

    /// <summary>The destination with the link's own UTM parameters set: ASCII and canonical.</summary>
    public required string Location { get; init; }

    /// <summary>301, 302, 307 or 308.</summary>
    public required short Status { get; init; }

    public bool IsEnabled { get; init; } = true;

    /// <summary>The first instant at which the link answers, in milliseconds since 1970-01-01 UTC.</summary>
    public long StartsAt { get; init; } = long.MinValue;

    /// <summary>The first instant at which it does not any more.</summary>
    public long EndsAt { get; init; } = long.MaxValue;

    /// <summary>How many clicks it may ever have.</summary>
    public long ClicksLimit { get; init; } = long.MaxValue;

    /// <summary>Where visitors go after its end or its limit; null: to a page that says so.</summary>
    public string? ExpirationUrl { get; init; }

    public bool MergesQuery { get; init; }

    /// <summary>Asks for nothing that this version cannot do; else it must not be served as if it did not ask.</summary>
    public bool IsServed { get; init; } = true;

    /// <summary>What a preview shows; null: the alias.</summary>
    public LinkPreview? Preview { get; init; }

    /// <summary>Only these two statuses make a client send the same method and body again.</summary>
    public bool TakesBodies => Status is 307 or 308;

    public bool IsLimited => ClicksLimit != long.MaxValue;

    /// <summary>Decides what this visit gets. The order is the contract's: the first that applies.</summary>
    public Decision Decide(in Visit visit)
    {
        if (!IsEnabled || visit.AtMilliseconds < StartsAt)
            return new(Answer.NotFound, ClickKind.Disabled, 404);

        // An end comes before whatever the link would ask of a visitor.
        if (!IsServed && visit.AtMilliseconds < EndsAt)
            return new(Answer.NotServedYet, ClickKind.Unavailable, 503);

        if (visit.Method >= VisitMethod.WithBody && !(visit.Method == VisitMethod.WithBody && TakesBodies))
            return new(Answer.MethodNotAllowed, ClickKind.Refused, 405);

        var kind = KindOf(visit);
        if (kind == ClickKind.Prefetch)
            return new(Answer.NotAhead, kind, 503);

        if (visit.AtMilliseconds >= EndsAt)
            return Over(kind == ClickKind.Person ? ClickKind.Expired : kind);

        if (IsLimited && kind != ClickKind.Person)
            return new(Answer.Preview, kind, 200);

        return new(Answer.Redirect, kind, Status, Location, MergesQuery, TakesUse: IsLimited);
    }

    /// <summary>Decides for a person who found no click left.</summary>
    public Decision DecideSpent() => Over(ClickKind.Limited);

    private Decision Over(ClickKind kind) =>
        ExpirationUrl is null ? new(Answer.Gone, kind, 410) : new(Answer.Redirect, kind, 302, ExpirationUrl);

    private static ClickKind KindOf(in Visit visit) =>
        visit switch
        {
            { Method: VisitMethod.Head } => ClickKind.Head,
            { IsPrefetch: true } => ClickKind.Prefetch,
            { Visitor: VisitorClass.Preview } => ClickKind.Preview,
            { Visitor: VisitorClass.Robot } => ClickKind.Robot,
            _ => ClickKind.Person,
        };
}

/// <summary>The texts of a link's preview.</summary>
public sealed record LinkPreview(string? Title, string? Description);
