using Signpost.Addressing;
using Signpost.Core.Links;
using Signpost.Core.Redirecting;

namespace Signpost.Redirects.Interstitials;

/// <summary>The link of an interstitial's form.</summary>
/// <param name="Visit">The visit of this person to its own address.</param>
/// <param name="Decision">The response that its own address would give this visitor now.</param>
/// <param name="Address">Its address with the visitor's query, from the root of the requested host.</param>
internal sealed record InterstitialLink(
    AskedDomain Domain,
    LinkPlan Plan,
    Visit Visit,
    Decision Decision,
    string Address
);

/// <summary>Finds the link by the part of the path after the interstitial's own.</summary>
internal sealed class InterstitialLinks(PlanFinder plans, DomainDirectory domains, VisitReader visits, LinkVisits links)
{
    /// <summary>The path after the interstitial's, like the link's own path; empty: there can be no such link.</summary>
    public static PathString PathBehind(HttpContext http, string prefix)
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        return
            http.Request.Path.StartsWithSegments(prefix, out var path)
            && path.Value is { Length: > 1 } text
            && Alias.TryGetKey(text.AsSpan(1), AliasCase.Kept, buffer, out _)
            ? path
            : PathString.Empty;
    }

    /// <summary>The address of a path and this request's query, for a header or a form.</summary>
    public static string AddressOf(HttpContext http, PathString path) =>
        path.ToUriComponent() + Escaped(http.Request.QueryString);

    // A query may hold control characters, which no header takes.
    private static string Escaped(QueryString query) =>
        query.HasValue ? "?" + DestinationBuilder.Escaped(query.Value.AsSpan(1)) : "";

    /// <summary>Finds the link; null: there is none.</summary>
    public async Task<InterstitialLink?> FindAsync(HttpContext http, string prefix)
    {
        if (PathBehind(http, prefix) is not { HasValue: true } path || await PlanOfAsync(http, path) is not { } plan)
            return null;

        // The visitor is treated as on the link's own address, and as a person: robots send no forms.
        var read = await visits.ReadAsync(http, plan);
        var visit = links.Complete(
            http,
            plan,
            read with
            {
                Method = VisitMethod.Get,
                Visitor = default,
                IsPrefetch = false,
            }
        );
        return new(DomainOf(http), plan, visit, plan.Decide(visit), AddressOf(http, path));
    }

    private AskedDomain DomainOf(HttpContext http) => domains.Find(http)?.Asked ?? default;

    private Task<LinkPlan?> PlanOfAsync(HttpContext http, PathString path) =>
        plans.FindAsync(DomainOf(http).Id, path.Value![1..], http.RequestAborted);
}
