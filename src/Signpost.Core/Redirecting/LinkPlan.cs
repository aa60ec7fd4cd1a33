using System.Security.Cryptography;
using System.Text;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Redirecting.Pixels;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Redirecting;

/// <summary>
/// A link compiled for visits: immutable, so one instance serves all requests at the same time, and an edit replaces it.
/// Deciding is pure and allocates nothing.
/// </summary>
public sealed class LinkPlan
{
    private byte[]? _destinationsHash;

    public required long LinkId { get; init; }

    /// <summary>Rises by one with each edit; the click records it.</summary>
    public required int Version { get; init; }

    /// <summary>The alias as its owner typed it.</summary>
    public string Alias { get; init; } = "";

    /// <summary>The destination with the link's own UTM parameters set: ASCII and canonical.</summary>
    public required string Location { get; init; }

    /// <summary>The parameters that the link sets; null: none.</summary>
    public LinkUtm? Utm { get; init; }

    /// <summary>301, 302, 307 or 308.</summary>
    public required short Status { get; init; }

    public bool IsEnabled { get; init; } = true;

    /// <summary>The first instant of the link's schedule, in milliseconds since 1970-01-01 UTC.</summary>
    public long StartsAt { get; init; } = long.MinValue;

    /// <summary>The first instant after the link's schedule.</summary>
    public long EndsAt { get; init; } = long.MaxValue;

    /// <summary>The limit of clicks.</summary>
    public long ClicksLimit { get; init; } = long.MaxValue;

    /// <summary>The destination after its end or its limit; null: a page.</summary>
    public string? ExpirationUrl { get; init; }

    public bool MergesQuery { get; init; }

    /// <summary>The hash of the link's password; null: it has none.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Whether it warns visitors first.</summary>
    public bool Warns { get; init; }

    /// <summary>The page that people see before they continue; null: none.</summary>
    public LinkSplash? Splash { get; init; }

    /// <summary>The targeting rules; null: none.</summary>
    public TargetingTable? Rules { get; init; }

    /// <summary>The apps for its destinations; null: none.</summary>
    public AppTable? Apps { get; init; }

    /// <summary>The page that holds the destination in a frame; null: the link is not cloaked.</summary>
    public LinkCloak? Cloak { get; init; }

    /// <summary>The pixels that are fired when a person is redirected.</summary>
    public IReadOnlyList<Pixel> Pixels { get; init; } = [];

    /// <summary>The content of a preview; null: the alias or, if it is no secret, the destination's own preview.</summary>
    public LinkPreview? Preview { get; init; }

    /// <summary>Only these two statuses make a client send the same method and body again.</summary>
    public bool TakesBodies => Status is 307 or 308;

    public bool IsLocked => PasswordHash is not null;

    public bool IsLimited => ClicksLimit != long.MaxValue;

    /// <summary>A SHA-256 of all places where this link can send a visitor.</summary>
    public ReadOnlySpan<byte> DestinationsHash => _destinationsHash ??= HashDestinations();

    // No address holds a line end.
    private byte[] HashDestinations() =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join('\n', [Location, .. Rules?.Rules.Select(rule => rule.Location) ?? []]))
        );

    /// <summary>The facts of a visit that <see cref="Decide(in Visit)"/> needs. Apps open for people only.</summary>
    public Facts AsksOf(VisitorClass visitor) =>
        (Rules?.Asks ?? Facts.None)
        | (Apps is null || visitor != VisitorClass.Person ? Facts.None : Facts.Agent | Facts.InApp);

    /// <summary>Decides what this visit gets. The order is the contract's: the first that applies.</summary>
    public Decision Decide(in Visit visit)
    {
        var nobody = default(Untraced);
        return Decide(visit, ref nobody);
    }

    /// <summary>Decides, and tells <paramref name="trace"/> each step. An explanation runs the same code as a visit.</summary>
    public Decision Decide<TTrace>(in Visit visit, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        if (!IsEnabled || visit.AtMilliseconds < StartsAt)
            return trace.Settle(Step.Availability, new(Answer.NotFound, ClickKind.Disabled, 404));
        trace.Pass(Step.Availability);

        if (!Takes(visit))
            return trace.Settle(Step.Request, new(Answer.MethodNotAllowed, ClickKind.Refused, 405));
        var kind = KindOf(visit);
        if (kind == ClickKind.Prefetch)
            return trace.Settle(Step.Request, new(Answer.NotAhead, kind, 503));
        trace.Pass(Step.Request);

        if (visit.AtMilliseconds >= EndsAt)
            return trace.Settle(Step.End, Over(kind == ClickKind.Person ? ClickKind.Expired : kind));
        if (IsLimited && kind != ClickKind.Person)
            return trace.Settle(Step.End, Card(kind));
        if (visit.IsLimitReached)
            return trace.Settle(Step.End, DecideLimitReached());
        trace.Pass(Step.End);

        if (IsLocked && !visit.IsUnlocked)
            return trace.Settle(Step.Password, Stop(Answer.AskPassword, kind, ClickKind.Locked, 401));
        trace.Pass(Step.Password);

        if (Warns && !visit.HasAgreed)
            return trace.Settle(Step.SensitiveContent, Stop(Answer.Warn, kind, ClickKind.Warned, 200));
        trace.Pass(Step.SensitiveContent);

        if (Splash is not null && kind == ClickKind.Person && !visit.HasContinued)
            return trace.Settle(Step.SplashPage, new(Answer.Splash, ClickKind.Splash, 200));
        trace.Pass(Step.SplashPage);

        var rule = Rules is null ? -1 : Rules.Find(visit);
        trace.Pass(Step.Targeting);
        trace.Pass(Step.Parameters);

        if (kind == ClickKind.Preview && Preview is { ShowsSomething: true })
            return trace.Settle(Step.Delivery, Card(kind));
        return trace.Settle(Step.Delivery, Deliver(visit, SendOn(kind, rule), rule));
    }

    /// <summary>Decides for a person when the limit is reached.</summary>
    public Decision DecideLimitReached() => Over(ClickKind.Limited);

    // A POST to a locked link's own address gets the page for the password, never the redirect that would pass the password on.
    private bool Takes(in Visit visit) =>
        visit.Method switch
        {
            VisitMethod.Get or VisitMethod.Head => true,
            VisitMethod.WithBody => TakesBodies || (IsLocked && !visit.IsUnlocked),
            _ => false,
        };

    private static Decision Card(ClickKind kind) => new(Answer.Preview, kind, 200);

    // A robot that draws previews gets a preview; everybody else the page, a person with a kind of its own.
    private static Decision Stop(Answer answer, ClickKind kind, ClickKind ofPerson, short status) =>
        kind == ClickKind.Preview ? Card(kind) : new(answer, kind == ClickKind.Person ? ofPerson : kind, status);

    private Decision SendOn(ClickKind kind, int rule) =>
        new(
            Answer.Redirect,
            kind,
            Status,
            rule < 0 ? Location : Rules!.Rules[rule].Location,
            MergesQuery,
            ConsumesClick: IsLimited,
            SendsOn: true,
            Applied: rule < 0 ? AppliedRule.None : new(Rules!.Kind, (byte)rule)
        );

    // Uses a page if the link has one and it makes sense. A page cannot pass a body on. Robots have no apps and no pixels,
    // but they describe the page with the frame.
    private Decision Deliver(in Visit visit, in Decision decided, int rule)
    {
        if (visit.Method == VisitMethod.WithBody)
            return decided;

        var isPerson = decided.Kind == ClickKind.Person;
        var redirect = decided with { FiresPixels = isPerson && Pixels.Count > 0 && !visit.IsUntracked };
        if (isPerson && Apps is not null && Apps.Find(rule, visit) is { System: not AppSystem.None } app)
            return redirect with { Answer = Answer.OpenApp, Status = 200, App = app };
        if (Cloak is not null && redirect.Location!.StartsWith("http", StringComparison.Ordinal))
            return redirect with { Answer = Answer.Cloak, Status = 200 };
        return redirect.FiresPixels ? redirect with { Answer = Answer.FirePixels, Status = 200 } : redirect;
    }

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

/// <summary>The campaign that the link sets for its visitors.</summary>
public sealed record LinkUtm(
    string? Source,
    string? Medium,
    string? Campaign,
    string? Term = null,
    string? Content = null
);

/// <summary>The page before the destination, as the link's owner wrote it.</summary>
/// <param name="Title">The heading; null: our own.</param>
/// <param name="UnlockSeconds">The time that a visitor waits there, 0 to 60 seconds.</param>
/// <param name="UnlockButton">The text of the button; null: our own.</param>
public sealed record LinkSplash(string? Title, string? Description, int UnlockSeconds, string? UnlockButton);

/// <summary>The page around a frame, beside the content of the preview.</summary>
/// <param name="Script">The script of the link's owner.</param>
public sealed record LinkCloak(string? Script);

/// <summary>The content of a link's preview.</summary>
/// <param name="Picture">The name of a stored file, like the <paramref name="Icon"/>.</param>
public sealed record LinkPreview(string? Title, string? Description, string? Picture, string? Icon)
{
    /// <summary>An icon alone is no preview: the destination's own says more.</summary>
    public bool ShowsSomething => (Title ?? Description ?? Picture) is not null;
}
