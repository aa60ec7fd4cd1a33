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
    public async Task<LinkPlan?> FindAsync(long domainId, string path, CancellationToken cancel)
    {
        while (true)
        {
            var rule = rules.Of(domainId);
            var plan = rule.KeysOf(path) switch
            {
                [var key] => await FindAsync(new PlanKey(domainId, key), cancel),
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
