using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>Every row of our own tables is needed: without it, a labelled agent is read wrong.</summary>
public sealed class OwnTableTests
{
    private static readonly AgentParser Imported = AgentReader.MakeParser();

    [Fact]
    public void Every_browser_is_needed()
    {
        Assert.NotEmpty(OwnBrowsers.Table);
        AssertNeeded(
            OwnBrowsers.Table,
            row =>
            {
                var others = new OwnBrowsers(OwnBrowsers.Table.Where(other => other != row));
                return LabelledAgent.People.Any(one =>
                    one.Agent.Contains(row.Text, StringComparison.OrdinalIgnoreCase)
                    && Browser(one.Agent, OwnBrowsers.All) == one.Browser
                    && Browser(one.Agent, others) != one.Browser
                );
            }
        );
    }

    [Fact]
    public void Every_model_is_needed()
    {
        Assert.NotEmpty(OwnDevices.Table);
        AssertNeeded(
            OwnDevices.Table,
            row =>
            {
                var others = new OwnDevices(OwnDevices.Table.Where(other => other != row));
                return LabelledAgent.People.Any(one =>
                    Device(one, OwnDevices.All) == one.Device && Device(one, others) != one.Device
                );
            }
        );
    }

    [Fact]
    public void Every_robot_is_needed()
    {
        var imported = new PatternSet(AgentReader.Lines("robots.txt"), ignoresCase: true);
        AssertNeeded(
            OwnRobots.Robots,
            row => IsFoundOnlyBy(row, OwnRobots.Robots, VisitorClass.Robot, agent => imported.Matches(agent))
        );
    }

    [Fact]
    public void Every_preview_is_needed()
    {
        var imported = new PatternSet(AgentReader.Lines("previews.txt"), ignoresCase: false);
        AssertNeeded(
            OwnRobots.Previews,
            row => IsFoundOnlyBy(row, OwnRobots.Previews, VisitorClass.Preview, agent => imported.Matches(agent))
        );
    }

    [Fact]
    public void Every_part_that_is_left_out_is_needed()
    {
        var (all, onPhones) = Robots();
        AssertNeeded(
            LeftOut.Parts,
            part =>
                LabelledAgent.People.Any(one =>
                {
                    var robots = RobotPatterns.IsPhone(one.Agent) ? onPhones : all;
                    return robots.Matches(Copy(one.Agent, [.. LeftOut.Parts.Where(other => other != part)]))
                        && !robots.Matches(Copy(one.Agent, LeftOut.Parts));
                })
        );
        Assert.Contains(
            LabelledAgent.People,
            one => onPhones.Matches(one.Agent) && !onPhones.Matches(Copy(one.Agent, LeftOut.Parts))
        );
    }

    [Fact]
    public void Every_expression_that_does_not_count_on_phones_is_needed()
    {
        var imported = AgentReader.Lines("robots.txt").ToHashSet();
        AssertNeeded(
            LeftOut.OnPhones,
            row =>
                imported.Contains(row)
                && LabelledAgent.People.Any(one =>
                    RobotPatterns.IsPhone(one.Agent)
                    && new PatternSet([row], ignoresCase: true).Matches(Copy(one.Agent, LeftOut.Parts))
                )
        );
    }

    private static (PatternSet All, PatternSet OnPhones) Robots()
    {
        string[] robots = [.. AgentReader.Lines("robots.txt"), .. OwnRobots.Robots];
        return (new(robots, ignoresCase: true), new(robots.Except(LeftOut.OnPhones), ignoresCase: true));
    }

    private static string Copy(string agent, (string, string)[] parts)
    {
        var copy = new char[agent.Length];
        return new(copy, 0, LeftOut.Copy(agent, copy, parts));
    }

    private static bool IsFoundOnlyBy(string row, string[] table, VisitorClass visitor, Func<string, bool> isImported)
    {
        var own = new PatternSet([row], ignoresCase: true);
        var others = new PatternSet(table.Where(other => other != row), ignoresCase: true);
        return LabelledAgent.All.Any(one =>
            one.Visitor == visitor && own.Matches(one.Agent) && !others.Matches(one.Agent) && !isImported(one.Agent)
        );
    }

    private static string? Browser(string agent, OwnBrowsers own)
    {
        var steps = AgentParser.MostSteps;
        Assert.True(Imported.TryFind(agent, out var browser, out _, ref steps), agent);
        return AgentNames.BrowserOf((own.Find(agent) ?? browser)?.Name);
    }

    private static string? Device(LabelledAgent one, OwnDevices devices) =>
        AgentNames.Device(DeviceRules.Judge(one.Agent, one.System, devices));

    private static void AssertNeeded<T>(T[] table, Func<T, bool> isNeeded)
    {
        Assert.NotEmpty(table);
        Assert.All(table, row => Assert.True(isNeeded(row), $"{row}"));
    }
}
