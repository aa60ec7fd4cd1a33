using Signpost.Addressing;
using Signpost.Clicks;
using Signpost.Core.Links;
using Signpost.Core.Redirecting;

namespace Signpost.Redirects.Interstitials;

/// <summary>The link that a gate's form is about.</summary>
/// <param name="Decision">What its own address would answer this visitor now.</param>
/// <param name="Address">Its address with the visitor's query, from the root of the host under which it was asked for.</param>
internal sealed record GateLink(LinkPlan Plan, Decision Decision, string Address);

/// <summary>Finds it, by the part of the path behind the gate's own.</summary>
internal sealed class GateLinks(
    PlanCache plans,
    DomainDirectory domains,
    ReservedAliases reserved,
    VisitReader visits,
    Grants grants,
    ClickRecorder clicks
)
{
    private const long MainDomain = 0;

    /// <summary>The path that follows the gate's, as a link's own address has it; empty: there can be no such link.</summary>
    public static PathString PathBehind(HttpContext http, string gate)
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        return
            http.Request.Path.StartsWithSegments(gate, out var path)
            && path.Value is { Length: > 1 } text
            && Alias.TryGetKey(text.AsSpan(1), buffer, out _)
            ? path
            : PathString.Empty;
    }

    /// <summary>The address of a path and this request's query, for a header or a form.</summary>
    public static string AddressOf(HttpContext http, PathString path) =>
        path.ToUriComponent() + http.Request.QueryString.ToUriComponent();

    /// <summary>Finds the link; null: there is none.</summary>
    public async Task<GateLink?> FindAsync(HttpContext http, string gate)
    {
        if (PathBehind(http, gate) is not { HasValue: true } path || await PlanOfAsync(http, path) is not { } plan)
            return null;

        // As if the person who sent the form had opened the link's own address.
        var read = await visits.ReadAsync(http, plan);
        var visit = read with
        {
            Method = VisitMethod.Get,
            Visitor = default,
            IsPrefetch = false,
            IsSpent = plan.IsLimited && clicks.IsSpent(plan.LinkId, plan.ClicksLimit),
            IsUnlocked = grants.Unlocks(http, plan),
            HasAgreed = grants.Agrees(http, plan),
        };
        return new(plan, plan.Decide(visit), AddressOf(http, path));
    }

    private async Task<LinkPlan?> PlanOfAsync(HttpContext http, PathString path)
    {
        var key = new PlanKey(domains.Find(http)?.Id ?? MainDomain, KeyOf(path));
        if (plans.TryGet(new(key.DomainId, key.Alias), out var plan))
            return plan;

        // What the cache remembers as no link is answered by no route any more.
        return reserved.IsOn(key.DomainId, key.Alias) ? null : await plans.LoadAsync(key, http.RequestAborted);
    }

    private static string KeyOf(PathString path)
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        Alias.TryGetKey(path.Value.AsSpan(1), buffer, out var key);
        return key.ToString();
    }
}
