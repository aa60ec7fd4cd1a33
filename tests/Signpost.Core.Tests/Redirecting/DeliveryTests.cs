using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Redirecting.Pixels;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Tests.Redirecting;

/// <summary>By a redirect or by a page.</summary>
public sealed class DeliveryTests
{
    private const string Known = "https://www.youtube.com/watch?v=abc";
    private const string Unknown = "https://example.org/";

    [Theory]
    [InlineData("iOS", Known, InAppBrowser.None, Answer.OpenApp)]
    [InlineData("Android", Known, InAppBrowser.None, Answer.OpenApp)]
    [InlineData("iOS", Known, InAppBrowser.Instagram, Answer.OpenApp)]
    [InlineData("Windows", Known, InAppBrowser.None, Answer.Redirect)]
    [InlineData("OS X", Known, InAppBrowser.None, Answer.Redirect)]
    [InlineData(null, Known, InAppBrowser.None, Answer.Redirect)]
    [InlineData("iOS", Unknown, InAppBrowser.None, Answer.Redirect)]
    [InlineData("Android", Unknown, InAppBrowser.None, Answer.Redirect)]
    [InlineData("iOS", "https://github.com/ada", InAppBrowser.None, Answer.Redirect)]
    [InlineData("Android", "https://github.com/ada", InAppBrowser.None, Answer.OpenApp)]
    [InlineData("iOS", "https://www.instagram.com/ada", InAppBrowser.Instagram, Answer.Redirect)]
    [InlineData("Android", "https://www.instagram.com/ada", InAppBrowser.Instagram, Answer.Redirect)]
    [InlineData("iOS", "https://www.instagram.com/ada", InAppBrowser.Facebook, Answer.OpenApp)]
    public void An_app_is_opened_where_there_is_one_and_the_visitor_is_not_in_it(
        string? system,
        string location,
        InAppBrowser inApp,
        Answer answer
    )
    {
        var plan = Plan(location, apps: true);

        var decision = plan.Decide(Of(system, inApp));

        Assert.Equal(answer, decision.Answer);
        Assert.Equal(answer == Answer.OpenApp ? 200 : 302, decision.Status);
        Assert.Equal(ClickKind.Person, decision.Kind);
        Assert.Equal(location, decision.Location);
        Assert.Equal(answer == Answer.OpenApp && inApp != InAppBrowser.None, decision.App.NeedsTap);
    }

    [Fact]
    public void A_link_that_opens_apps_asks_for_the_agent_and_only_then()
    {
        Assert.Equal(Facts.Agent | Facts.InApp, Plan(Known, apps: true).AsksOf(VisitorClass.Person));
        Assert.Equal(Facts.None, Plan(Known, apps: true).AsksOf(VisitorClass.Robot));
        Assert.Equal(Facts.None, Plan(Unknown, apps: true).AsksOf(VisitorClass.Person));
        Assert.Equal(Facts.None, Plan(Known).AsksOf(VisitorClass.Person));
    }

    [Fact]
    public void The_app_is_that_of_the_destination_that_targeting_chose()
    {
        var rules = TargetingTable.Compile(
            TargetingKind.OsName,
            new("iOS", Known),
            new TargetingRule("Android", Unknown)
        );
        var plan = new LinkPlan
        {
            LinkId = 1,
            Version = 1,
            Location = Known,
            Status = 302,
            Rules = rules,
            Apps = AppTable.Compile(Known, rules),
        };

        Assert.Equal(Answer.OpenApp, plan.Decide(Of("iOS")).Answer);
        Assert.Equal(
            (Answer.Redirect, Unknown),
            (plan.Decide(Of("Android")).Answer, plan.Decide(Of("Android")).Location)
        );
        Assert.Equal(Answer.Redirect, plan.Decide(Of("Windows")).Answer);
    }

    [Theory]
    [InlineData(VisitMethod.Get, VisitorClass.Person, Answer.Cloak)]
    [InlineData(VisitMethod.Get, VisitorClass.Robot, Answer.Cloak)]
    [InlineData(VisitMethod.Head, VisitorClass.Person, Answer.Cloak)]
    [InlineData(VisitMethod.WithBody, VisitorClass.Person, Answer.Redirect)]
    public void A_cloak_is_for_robots_too_but_hands_no_body_on(
        VisitMethod method,
        VisitorClass visitor,
        Answer answer
    ) => Assert.Equal(answer, Plan(Unknown, cloaked: true, status: 307).Decide(new Visit(0, method, visitor)).Answer);

    [Theory]
    [InlineData(VisitMethod.Get, VisitorClass.Person, Answer.FirePixels)]
    [InlineData(VisitMethod.Get, VisitorClass.Robot, Answer.Redirect)]
    [InlineData(VisitMethod.Head, VisitorClass.Person, Answer.Redirect)]
    [InlineData(VisitMethod.WithBody, VisitorClass.Person, Answer.Redirect)]
    public void Pixels_are_fired_by_persons_only(VisitMethod method, VisitorClass visitor, Answer answer) =>
        Assert.Equal(answer, Plan(Unknown, pixels: true, status: 307).Decide(new Visit(0, method, visitor)).Answer);

    [Fact]
    public void The_app_comes_before_the_cloak_and_that_before_mere_pixels()
    {
        var plan = Plan(Known, apps: true, cloaked: true, pixels: true);

        Assert.Equal(Answer.OpenApp, plan.Decide(Of("iOS")).Answer);
        Assert.Equal(Answer.Cloak, plan.Decide(Of("Windows")).Answer);
        Assert.Equal(
            Answer.FirePixels,
            Plan("mailto:ada@example.org", cloaked: true, pixels: true).Decide(new Visit(0)).Answer
        );
    }

    [Fact]
    public void A_page_consumes_a_click_of_a_limited_link_and_counts_its_rule_as_a_redirect_does()
    {
        var rules = TargetingTable.Compile(
            TargetingKind.BrowserLanguage,
            new TargetingRule("de", "https://example.org/de")
        );
        var plan = new LinkPlan
        {
            LinkId = 1,
            Version = 1,
            Location = Unknown,
            Status = 301,
            ClicksLimit = 5,
            MergesQuery = true,
            Rules = rules,
            Cloak = new(null),
        };

        var decision = plan.Decide(new Visit(0, AcceptLanguage: "de"));

        Assert.Equal(
            new Decision(
                Answer.Cloak,
                ClickKind.Person,
                200,
                "https://example.org/de",
                MergesQuery: true,
                ConsumesClick: true,
                SendsOn: true,
                new(TargetingKind.BrowserLanguage, 0)
            ),
            decision
        );
    }

    [Fact]
    public void Deciding_for_an_app_allocates_nothing()
    {
        var plan = Plan(Known, apps: true, pixels: true);
        var visit = Of("iOS");

        var statuses = 0L;
        var bytes = Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
                statuses += plan.Decide(visit).Status;
        });

        Assert.Equal(0, bytes);
        Assert.Equal(0, statuses % 200);
    }

    private static Visit Of(string? system, InAppBrowser inApp = InAppBrowser.None) =>
        new(0, Agent: new UserAgent(system, null, null, null, DeviceType.Unknown), InApp: inApp);

    private static LinkPlan Plan(
        string location,
        bool apps = false,
        bool cloaked = false,
        bool pixels = false,
        short status = 302
    ) =>
        new()
        {
            LinkId = 1,
            Version = 1,
            Location = location,
            Status = status,
            Apps = apps ? AppTable.Compile(location, null) : null,
            Cloak = cloaked ? new(null) : null,
            Pixels = pixels && Pixel.TryCreate("facebook", "1234", out var pixel) ? [pixel] : [],
        };
}
