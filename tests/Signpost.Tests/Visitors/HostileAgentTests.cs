using Microsoft.Extensions.DependencyInjection;
using Signpost.Clicks.Classifying;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Journal;
using Signpost.Testing;
using Signpost.Tests.Clicks;
using Signpost.Tests.Explain;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>Agents that are sent to keep the server busy.</summary>
public sealed class HostileAgentTests(TrustingServer trusting) : IClassFixture<TrustingServer>
{
    private const string Android =
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36";

    // Looking over characters costs steps that are taken off afterwards.
    private const int Overdraft = 2 * AgentParser.LongestAgent / 16;

    private readonly TestServer _server = trusting.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void However_agents_evolve_none_takes_more_than_its_steps()
    {
        var parser = AgentReader.MakeParser();
        var (agent, cost) = HostileAgents.Evolve(
            1_500,
            agent =>
            {
                var steps = int.MaxValue;
                parser.TryFind(agent, out _, out _, ref steps);
                return int.MaxValue - steps;
            }
        );
        TestContext.Current.TestOutputHelper!.WriteLine($"{cost} steps without a bound: {agent}");

        // Less would mean that it searches badly, more that the work grows faster than with the length.
        Assert.InRange(cost, AgentParser.MostSteps, 10 * AgentParser.MostSteps);
        foreach (var hostile in new[] { agent, HostileAgents.Known(1), HostileAgents.Worst(1) })
        {
            var steps = AgentParser.MostSteps;
            var isRead = parser.TryFind(hostile, out _, out _, ref steps);
            Assert.Equal(steps >= 0, isRead);
            Assert.InRange(steps, -Overdraft, AgentParser.MostSteps);
        }
    }

    [Fact]
    public void Nobody_s_agent_takes_a_seventh_of_the_steps()
    {
        var parser = AgentReader.MakeParser();
        foreach (var agent in ListTests.Agents)
        {
            var steps = AgentParser.MostSteps / 7;
            Assert.True(parser.TryFind(agent, out _, out _, ref steps), agent);
        }
    }

    [Fact]
    public async Task An_agent_that_was_never_seen_goes_where_the_rule_says()
    {
        var link = await LinkForAndroidAsync();
        for (var i = 0; i < 20; i++)
            Assert.Equal("https://example.org/match", await LocationAsync(link, $"{Android} Unseen/{i}"));
    }

    [Fact]
    public async Task An_agent_that_takes_too_many_steps_gets_the_link_s_own_address_and_is_remembered()
    {
        await using var server = await TestServer.StartAsync();
        var agents = server.Services.GetRequiredService<AgentReader>();
        var link = await LinkForAndroidAsync(server);
        var agent = HostileAgents.Worst(2);

        Assert.Equal("https://example.org/", await LocationAsync(link, agent, server));
        Assert.Same(UserAgent.Unknown, agents.Meet(agent).Told);
        Assert.True(agents.LearnAsync(agents.Meet(agent), TimeSpan.FromMinutes(1)).IsCompletedSuccessfully);
        Assert.Equal("https://example.org/", await LocationAsync(link, agent, server));
        // It says that it is a robot.
        Assert.Equal([ClickKind.Robot, ClickKind.Robot], (await server.RowsAsync(link)).Select(row => row.Kind));
    }

    [Fact]
    public async Task While_others_are_read_a_request_waits_five_milliseconds_and_then_the_agent_is_unknown()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null);
        var agents = server.Services.GetRequiredService<AgentReader>();
        agents.Patience = TimeSpan.FromMilliseconds(5);
        var link = await LinkForAndroidAsync(server);
        // The clock stands, so it is read first.
        Assert.Equal("https://example.org/match", await LocationAsync(link, Android, server));
        using var over = new ManualResetEventSlim();
        var occupied = agents.TryOccupy(() => over.Wait(Patience.Longest));
        try
        {
            var request = LocationAsync(link, $"{Android} Waiting", server);
            await Patience.UntilAsync(
                () => Task.FromResult(agents.Meet($"{Android} Waiting").Learning is not null),
                "The request"
            );
            // The first timer of five milliseconds may not be there yet.
            await clock.UntilAsync(() => request.IsCompleted, TimeSpan.FromMilliseconds(5), "The answer");

            Assert.Equal("https://example.org/", await request);
            // A known agent waits for nothing.
            Assert.Equal("https://example.org/match", await LocationAsync(link, Android, server));
        }
        finally
        {
            over.Set();
        }

        await occupied!.OrFail("The end of other work");
        await agents.Meet($"{Android} Waiting").Learning!.OrFail("Reading the agent");
        Assert.Equal("https://example.org/match", await LocationAsync(link, $"{Android} Waiting", server));
        Assert.Equal(4, await server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task When_too_many_agents_wait_the_next_is_unknown_at_once_and_counted()
    {
        using var agents = new AgentReader(new ManualClock());
        using var over = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var occupied = agents.TryOccupy(() =>
        {
            begun.Set();
            return over.Wait(Patience.Longest);
        });
        Assert.True(begun.Wait(Patience.Longest, Cancel));

        List<Task> waiting = [];
        for (var i = 0; i < AgentReader.MostWaiting; i++)
            waiting.Add(agents.LearnAsync(agents.Meet($"{Android} {i}"), TimeSpan.FromMilliseconds(5)));
        Assert.DoesNotContain(waiting, task => task.IsCompleted);

        var late = agents.Meet($"{Android} late");
        var learnt = agents.LearnAsync(late, TimeSpan.FromMilliseconds(5));
        Assert.True(learnt.IsCompletedSuccessfully);
        Assert.Null(late.Told);
        Assert.Equal(1, agents.Unread);

        over.Set();
        await occupied!.OrFail("The end of other work");
        await Task.WhenAll(waiting).OrFail("Reading all agents");
        await agents.LearnAsync(late, TimeSpan.FromMilliseconds(5));
        Assert.Equal("Android", late.Told!.SystemName);
        Assert.Equal(1, agents.Unread);
    }

    [Fact]
    public async Task Clicks_of_six_hundred_hostile_agents_are_stored_with_bounded_work()
    {
        const int Count = 600;
        await using var server = await TestServer.StartAsync();
        var link = await server.CreateLinkAsync();
        for (var i = 0; i < Count; i++)
            await LocationAsync(link, Hostile(i), server);

        var rows = await server.RowsAsync(link);

        Assert.Equal(Count, rows.Count);
        Assert.All(rows, row => Assert.Same(ClickAgent.Unknown, row.Agent));
        var journal = server.Services.GetRequiredService<ClickJournal>();
        await Patience.UntilAsync(() => Task.FromResult(journal.State.BytesPending == 0), "Storing the clicks");

        // Two classifiers were at work, the server's and the test's. Each could pay for so many agents.
        const long Steps = ClickClassifier.MostSteps + Count * (long)ClickClassifier.StepsPerClick;
        var agents = server.Services.GetRequiredService<AgentReader>();
        var read = Enumerable.Range(0, Count).Count(i => agents.Meet(Hostile(i)).Told is not null);
        Assert.InRange(read, 1, 2 * (Steps / AgentParser.MostSteps + 1));
        Assert.True(agents.Unread >= Count);

        // A click has no room for longer ones.
        static string Hostile(int number) => HostileAgents.Worst(number, length: 900);
    }

    private Task<MadeLink> LinkForAndroidAsync(TestServer? server = null) =>
        (server ?? _server).CreateLinkAsync(
            ("targeting_type", "os_name"),
            ("targeting_os_name_key[0]", "Android"),
            ("targeting_os_name_value[0]", "https://example.org/match")
        );

    private async Task<string?> LocationAsync(MadeLink link, string agent, TestServer? server = null)
    {
        using var response = await (server ?? _server).FollowAsync(link.Alias, headers: [("User-Agent", agent)]);
        return response.Headers.Location?.OriginalString;
    }
}
