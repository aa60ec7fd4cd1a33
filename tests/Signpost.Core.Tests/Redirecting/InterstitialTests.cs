using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Redirecting.Pixels;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Tests.Redirecting;

/// <summary>Links that ask for a password or warn before they lead on, and what robots see of links.</summary>
public sealed class InterstitialTests
{
    private const long Noon = 1_772_366_400_000;
    private const string Secret = "https://secret.example/";

    [Theory]
    [InlineData(VisitMethod.Get, VisitorClass.Person, false, Answer.AskPassword, ClickKind.Locked, 401)]
    [InlineData(VisitMethod.WithBody, VisitorClass.Person, false, Answer.AskPassword, ClickKind.Locked, 401)]
    [InlineData(VisitMethod.Head, VisitorClass.Person, false, Answer.AskPassword, ClickKind.Head, 401)]
    [InlineData(VisitMethod.Get, VisitorClass.Robot, false, Answer.AskPassword, ClickKind.Robot, 401)]
    [InlineData(VisitMethod.Get, VisitorClass.Preview, false, Answer.Preview, ClickKind.Preview, 200)]
    [InlineData(VisitMethod.Get, VisitorClass.Person, true, Answer.NotAhead, ClickKind.Prefetch, 503)]
    [InlineData(VisitMethod.Unknown, VisitorClass.Person, false, Answer.MethodNotAllowed, ClickKind.Refused, 405)]
    public void A_locked_link_asks_everybody_for_the_password(
        VisitMethod method,
        VisitorClass visitor,
        bool prefetch,
        Answer answer,
        ClickKind kind,
        short status
    )
    {
        foreach (var redirect in (short[])[301, 302, 307, 308])
            Assert.Equal(
                new Decision(answer, kind, status),
                Plan("hash", status: redirect).Decide(new Visit(Noon, method, visitor, prefetch))
            );
    }

    [Theory]
    [InlineData(VisitMethod.Get, VisitorClass.Person, Answer.Warn, ClickKind.Warned, 200)]
    [InlineData(VisitMethod.Head, VisitorClass.Person, Answer.Warn, ClickKind.Head, 200)]
    [InlineData(VisitMethod.Get, VisitorClass.Robot, Answer.Warn, ClickKind.Robot, 200)]
    [InlineData(VisitMethod.Get, VisitorClass.Preview, Answer.Preview, ClickKind.Preview, 200)]
    [InlineData(VisitMethod.WithBody, VisitorClass.Person, Answer.MethodNotAllowed, ClickKind.Refused, 405)]
    public void A_link_that_warns_does_so_before_it_leads_on(
        VisitMethod method,
        VisitorClass visitor,
        Answer answer,
        ClickKind kind,
        short status
    )
    {
        Assert.Equal(new Decision(answer, kind, status), Plan(warns: true).Decide(new Visit(Noon, method, visitor)));
    }

    [Theory]
    [InlineData(VisitMethod.Get, VisitorClass.Person, Answer.Splash, ClickKind.Splash, 200)]
    [InlineData(VisitMethod.Head, VisitorClass.Person, Answer.Redirect, ClickKind.Head, 302)]
    [InlineData(VisitMethod.Get, VisitorClass.Robot, Answer.Redirect, ClickKind.Robot, 302)]
    [InlineData(VisitMethod.Get, VisitorClass.Preview, Answer.Redirect, ClickKind.Preview, 302)]
    public void A_splash_page_comes_after_the_password_and_the_warning_for_people_only(
        VisitMethod method,
        VisitorClass visitor,
        Answer answer,
        ClickKind kind,
        short status
    )
    {
        var plan = Plan("hash", warns: true, splash: new("Title", null, 5, null));
        var visit = new Visit(Noon, method, visitor, IsUnlocked: true, HasAgreed: true);

        var decision = plan.Decide(visit);
        Assert.Equal((answer, kind, status), (decision.Answer, decision.Kind, decision.Status));
        Assert.Equal(answer is Answer.Splash ? null : Secret, decision.Location);
        Assert.Equal(Secret, plan.Decide(visit with { HasContinued = true }).Location);
        if (visitor is not VisitorClass.Preview)
        {
            Assert.Equal(
                Answer.AskPassword,
                plan.Decide(visit with { IsUnlocked = false, HasContinued = true }).Answer
            );
            Assert.Equal(Answer.Warn, plan.Decide(visit with { HasAgreed = false, HasContinued = true }).Answer);
        }
        var limited = Plan(limit: 1, splash: new(null, null, 0, null));
        Assert.False(limited.Decide(new Visit(Noon)).ConsumesClick);
        Assert.True(limited.Decide(new Visit(Noon, HasContinued: true)).ConsumesClick);
    }

    [Fact]
    public void The_password_comes_before_the_warning_and_the_warning_before_the_destination()
    {
        var plan = Plan("hash", warns: true);

        Assert.Equal(Answer.AskPassword, plan.Decide(new Visit(Noon, HasAgreed: true)).Answer);
        Assert.Equal(Answer.Warn, plan.Decide(new Visit(Noon, IsUnlocked: true)).Answer);
        Assert.Equal(
            new Decision(Answer.Redirect, ClickKind.Person, 302, Secret, SendsOn: true),
            plan.Decide(new Visit(Noon, IsUnlocked: true, HasAgreed: true))
        );
    }

    [Fact]
    public void The_end_and_the_limit_come_before_the_password()
    {
        Assert.Equal(new(Answer.Gone, ClickKind.Expired, 410), Plan("hash", endsAt: Noon).Decide(new Visit(Noon)));
        Assert.Equal(
            new(Answer.Gone, ClickKind.Limited, 410),
            Plan("hash", limit: 1).Decide(new Visit(Noon, IsLimitReached: true))
        );
    }

    [Fact]
    public void Asking_and_warning_consume_no_click_of_a_limit()
    {
        var plan = Plan("hash", warns: true, limit: 1);

        Assert.False(plan.Decide(new Visit(Noon)).ConsumesClick);
        Assert.False(plan.Decide(new Visit(Noon, IsUnlocked: true)).ConsumesClick);
        Assert.True(plan.Decide(new Visit(Noon, IsUnlocked: true, HasAgreed: true)).ConsumesClick);
    }

    [Theory]
    [InlineData(302, Answer.MethodNotAllowed)]
    [InlineData(307, Answer.Redirect)]
    public void Once_unlocked_a_link_takes_the_methods_of_its_status(short status, Answer answer)
    {
        var visit = new Visit(Noon, VisitMethod.WithBody, IsUnlocked: true);

        Assert.Equal(answer, Plan("hash", status: status).Decide(visit).Answer);
    }

    [Theory]
    [InlineData(VisitorClass.Preview, ClickKind.Preview, Answer.Preview)]
    [InlineData(VisitorClass.Robot, ClickKind.Robot, Answer.Redirect)]
    [InlineData(VisitorClass.Person, ClickKind.Person, Answer.Redirect)]
    public void A_preview_robot_and_nobody_else_gets_what_the_owner_set_for_previews(
        VisitorClass visitor,
        ClickKind kind,
        Answer answer
    )
    {
        LinkPreview[] previews = [new("t", null, null, null), new(null, "d", null, null), new(null, null, "p", null)];
        foreach (var preview in previews)
        {
            var decision = Plan(preview: preview).Decide(new Visit(Noon, Visitor: visitor));
            Assert.Equal((kind, answer), (decision.Kind, decision.Answer));
        }
    }

    [Fact]
    public void Without_anything_set_for_previews_a_preview_robot_reads_the_destination_s_own()
    {
        var decision = Plan().Decide(new Visit(Noon, Visitor: VisitorClass.Preview));

        Assert.Equal(new Decision(Answer.Redirect, ClickKind.Preview, 302, Secret, SendsOn: true), decision);
    }

    [Fact]
    public void Whoever_asks_however_a_locked_link_s_decision_holds_no_destination()
    {
        var plan = new LinkPlan
        {
            LinkId = 1,
            Version = 1,
            Location = Secret,
            Status = 307,
            PasswordHash = "hash",
            MergesQuery = true,
            Cloak = new("alert(1)"),
            Pixels = Pixel.TryCreate("facebook", "1", out var pixel) ? [pixel] : [],
            Warns = true,
            Preview = new("t", null, null, null),
            Rules = TargetingTable.Compile(TargetingKind.Rotation, [new("1", Secret)]),
        };

        foreach (var method in Enum.GetValues<VisitMethod>())
        foreach (var visitor in Enum.GetValues<VisitorClass>())
        foreach (var prefetch in (bool[])[false, true])
        foreach (var agreed in (bool[])[false, true])
            Assert.Null(plan.Decide(new Visit(Noon, method, visitor, prefetch, HasAgreed: agreed)).Location);
    }

    private static LinkPlan Plan(
        string? password = null,
        bool warns = false,
        short status = 302,
        long endsAt = long.MaxValue,
        long limit = long.MaxValue,
        LinkPreview? preview = null,
        LinkSplash? splash = null
    ) =>
        new()
        {
            LinkId = 1,
            Version = 1,
            Location = Secret,
            Status = status,
            PasswordHash = password,
            Warns = warns,
            EndsAt = endsAt,
            ClicksLimit = limit,
            Preview = preview,
            Splash = splash,
        };
}
