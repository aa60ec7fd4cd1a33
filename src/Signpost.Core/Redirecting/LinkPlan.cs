using Signpost.Core.Clicks;
using Signpost.Core.Targeting;
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

    /// <summary>Asks for a password.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Warns before it sends anybody on.</summary>
    public bool Warns { get; init; }

    /// <summary>Who goes elsewhere; null: nobody.</summary>
    public PairTable? Pairs { get; init; }

    /// <summary>Sends on by a page rather than a redirect.</summary>
    public bool NeedsPage { get; init; }

    /// <summary>What a preview shows; null: the alias.</summary>
    public LinkPreview? Preview { get; init; }

    /// <summary>Only these two statuses make a client send the same method and body again.</summary>
    public bool TakesBodies => Status is 307 or 308;

    public bool IsLimited => ClicksLimit != long.MaxValue;

    /// <summary>What <see cref="Decide(in Visit)"/> wants to know of a visit.</summary>
    public Facts Asks => Pairs?.Asks ?? Facts.None;

    /// <summary>Decides what this visit gets. The order is the contract's: the first that applies.</summary>
    public Decision Decide(in Visit visit)
    {
        var nobody = default(Untraced);
        return Decide(visit, ref nobody);
    }

    /// <summary>Decides, and tells <paramref name="trace"/> each step. The same code, so what is explained is what happens.</summary>
    public Decision Decide<TTrace>(in Visit visit, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        if (!IsEnabled || visit.AtMilliseconds < StartsAt)
            return trace.Settle(Step.Availability, new(Answer.NotFound, ClickKind.Disabled, 404));
        trace.Pass(Step.Availability);

        if (!Takes(visit.Method))
            return trace.Settle(Step.Request, new(Answer.MethodNotAllowed, ClickKind.Refused, 405));
        var kind = KindOf(visit);
        if (kind == ClickKind.Prefetch)
            return trace.Settle(Step.Request, new(Answer.NotAhead, kind, 503));
        trace.Pass(Step.Request);

        if (visit.AtMilliseconds >= EndsAt)
            return trace.Settle(Step.End, Over(kind == ClickKind.Person ? ClickKind.Expired : kind));
        if (IsLimited && kind != ClickKind.Person)
            return trace.Settle(Step.End, new(Answer.Preview, kind, 200));
        if (visit.IsSpent)
            return trace.Settle(Step.End, DecideSpent());
        trace.Pass(Step.End);

        if (IsLocked)
            return trace.Settle(Step.Password, NotServedYet);
        trace.Pass(Step.Password);

        if (Warns)
            return trace.Settle(Step.SensitiveContent, NotServedYet);
        trace.Pass(Step.SensitiveContent);

        var pair = Pairs is null ? -1 : Pairs.Find(visit);
        trace.Pass(Step.Targeting);
        trace.Pass(Step.Parameters);

        return trace.Settle(Step.Delivery, NeedsPage ? NotServedYet : SendOn(kind, pair));
    }

    /// <summary>Decides for a person who found no click left.</summary>
    public Decision DecideSpent() => Over(ClickKind.Limited);

    private static Decision NotServedYet => new(Answer.NotServedYet, ClickKind.Unavailable, 503);

    private bool Takes(VisitMethod method) =>
        method switch
        {
            VisitMethod.Get or VisitMethod.Head => true,
            VisitMethod.WithBody => TakesBodies,
            _ => false,
        };

    private Decision SendOn(ClickKind kind, int pair) =>
        new(
            Answer.Redirect,
            kind,
            Status,
            pair < 0 ? Location : Pairs!.Pairs[pair].Location,
            MergesQuery,
            TakesUse: IsLimited,
            Applied: pair < 0 ? AppliedPair.None : new(Pairs!.Kind, (byte)pair)
        );

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
