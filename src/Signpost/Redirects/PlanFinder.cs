using System.Data.Common;
using Signpost.Addressing;
using Signpost.Core.Redirecting;

namespace Signpost.Redirects;

/// <summary>Finds the plan of a path by the rule of its domain, also while that rule changes.</summary>
internal sealed class PlanFinder(PlanCache plans, PlanLoader loader, CaseRules rules)
{
    /// <summary>The plan; null: there is no such link.</summary>
    /// <param name="path">Decoded, without its leading slash.</param>
    /// <exception cref="DbException">The database cannot be read just now.</exception>
    public Task<LinkPlan?> FindAsync(long domainId, string path, CancellationToken cancel) =>
        FindAsync(domainId, path, key => FindAsync(key, cancel));

    /// <summary>As the other method, but what it finds is not kept in memory. For paths that a caller of the API makes up.</summary>
    /// <exception cref="DbException">The database cannot be read just now.</exception>
    public Task<LinkPlan?> ReadAsync(long domainId, string path) => FindAsync(domainId, path, loader.LoadAsync);

    private async Task<LinkPlan?> FindAsync(long domainId, string path, Func<PlanKey, Task<LinkPlan?>> find)
    {
        while (true)
        {
            var rule = rules.Of(domainId);
            var keys = rule.KeysOf(path);
            // No route responds to a path whose key the cache remembers as an unknown alias.
            if (keys.Any(key => ReservedAliases.IsOn(domainId, key)))
                return null;
            var plan = keys switch
            {
                [var key] => await find(new(domainId, key)),
                // The key of a link changes at any moment, so both are looked up in one read, and nothing is kept.
                [var exact, var folded] => await loader.LoadAsync(new(domainId, exact), folded),
                _ => null,
            };
            // The keys may have begun to change after the rule was read. Then this read may have come too late.
            if (rules.Of(domainId) == rule)
                return plan;
        }
    }

    private async Task<LinkPlan?> FindAsync(PlanKey key, CancellationToken cancel) =>
        plans.TryGet(new(key.DomainId, key.Alias), out var plan) ? plan : await plans.LoadAsync(key, cancel);
}
