using Signpost.Changes;
using Signpost.Core.Redirecting;
using Signpost.Core.Targeting;

namespace Signpost.Redirects;

/// <summary>
/// The plans of links that visitors follow, bounded by bytes. Unknown aliases are remembered too, in a smaller map of
/// their own, so that a scan neither reaches the database twice nor removes real links.
/// </summary>
/// <remarks>
/// The very next request sees an edit: the editor publishes after its commit, which removes the plan and marks a
/// running load as stale. A stale load serves the requests that waited since before the edit, and is not kept.
/// </remarks>
internal sealed class PlanCache
{
    private const long MissBytes = 8 << 20;
    private static readonly object Miss = new();

    private readonly ClockCache<LinkPlan> _plans;
    private readonly ClockCache<object> _misses = new(MissBytes);
    private readonly Dictionary<PlanKey, Load> _loads = new(PlanKeyComparer.Instance);
    private readonly Lock _installing = new();
    private readonly Func<PlanKey, Task<LinkPlan?>> _load;

    /// <param name="load">Reads a link and compiles its plan; null: there is none.</param>
    public PlanCache(long maxBytes, Func<PlanKey, Task<LinkPlan?>> load, ChangeFeed changes)
    {
        _plans = new(maxBytes);
        _load = load;
        changes.Subscribe(change => Forget(new(change.DomainId, change.AliasKey)));
        // A plan does not hold its account, and accounts are seldom deleted.
        changes.SubscribeToAccounts(_ => ForgetAll());
    }

    public long Bytes => _plans.Bytes + _misses.Bytes;

    /// <summary>Looks in memory: true with a plan, true with null for an unknown alias; else false.</summary>
    public bool TryGet(PlanKeySpan key, out LinkPlan? plan) =>
        _plans.TryGet(key, out plan) || _misses.TryGet(key, out _);

    /// <summary>Reads the database; requests for the same key share one read.</summary>
    public async Task<LinkPlan?> LoadAsync(PlanKey key, CancellationToken cancel)
    {
        Load? load;
        bool isMine;
        lock (_installing)
        {
            isMine = !_loads.TryGetValue(key, out load);
            if (isMine)
                _loads.Add(key, load = new Load());
        }
        if (isMine)
            await RunAsync(key, load!);

        return await load!.Plan.Task.WaitAsync(cancel);
    }

    // The first request must not cancel it: the others wait for it too.
    private async Task RunAsync(PlanKey key, Load load)
    {
        try
        {
            var plan = await _load(key);
            lock (_installing)
            {
                if (!load.IsStale)
                {
                    _loads.Remove(key);
                    Install(key, plan);
                }
            }
            load.Plan.SetResult(plan);
        }
        catch (Exception error)
        {
            lock (_installing)
            {
                if (!load.IsStale)
                    _loads.Remove(key);
            }
            load.Plan.SetException(error);
        }
    }

    private void Install(PlanKey key, LinkPlan? plan)
    {
        if (plan is null)
            _misses.Set(key, Miss, PlanCost.OfMiss(key));
        else
            _plans.Set(key, plan, PlanCost.Of(key, plan));
    }

    private void Forget(PlanKey key)
    {
        lock (_installing)
        {
            if (_loads.Remove(key, out var load))
                load.IsStale = true;
            _plans.Remove(key);
            _misses.Remove(key);
        }
    }

    private void ForgetAll()
    {
        lock (_installing)
        {
            foreach (var load in _loads.Values)
                load.IsStale = true;
            _loads.Clear();
            _plans.Clear();
            _misses.Clear();
        }
    }

    private sealed class Load
    {
        public readonly TaskCompletionSource<LinkPlan?> Plan = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public bool IsStale;
    }
}

/// <summary>The memory of an entry, in bytes on a 64-bit machine: objects, strings and the maps' own share.</summary>
internal static class PlanCost
{
    // Measured (the verb plan-cost of benchmarks/Signpost.Benchmarks): the growth of the managed heap by 1,000,000 entries
    // without their strings, and a little more for the unused part of a growing map.
    private const int Entry = 130;
    private const int Plan = 176;
    private const int HashCost = 56;
    private const int UtmCost = 56;
    private const int PreviewCost = 48;
    private const int SplashCost = 48;
    private const int TargetingTableCost = 380;
    private const int TargetingRuleCost = 92;
    private const int PixelCost = 48;

    public static int OfMiss(PlanKey key) => Entry + Of(key.Alias);

    public static int Of(PlanKey key, LinkPlan plan) =>
        Entry
        + Plan
        + Of(key.Alias)
        + (ReferenceEquals(plan.Alias, key.Alias) ? 0 : Of(plan.Alias))
        + Of(plan.Location)
        + Of(plan.Utm)
        + Of(plan.ExpirationUrl)
        + Of(plan.PasswordHash)
        + (plan.Warns ? HashCost : 0)
        + Of(plan.Preview)
        + Of(plan.Splash)
        + Of(plan.Cloak?.Script)
        + plan.Pixels.Sum(pixel => PixelCost + Of(pixel.Id))
        + Of(plan.Rules);

    private static int Of(LinkPreview? preview) =>
        preview is null
            ? 0
            : PreviewCost + Of(preview.Title) + Of(preview.Description) + Of(preview.Picture) + Of(preview.Icon);

    private static int Of(LinkSplash? page) =>
        page is null ? 0 : SplashCost + Of(page.Title) + Of(page.Description) + Of(page.UnlockButton);

    // Measured in the same way, with 1, 10 and 100 rules.
    private static int Of(TargetingTable? table) =>
        table is null
            ? 0
            : TargetingTableCost + table.Rules.Sum(rule => TargetingRuleCost + Of(rule.Key) + Of(rule.Location));

    private static int Of(LinkUtm? utm) =>
        utm is null ? 0 : UtmCost + Of(utm.Source) + Of(utm.Medium) + Of(utm.Campaign) + Of(utm.Term) + Of(utm.Content);

    private static int Of(string? text) => text is null ? 0 : 24 + 2 * text.Length;
}
