using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Tests.Redirecting;

public sealed class LinkPlanTests
{
    private const long Noon = 1_772_366_400_000;

    [Fact]
    public void A_plain_link_sends_a_person_on_and_that_is_a_click()
    {
        Assert.Equal(
            new Decision(Answer.Redirect, ClickKind.Person, 302, "https://example.org/", SendsOn: true),
            Plan().Decide(new Visit(Noon))
        );
    }

    [Theory]
    [InlineData(VisitMethod.Head, VisitorClass.Person, false, ClickKind.Head, Answer.Redirect)]
    [InlineData(VisitMethod.Head, VisitorClass.Robot, true, ClickKind.Head, Answer.Redirect)]
    [InlineData(VisitMethod.Get, VisitorClass.Person, true, ClickKind.Prefetch, Answer.NotAhead)]
    [InlineData(VisitMethod.Get, VisitorClass.Preview, true, ClickKind.Prefetch, Answer.NotAhead)]
    [InlineData(VisitMethod.Get, VisitorClass.Preview, false, ClickKind.Preview, Answer.Redirect)]
    [InlineData(VisitMethod.Get, VisitorClass.Robot, false, ClickKind.Robot, Answer.Redirect)]
    [InlineData(VisitMethod.WithBody, VisitorClass.Person, false, ClickKind.Refused, Answer.MethodNotAllowed)]
    [InlineData(VisitMethod.Unknown, VisitorClass.Robot, true, ClickKind.Refused, Answer.MethodNotAllowed)]
    public void Every_visit_has_the_first_kind_that_applies(
        VisitMethod method,
        VisitorClass visitor,
        bool prefetch,
        ClickKind kind,
        Answer answer
    )
    {
        var decision = Plan().Decide(new Visit(Noon, method, visitor, prefetch));

        Assert.Equal((kind, answer), (decision.Kind, decision.Answer));
    }

    [Theory]
    [InlineData(301, VisitMethod.WithBody, false)]
    [InlineData(302, VisitMethod.WithBody, false)]
    [InlineData(307, VisitMethod.WithBody, true)]
    [InlineData(308, VisitMethod.WithBody, true)]
    [InlineData(307, VisitMethod.Unknown, false)]
    [InlineData(308, VisitMethod.Unknown, false)]
    public void Only_307_and_308_take_other_methods(short status, VisitMethod method, bool taken)
    {
        var decision = Plan(status: status).Decide(new Visit(Noon, method));

        Assert.Equal(taken ? Answer.Redirect : Answer.MethodNotAllowed, decision.Answer);
        Assert.Equal(taken ? ClickKind.Person : ClickKind.Refused, decision.Kind);
    }

    [Fact]
    public void A_link_answers_from_the_very_instant_it_starts()
    {
        var plan = Plan(startsAt: Noon);

        Assert.Equal(Answer.NotFound, plan.Decide(new Visit(Noon - 1)).Answer);
        Assert.Equal(Answer.Redirect, plan.Decide(new Visit(Noon)).Answer);
    }

    [Fact]
    public void A_link_is_gone_from_the_very_instant_it_ends()
    {
        var plan = Plan(endsAt: Noon);

        Assert.Equal(Answer.Redirect, plan.Decide(new Visit(Noon - 1)).Answer);
        Assert.Equal(new Decision(Answer.Gone, ClickKind.Expired, 410), plan.Decide(new Visit(Noon)));
    }

    [Fact]
    public void After_its_end_the_expiration_address_takes_over_with_302_whatever_the_link_s_own_status()
    {
        var plan = Plan(status: 308, endsAt: Noon, expirationUrl: "https://example.org/over");

        Assert.Equal(
            new Decision(Answer.Redirect, ClickKind.Expired, 302, "https://example.org/over"),
            plan.Decide(new Visit(Noon))
        );
    }

    [Fact]
    public void A_disabled_link_answers_like_a_missing_one_even_when_it_is_over_or_locked()
    {
        var plan = new LinkPlan
        {
            LinkId = 1,
            Version = 1,
            Location = "https://example.org/",
            Status = 302,
            IsEnabled = false,
            PasswordHash = "hash",
            EndsAt = 0,
        };

        Assert.Equal(new Decision(Answer.NotFound, ClickKind.Disabled, 404), plan.Decide(new Visit(Noon)));
    }

    [Theory]
    [InlineData(VisitMethod.Head, VisitorClass.Person)]
    [InlineData(VisitMethod.Get, VisitorClass.Preview)]
    [InlineData(VisitMethod.Get, VisitorClass.Robot)]
    public void On_a_limited_link_who_is_no_person_takes_no_use_and_learns_no_destination(
        VisitMethod method,
        VisitorClass visitor
    )
    {
        var decision = Plan(limit: 5).Decide(new Visit(Noon, method, visitor));

        Assert.Equal(Answer.Preview, decision.Answer);
        Assert.Null(decision.Location);
        Assert.False(decision.ConsumesClick);
    }

    [Fact]
    public void A_person_consumes_a_click_of_a_limited_link_and_finding_none_is_told_that_it_is_over()
    {
        var plan = Plan(limit: 5);

        Assert.True(plan.Decide(new Visit(Noon)).ConsumesClick);
        Assert.Equal(new Decision(Answer.Gone, ClickKind.Limited, 410), plan.DecideLimitReached());
    }

    [Fact]
    public void Deciding_allocates_nothing()
    {
        var plan = Plan(limit: 5);
        var visit = new Visit(Noon);

        var statuses = 0L;
        var bytes = Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
                statuses += plan.Decide(visit).Status;
        });

        Assert.Equal(0, bytes);
        Assert.Equal(0, statuses % 302);
    }

    private static LinkPlan Plan(
        short status = 302,
        long startsAt = long.MinValue,
        long endsAt = long.MaxValue,
        long limit = long.MaxValue,
        string? expirationUrl = null
    ) =>
        new()
        {
            LinkId = 1,
            Version = 1,
            Location = "https://example.org/",
            Status = status,
            StartsAt = startsAt,
            EndsAt = endsAt,
            ClicksLimit = limit,
            ExpirationUrl = expirationUrl,
        };
}
