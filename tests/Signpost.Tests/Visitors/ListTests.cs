using System.Text.Json;
using System.Text.RegularExpressions;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>The lists that are built in, matched our way and by .NET's expressions, which have no bound: both say the same.</summary>
public sealed class ListTests
{
    /// <summary>Agents of people and robots.</summary>
    internal static readonly string[] Agents =
    [
        .. LabelledAgent.All.Select(one => one.Agent),
        .. RobotTests.Browsers.Select(row => row.Data),
        .. Crawlers(),
    ];

    // No letter but ASCII's: there \w knows more than the lists mean.
    private static readonly string[] Words =
    [
        "",
        "Bot",
        "spider/1.2",
        " CFNetwork/7 Darwin/15.4.0",
        "MSIE 7.0b;",
        " google/google",
        "cubots",
        " cubots_",
        "libhttp",
        "newssapphire",
        "\u00D7\u2014",
        "; a;",
    ];

    [Theory]
    [InlineData("robots.txt", true)]
    [InlineData("previews.txt", false)]
    public void The_lists_of_robots_say_what_their_expressions_say(string list, bool ignoresCase)
    {
        var options = RegexOptions.CultureInvariant | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        string[] patterns = [.. AgentReader.Lines(list)];
        Regex[] expressions = [.. patterns.Select(pattern => new Regex(pattern, options))];
        var set = new PatternSet(patterns, ignoresCase);

        foreach (var agent in Agents.Concat(MadeUp(2_000)))
            if (expressions.Any(one => one.IsMatch(agent)) != set.Matches(agent))
                Assert.Fail($"{set.Matches(agent)}: {agent}");
    }

    [Fact]
    public void A_class_costs_few_looks_into_small_tables_for_each_character()
    {
        string[] imported = [.. AgentReader.Lines("robots.txt"), .. OwnRobots.Robots];
        var robots = new PatternSet(imported, ignoresCase: true).Size;
        var onPhones = new PatternSet(imported.Except(LeftOut.OnPhones), ignoresCase: true).Size;
        var previews = new PatternSet(AgentReader.Lines("previews.txt"), ignoresCase: false).Size;
        var own = new PatternSet(OwnRobots.Previews, ignoresCase: true).Size;

        // One of the first two is searched.
        Assert.InRange(Math.Max(robots.Count, onPhones.Count) + previews.Count + own.Count, 1, 6);
        Assert.InRange(robots.Bytes + onPhones.Bytes + previews.Bytes + own.Bytes, 1, 2 << 20);
    }

    [Fact]
    public void Browsers_and_systems_are_those_of_the_first_expression_that_matches()
    {
        var parser = AgentReader.MakeParser();
        var lines = AgentReader.Lines("agents.txt").Select(line => line.Split('\t')).ToList();
        var (browsers, systems) = (Expressions(lines, "b"), Expressions(lines, "s"));

        foreach (var agent in Agents.Concat(MadeUp(100)))
        {
            var steps = AgentParser.MostSteps;
            Assert.True(parser.TryFind(agent, out var browser, out var system, ref steps), agent);
            AssertFirst(browsers, agent, browser);
            AssertFirst(systems, agent, system);
        }
    }

    private static List<(Regex Expression, string[] Fields)> Expressions(List<string[]> lines, string kind) =>
        [.. lines.Where(line => line[0] == kind).Select(line => (new Regex(line[1], RegexOptions.ECMAScript), line))];

    private static void AssertFirst(
        List<(Regex Expression, string[] Fields)> expressions,
        string agent,
        AgentFamily? found
    )
    {
        foreach (var (expression, fields) in expressions)
        {
            if (expression.Match(agent) is not { Success: true } match)
                continue;

            string?[] parts = [.. Enumerable.Range(0, 5).Select(part => Part(match, fields, part))];
            var version = parts.Skip(1).TakeWhile(part => part is not null).ToList();
            Assert.Equal(
                new AgentFamily(parts[0] ?? "Other", version.Count > 0 ? string.Join('.', version) : null),
                found
            );
            return;
        }

        Assert.Null(found);
    }

    private static string? Part(Match match, string[] fields, int part)
    {
        var text = fields[part + 2] is { Length: > 0 } replacement
            ? Regex.Replace(replacement, @"\$(\d)", group => match.Groups[group.Groups[1].Value].Value)
            : match.Groups[part + 1].Value;
        return text.Length > 0 ? text : null;
    }

    private static IEnumerable<string> MadeUp(int count)
    {
        var random = new Random(20_260_301);
        for (var i = 0; i < count; i++)
        {
            var (one, two) = (Agents[random.Next(Agents.Length)], Agents[random.Next(Agents.Length)]);
            var agent =
                one[..random.Next(one.Length + 1)]
                + Words[random.Next(Words.Length)]
                + two[random.Next(two.Length + 1)..];
            yield return agent[..Math.Min(agent.Length, AgentParser.LongestAgent)];
        }
    }

    private static IEnumerable<string> Crawlers()
    {
        using var crawlers = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Visitors", "crawler-user-agents.json"))
        );
        foreach (var crawler in crawlers.RootElement.EnumerateArray())
        foreach (var agent in crawler.GetProperty("instances").EnumerateArray())
            if (agent.GetString() is { Length: <= AgentParser.LongestAgent } text)
                yield return text;
    }
}
