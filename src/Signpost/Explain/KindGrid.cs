using Signpost.Core.Redirecting;
using Signpost.Core.Statistics;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;

namespace Signpost.Explain;

/// <summary>
/// Compares two plans of a link by kinds of visitor: the values of the facts that the rules ask for, weighted by clicks. Password, warning and
/// splash page count as passed.
/// </summary>
internal sealed class KindGrid
{
    /// <summary>The most kinds that are compared: all keys of both plans, and the most frequent kinds of the clicks.</summary>
    public const int MostKinds = 500;

    private const int MostShown = 5;

    private readonly TargetingKind[] _facts;
    private readonly HashSet<Kind> _ofRules = [default];
    private readonly Side _before;
    private readonly Side _after;
    private readonly bool _changesInTime;

    public KindGrid(LinkPlan before, LinkPlan after, long at, long usedClicks)
    {
        LinkPlan[] plans = [before, after];
        _facts =
        [
            .. plans
                .Select(plan => plan.Rules?.Kind ?? TargetingKind.None)
                .Where(kind => kind is not (TargetingKind.None or TargetingKind.Rotation))
                .Distinct(),
        ];
        foreach (var rules in plans.Select(plan => plan.Rules).OfType<TargetingTable>())
        foreach (var rule in rules.Rules)
            if (Array.IndexOf(_facts, rules.Kind) is >= 0 and var place)
                _ofRules.Add(place == 0 ? new(rule.Key, null) : new(null, rule.Key));
        _changesInTime =
            (before.StartsAt, before.EndsAt, before.ClicksLimit) != (after.StartsAt, after.EndsAt, after.ClicksLimit);
        Visit visit = new(at, IsUnlocked: true, HasAgreed: true, HasContinued: true);
        _before = new(before, visit with { IsLimitReached = before.IsLimited && usedClicks >= before.ClicksLimit });
        _after = new(after, visit with { IsLimitReached = after.IsLimited && usedClicks >= after.ClicksLimit });
    }

    public PlanComparison Compare(IReadOnlyCollection<ClickRow> clicks, bool hasMore)
    {
        var compared = MostFrequent(clicks);
        List<(Kind Kind, int Clicks, int Lots)> moved = [];
        foreach (var (kind, count) in compared)
            if (MovedLots(kind) is > 0 and var lots)
                moved.Add((kind, count, lots));

        return new(
            compared.Count,
            moved.Count,
            clicks.Count,
            hasMore,
            moved.Exists(one => HasRegion(one.Kind)) ? null : moved.Sum(one => Share(one.Clicks, one.Lots)),
            Share(clicks.Count - compared.Sum(one => one.Value), Side.Lots),
            [
                .. moved
                    .OrderByDescending(one => (long)one.Clicks * one.Lots)
                    .Take(MostShown)
                    .Select(one => new MovedKind(
                        [.. FactsOf(one.Kind)],
                        HasRegion(one.Kind) ? null : Share(one.Clicks, one.Lots),
                        Side.Shares(_before.SplitOf(VisitOf(one.Kind))),
                        Side.Shares(_after.SplitOf(VisitOf(one.Kind)))
                    )),
            ],
            _facts.Contains(TargetingKind.BrowserLanguage),
            _changesInTime
        );

        double Share(int count, int lots) => clicks.Count == 0 ? 0 : (double)count / clicks.Count * lots / Side.Lots;
    }

    // The keys of rules are compared also if nobody has come who matches them.
    private List<KeyValuePair<Kind, int>> MostFrequent(IReadOnlyCollection<ClickRow> clicks)
    {
        var counts = _ofRules.ToDictionary(kind => kind, _ => 0);
        foreach (var click in clicks)
        {
            Kind kind = new(FactOf(0, click), FactOf(1, click));
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }

        return
        [
            .. counts
                .OrderByDescending(one => _ofRules.Contains(one.Key))
                .ThenByDescending(one => one.Value)
                .Take(MostKinds),
        ];
    }

    private string? FactOf(int place, in ClickRow click) =>
        place < _facts.Length ? KeptVisit.FactOf(_facts[place], click) : null;

    private bool HasRegion(Kind kind) =>
        FactsOf(kind)
            .Any(fact =>
                fact.Kind is TargetingKind.BrowserLanguage && fact.Key.Contains('-', StringComparison.Ordinal)
            );

    private IEnumerable<(TargetingKind Kind, string Key)> FactsOf(Kind kind)
    {
        if (kind.First is not null)
            yield return (_facts[0], kind.First);
        if (kind.Second is not null)
            yield return (_facts[1], kind.Second);
    }

    private int MovedLots(Kind kind)
    {
        var visit = VisitOf(kind);
        var after = _after.SplitOf(visit);
        return Side.Lots - _before.SplitOf(visit).Sum(one => Math.Min(one.Value, after.GetValueOrDefault(one.Key)));
    }

    private Visit VisitOf(Kind kind)
    {
        Visit visit = new(0, Agent: UserAgent.Unknown);
        foreach (var (fact, key) in FactsOf(kind))
            visit = With(visit, fact, key);
        return visit;
    }

    private static Visit With(in Visit visit, TargetingKind fact, string key) =>
        fact switch
        {
            TargetingKind.ContinentCode => visit with { Place = visit.Place with { ContinentCode = key } },
            TargetingKind.CountryCode => visit with { Place = visit.Place with { CountryCode = key } },
            TargetingKind.CityName => visit with { Place = visit.Place with { CityName = key } },
            TargetingKind.DeviceType => visit with
            {
                Agent = visit.Agent! with { Device = ChosenFacts.Devices.GetValueOrDefault(key) },
            },
            TargetingKind.OsName => visit with { Agent = visit.Agent! with { SystemName = key } },
            TargetingKind.BrowserName => visit with { Agent = visit.Agent! with { BrowserName = key } },
            TargetingKind.BrowserLanguage => visit with { AcceptLanguage = key },
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    /// <summary>The values of at most two facts: a link has rules of one kind. Null: another value, or not known.</summary>
    private readonly record struct Kind(string? First, string? Second);

    private readonly record struct Outcome(string? Location, bool IsOver);

    private sealed class Side(LinkPlan plan, Visit visit)
    {
        /// <summary>So many draws, evenly over all, lead to each rule with a weight of a thousandth.</summary>
        public const int Lots = 4_096;

        private const ulong Step = ulong.MaxValue / Lots;

        // A rotation asks for nothing else.
        private Dictionary<Outcome, int>? _rotation;

        /// <summary>How many of the draws lead such a visitor where.</summary>
        public Dictionary<Outcome, int> SplitOf(in Visit facts)
        {
            var asked = visit with { Place = facts.Place, Agent = facts.Agent, AcceptLanguage = facts.AcceptLanguage };
            return plan.Rules is { Kind: TargetingKind.Rotation }
                ? _rotation ??= Rotate(asked)
                : new() { [Decide(asked)] = Lots };
        }

        public static IReadOnlyList<OutcomeShare> Shares(Dictionary<Outcome, int> split) =>
            [
                .. split
                    .OrderByDescending(one => one.Value)
                    .Select(one => new OutcomeShare(one.Key.Location, one.Key.IsOver, (double)one.Value / Lots)),
            ];

        private Dictionary<Outcome, int> Rotate(in Visit asked)
        {
            Dictionary<Outcome, int> split = [];
            for (var lot = 0ul; lot < Lots; lot++)
            {
                var outcome = Decide(asked with { Lot = lot * Step + Step / 2 });
                split[outcome] = split.GetValueOrDefault(outcome) + 1;
            }

            return split;
        }

        private Outcome Decide(in Visit asked)
        {
            var decision = plan.Decide(asked);
            return new(decision.Location, decision.Answer is Answer.Gone);
        }
    }
}
