using System.Text.Json;
using Signpost.Core.Visitors;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>People, robots and previews of the last years, and visits that were recorded elsewhere.</summary>
public sealed class LabelledAgentTests
{
    private static readonly AgentReader Agents = new(TimeProvider.System);

    [Fact]
    public void The_list_is_long_and_has_all_kinds()
    {
        Assert.True(LabelledAgent.All.Count >= 800);
        Assert.True(LabelledAgent.People.Count() >= 600);
        Assert.True(LabelledAgent.All.Count(one => one.Visitor is VisitorClass.Robot) >= 80);
        Assert.True(LabelledAgent.All.Count(one => one.Visitor is VisitorClass.Preview) >= 30);
        Assert.True(LabelledAgent.People.Count(one => one.Device is "tablet") >= 200);
        Assert.Equal(LabelledAgent.All.Count, LabelledAgent.All.Select(one => one.Agent).Distinct().Count());
    }

    [Fact]
    public void No_person_is_a_robot() =>
        Assert.DoesNotContain(LabelledAgent.People, one => Agents.Classify(one.Agent) is not VisitorClass.Person);

    [Fact]
    public void At_most_one_robot_in_a_hundred_is_a_person_and_previews_are_previews()
    {
        var robots = LabelledAgent.All.Where(one => one.Visitor is not VisitorClass.Person).ToList();
        var wrong = robots.Where(one => Agents.Classify(one.Agent) != one.Visitor).Select(one => one.Agent).ToList();

        Assert.True(wrong.Count <= robots.Count / 100, string.Join('\n', wrong));
    }

    [Fact]
    public void Of_ten_thousand_recorded_visits_at_most_two_in_a_thousand_are_robots()
    {
        using var visits = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Visitors", "user-agents.json"))
        );
        var agents = visits
            .RootElement.EnumerateArray()
            .Select(visit => visit.GetProperty("userAgent").GetString()!)
            .ToList();

        Assert.True(agents.Count >= 10_000);
        var robots = agents.Where(agent => Agents.Classify(agent) is not VisitorClass.Person).ToList();
        Assert.True(robots.Count <= agents.Count * 0.002, string.Join('\n', robots.Distinct()));
    }
}
