using Signpost.Api.Callers;
using Signpost.ClickStore;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Targeting;
using Signpost.Links.Versions;
using Signpost.Statistics.Listing;
using Signpost.Storage;

namespace Signpost.Explain;

/// <summary>
/// Explains a click that happened: from the version of the link that decided, the rule that was recorded, and the facts that were kept. It
/// decides again with these, and tells whether the result is the recorded one.
/// </summary>
internal sealed class ClickExplainer(Database database, IStatistics statistics, VersionCatalog versions)
{
    /// <summary>A draw of a rotation is not kept. One of so many, evenly over all, leads to each rule with a weight of a thousandth.</summary>
    private const int Lots = 4_096;

    private const string NoVersion =
        "The version of the link that decided is not kept, so the rules of then are not known. The click itself names its rule and destination.";

    /// <summary>The explanation; null: the caller has no such link, or the link has no such click.</summary>
    /// <param name="ordinal">The number of the click among those of its link.</param>
    public async Task<ExplainedClick?> ExplainAsync(Caller caller, long linkId, long ordinal, CancellationToken cancel)
    {
        await using var db = database.Read();
        if (await VersionCatalog.OwnAsync(db, caller, linkId, cancel) is not { } link)
            return null;
        if (await ReadAsync(linkId, ordinal, cancel) is not { } click)
            return null;

        var row = click.Row;
        var told = ClickResponse.Of(click, caller.TimeZone);
        DecisionResponse recorded = new(row.Status, row.Target.Destination, row.Target.Variant, told.Kind);
        if (
            row.LinkVersion == 0
            || await VersionCatalog.FindAsync(db, link, row.LinkVersion, cancel) is not { Link: var then }
        )
            return new(told, null, null, [], recorded, [NoVersion]);
        if (row.Kind is ClickKind.Unavailable)
            return new(
                told,
                row.LinkVersion,
                null,
                [],
                recorded,
                ["The server could not serve the link at that time."]
            );

        // Whether its domain's owner had disabled the link is not kept.
        then.Row.IsBlocked = false;
        var found = await StatePlans.SplashAsync(db, then.Row, cancel);
        var isPageGone = found is null && row.Kind is ClickKind.Splash;
        var plan = await StatePlans.CompileAsync(db, then, isPageGone ? new(null, null, 0, null) : found, cancel);
        var visit = KeptVisit.Of(row, plan);
        var trace = new StepList();
        var decision = Decide(plan, visit, row.Target.Variant, ref trace);
        var agrees = Agrees(then.Row, decision, click);
        var notKept = KeptVisit.Missing(plan, row, agrees, isPageGone);
        // The recorded rule is told, also if the kept facts alone do not lead to it.
        var shown = RuleOf(plan, row.Target.Variant) is { } rule ? decision with { Applied = rule } : decision;
        var texts = new StepTexts(
            await versions.ResponseAsync(db, caller, then, cancel),
            plan,
            visit,
            shown,
            caller.TimeZone,
            isPast: true
        );
        StepResponse domain = new(
            "domain",
            Explainer.Passed,
            row.Host is null ? "The host of the request is not kept." : $"The request came to {row.Host}."
        );
        return new(
            told,
            row.LinkVersion,
            agrees || notKept is [] ? agrees : null,
            [domain, .. Explainer.Answers(trace.Settled, texts)],
            recorded,
            notKept
        );
    }

    private async Task<ListedClick?> ReadAsync(long linkId, long ordinal, CancellationToken cancel)
    {
        if (ordinal is < 1 or long.MaxValue)
            return null;
        StatisticsQuestion question = new(new(ScopeKind.Link, linkId), 0, long.MaxValue, []);
        return
            await statistics.ListAsync(question, ordinal + 1, most: 1, cancel) is [var click]
            && click.Ordinal == ordinal
            ? click
            : null;
    }

    // The draw of a rotation that led to the recorded rule, if one did.
    private static Decision Decide(LinkPlan plan, in Visit visit, string? variant, ref StepList trace)
    {
        var decision = plan.Decide(visit, ref trace);
        if (plan.Rules is not { Kind: TargetingKind.Rotation })
            return decision;
        for (var lot = 0ul; lot < Lots && decision.SendsOn && decision.Applied.Name != variant; lot++)
            decision = plan.Decide(visit with { Lot = lot * (ulong.MaxValue / Lots) });
        return decision;
    }

    private static bool Agrees(LinkRow then, in Decision decision, in ListedClick click)
    {
        var (row, target) = (click.Row, click.Row.Target);
        if (decision.Kind != row.Kind || decision.Applied.Name != target.Variant)
            return false;
        // Pages that open an app or fire pixels depend on facts that are not kept, and change only the status.
        if (!decision.SendsOn)
            return decision.Status == row.Status;
        return target.Destination is null || target.Destination == DestinationOf(then, decision.Applied);
    }

    // As clicks keep it: without parameters.
    private static string DestinationOf(LinkRow then, AppliedRule applied) =>
        applied == AppliedRule.None
            ? then.LocationUrl
            : TargetingLists.Parse(then.Targeting)[applied.Kind.Name][applied.Rule].Value;

    private static AppliedRule? RuleOf(LinkPlan plan, string? variant)
    {
        for (var rule = 0; variant is not null && rule < plan.Rules?.Rules.Count; rule++)
            if (new AppliedRule(plan.Rules.Kind, (byte)rule) is var one && one.Name == variant)
                return one;
        return null;
    }
}
