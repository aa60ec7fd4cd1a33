using Signpost.Core.Visitors.Agents;

namespace Signpost.Core.Visitors;

/// <summary>
/// Recognises robots by their User-Agent, with two lists that others maintain: isbot lists robots,
/// crawler-user-agents those of them that draw link previews. <see cref="OwnRobots"/> adds to them.
/// </summary>
public sealed class RobotPatterns
{
    private readonly PatternSet _robots;
    private readonly PatternSet _robotsOnPhones;
    private readonly PatternSet _previews;
    private readonly PatternSet _ownPreviews;

    /// <exception cref="NotSupportedException">A pattern is not understood.</exception>
    public RobotPatterns(IEnumerable<string> robots, IEnumerable<string> previews)
    {
        string[] all = [.. robots, .. OwnRobots.Robots];
        _robots = new(all, ignoresCase: true);
        _robotsOnPhones = new(all.Except(LeftOut.OnPhones), ignoresCase: true);
        _previews = new(previews, ignoresCase: false);
        _ownPreviews = new(OwnRobots.Previews, ignoresCase: true);
    }

    /// <summary>The kind of the visitor. A request without an agent is a robot's: every browser sends one.</summary>
    /// <param name="agent">Its first <see cref="AgentParser.LongestAgent"/> characters count.</param>
    public VisitorClass Judge(ReadOnlySpan<char> agent)
    {
        agent = agent[..Math.Min(agent.Length, AgentParser.LongestAgent)];
        if (agent.IsWhiteSpace())
            return VisitorClass.Robot;
        if (_ownPreviews.Matches(agent))
            return VisitorClass.Preview;

        Span<char> copy = stackalloc char[AgentParser.LongestAgent];
        var searched = copy[..LeftOut.Copy(agent, copy)];
        var isRobot = (IsPhone(agent) ? _robotsOnPhones : _robots).Matches(searched);

        // Apps open links in browsers of their own that add the app's name ("Mozilla/5.0 … Safari WhatsApp/2.24"), and
        // the app's preview robot has that name too ("WhatsApp/2.24"). In a browser's string the name alone means nothing.
        if (!isRobot && IsBrowserLike(agent))
            return VisitorClass.Person;

        if (_previews.Matches(searched))
            return VisitorClass.Preview;

        return isRobot ? VisitorClass.Robot : VisitorClass.Person;
    }

    private static bool IsBrowserLike(ReadOnlySpan<char> agent) =>
        agent.StartsWith("Mozilla/") || agent.StartsWith("Opera/");

    /// <summary>Whether the agent is that of a browser on a phone or tablet.</summary>
    internal static bool IsPhone(ReadOnlySpan<char> agent) =>
        agent.StartsWith("Mozilla/5.0 (")
        && agent.Contains("AppleWebKit/", StringComparison.Ordinal)
        && (
            agent.Contains("; Android ", StringComparison.Ordinal)
            || agent.Contains("(iPhone; ", StringComparison.Ordinal)
            || agent.Contains("(iPad; ", StringComparison.Ordinal)
        );
}
