using Signpost.Addressing;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;
using Signpost.Redirects.Interstitials;
using Signpost.Web.Notices;

namespace Signpost.Redirects;

/// <summary>Visits to links: it decides, then acts once and records once.</summary>
internal sealed class LinkVisits(FactsReader facts, LinkAccessCookie access, ClickRecorder clicks, Responder responder)
{
    /// <summary>Adds to a visit the facts that change while a plan stays the same, and those from the visitor's cookie.</summary>
    public Visit Complete(HttpContext http, LinkPlan plan, in Visit visit) =>
        visit with
        {
            Visitor = access.IsPerson(http, plan, visit.Visitor) ? VisitorClass.Person : visit.Visitor,
            IsLimitReached = plan.IsLimited && clicks.IsLimitReached(plan.LinkId, plan.ClicksLimit),
            IsUnlocked = access.Unlocks(http, plan),
            HasAgreed = access.Agrees(http, plan),
            IsUntracked = plan.Pixels.Count > 0 && facts.IsUntracked(http),
        };

    /// <summary>Decides a complete visit, records it and responds.</summary>
    /// <param name="isPosted">A form of ours brought the visitor here: the browser continues with GET.</param>
    public Task AnswerAsync(HttpContext http, AskedDomain domain, LinkPlan plan, in Visit visit, bool isPosted = false)
    {
        var decision = plan.Decide(visit);
        var consumed = decision.ConsumesClick && clicks.TryConsume(plan.LinkId, plan.ClicksLimit);
        if (decision.ConsumesClick && !consumed)
            decision = plan.DecideLimitReached();
        if (isPosted && decision.Answer is Answer.Redirect)
            decision = decision with { Status = StatusCodes.Status303SeeOther };

        var told = facts.Read(http, domain, plan, decision);
        var click = new Click(
            plan.LinkId,
            plan.Version,
            visit.AtMilliseconds,
            decision.Kind,
            decision.Status,
            FactsReader.MayTell(told, plan) ? decision.Applied : default
        );
        if (!clicks.TryRecord(click, consumed, told, out var recorded))
            // A click that cannot be recorded must not consume a limit. Other links go on; the loss is counted and shown.
            return consumed || clicks.MustRefuse
                ? responder.WritePageAsync(http, VisitorPage.Busy)
                : responder.WriteAsync(http, decision, plan);

        return clicks.IsDurableAtOnce
            ? responder.WriteAsync(http, decision, plan)
            : AnswerDurablyAsync(http, decision, plan, recorded);
    }

    private async Task AnswerDurablyAsync(HttpContext http, Decision decision, LinkPlan plan, RecordedClick recorded) =>
        await (
            await clicks.DurableAsync(recorded)
                ? responder.WriteAsync(http, decision, plan)
                : responder.WritePageAsync(http, VisitorPage.Busy)
        );
}
