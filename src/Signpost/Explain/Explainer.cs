using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Core.Links;
using Signpost.Core.Redirecting;
using Signpost.Core.Statistics;
using Signpost.Links;
using Signpost.Links.Versions;
using Signpost.Redirects;
using Signpost.Storage;

namespace Signpost.Explain;

/// <summary>
/// Explains where a link sends a visitor, and why. It uses the plan that visitors get, and a trace listens. It counts nothing
/// and consumes no click of a limit.
/// </summary>
internal sealed class Explainer(
    Database database,
    LinkCatalog links,
    VersionCatalog versions,
    PlanFinder plans,
    VisitReader visits,
    ClickRecorder clicks,
    PublicAddress address,
    DomainDirectory domains,
    TimeProvider clock
)
{
    public const string Passed = "passed";
    private const string Settled = "settled";
    private const string NotReached = "not_reached";
    private const long MainDomain = 0;

    /// <summary>Classifies this visitor.</summary>
    public async Task<VisitorResponse> ClassifyAsync(MadeUpVisit madeUp) =>
        VisitorResponse.Of(await VisitAsync(madeUp));

    /// <summary>Where the link sends this visitor; null: the caller has no such link.</summary>
    public async Task<Explanation?> ExplainAsync(Caller caller, long id, MadeUpVisit madeUp, CancellationToken cancel)
    {
        if (
            await links.FindAsync(caller, id, cancel) is not { } link
            || await plans.ReadAsync(link.DomainId, link.Url) is not { } plan
        )
            return null;

        var isLimitReached = plan.IsLimited && clicks.IsLimitReached(plan.LinkId, plan.ClicksLimit);
        var visit = await VisitAsync(madeUp, isLimitReached);
        var (domain, elsewhere) = Domain(link, madeUp);
        if (elsewhere is null && madeUp.Path is { } path)
            (domain, elsewhere, madeUp) = await PathAsync(link, madeUp, path);
        if (elsewhere is not null)
            return new(VisitorResponse.Of(visit), [domain, .. Unreached()], elsewhere);

        return Explain(caller, link, plan, domain, visit, madeUp);
    }

    /// <summary>Where the link would send this visitor if it were stored like this.</summary>
    public async Task<Explanation> ExplainAsync(
        Caller caller,
        LinkState draft,
        MadeUpVisit madeUp,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var link = await versions.ResponseAsync(db, caller, draft, cancel);
        var plan = await StatePlans.CompileAsync(db, draft, cancel);
        var visit = await VisitAsync(madeUp, plan.IsLimited && link.Clicks >= plan.ClicksLimit);
        var (domain, elsewhere) = Domain(link, madeUp);
        return elsewhere is null
            ? Explain(caller, link, plan, domain, visit, madeUp)
            : new(VisitorResponse.Of(visit), [domain, .. Unreached()], elsewhere);
    }

    /// <summary>All steps of a decision, after that of the domain.</summary>
    public static IEnumerable<StepResponse> Answers(Step settled, StepTexts texts) =>
        Enum.GetValues<Step>().Select(step => Answer(step, settled, texts));

    private static Explanation Explain(
        Caller caller,
        LinkResponse link,
        LinkPlan plan,
        StepResponse domain,
        in Visit visit,
        MadeUpVisit madeUp
    )
    {
        var trace = new StepList();
        var decision = plan.Decide(visit, ref trace);
        var texts = new StepTexts(link, plan, visit, decision, caller.TimeZone);
        return new(
            VisitorResponse.Of(visit),
            [domain, .. Answers(trace.Settled, texts)],
            new(decision.Status, LocationOf(decision, madeUp), decision.Applied.Name, KindNames.Of(decision.Kind))
        );
    }

    private async Task<Visit> VisitAsync(MadeUpVisit madeUp, bool isLimitReached = false)
    {
        var read = await visits.ReadAsync(
            madeUp.Headers,
            madeUp.Address,
            madeUp.At is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : clock.GetUtcNow()
        );
        return madeUp.Facts.ApplyTo(read) with
        {
            IsLimitReached = isLimitReached,
            IsUnlocked = madeUp.IsUnlocked,
            HasAgreed = madeUp.HasAgreed,
            HasContinued = madeUp.HasContinued,
        };
    }

    // The response of the host, unless the link is on it. Whether another link has the same alias there is not told: it may
    // belong to somebody else.
    private (StepResponse Step, DecisionResponse? Elsewhere) Domain(LinkResponse link, MadeUpVisit madeUp)
    {
        var host = madeUp.Domain ?? new Uri(link.ShortUrl).Authority;
        var asked = new Uri($"http://{host}/");
        // As in a Host header: names in ASCII, IPv6 addresses in brackets. IdnHost has no brackets.
        var name = asked.HostNameType is UriHostNameType.IPv6 ? asked.Host : asked.IdnHost;
        var behindWww = domains.FindBehindWww(name);
        var served = behindWww ?? domains.Find(name);
        if (served is null && !address.IsServed(name))
            return (new("domain", Settled, $"{host} is not a host of this server."), new(421, null, null, Kind: null));
        var text = behindWww is null ? $"{host} is served" : $"{host} redirects to {behindWww.Home}";
        if ((served?.Id ?? MainDomain) == link.DomainId)
            return (
                new(
                    "domain",
                    Passed,
                    madeUp.Domain is null ? $"The visitor follows {link.ShortUrl}." : $"{text}, and the link is on it."
                ),
                null
            );

        var unknown = KindNames.Of(ClickKind.UnknownLink);
        var nothing = served?.NotFoundUrl is { } url
            ? new DecisionResponse(302, url, null, unknown)
            : new DecisionResponse(404, null, null, unknown);
        return (new("domain", Settled, $"{text}, but the link is not on it."), nothing);
    }

    // As redirects do it: the path as it is, then without what was copied with it.
    private async Task<(StepResponse Step, DecisionResponse? Elsewhere, MadeUpVisit Visit)> PathAsync(
        LinkResponse link,
        MadeUpVisit madeUp,
        string path
    )
    {
        var asked = await plans.ReadAsync(link.DomainId, path);
        if (asked?.LinkId == link.Id)
            return (new("domain", Passed, $"The visitor follows {link.ShortUrl}."), null, madeUp);

        var nothing = new DecisionResponse(404, null, null, Kind: null);
        var isTidied =
            AliasPath.TryTidy(path, out var tidy, out var query)
            && (await plans.ReadAsync(link.DomainId, tidy))?.LinkId == link.Id;
        if (!isTidied)
            return (new("domain", Settled, $"/{path} does not lead to this link."), nothing, madeUp);
        if (asked is not null)
            return (new("domain", Settled, $"There is a link for /{path} itself. It wins."), nothing, madeUp);

        if (query is not "")
            madeUp = madeUp with { Query = madeUp.Query is null ? query : $"{query}&{madeUp.Query}" };
        var text = $"There is no link for /{path}. It is read as /{tidy}{(query is "" ? "" : "?" + query)}.";
        return (new("domain", Passed, text), null, madeUp);
    }

    private static StepResponse Answer(Step step, Step settled, StepTexts texts) =>
        step > settled ? Unreached(step) : new(NameOf(step), step == settled ? Settled : Passed, texts.Of(step));

    private static IEnumerable<StepResponse> Unreached() => Enum.GetValues<Step>().Select(Unreached);

    private static StepResponse Unreached(Step step) => new(NameOf(step), NotReached, "An earlier step has decided.");

    private static string NameOf(Step step) =>
        step switch
        {
            Step.Availability => "availability",
            Step.Request => "request",
            Step.End => "end",
            Step.Password => "password",
            Step.SensitiveContent => "sensitive_content",
            Step.SplashPage => "splash_page",
            Step.Targeting => "targeting",
            Step.Parameters => "parameters",
            Step.Delivery => "delivery",
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    private static string? LocationOf(in Decision decision, MadeUpVisit madeUp) =>
        decision is { Location: { } location, MergesQuery: true } && madeUp.Query is { Length: > 0 } query
            ? DestinationBuilder.WithQuery(location, query)
            : decision.Location;
}
