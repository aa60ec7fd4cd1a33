namespace Signpost.Core.Visitors;

/// <summary>
/// Tells people from robots by their User-Agent, from two lists that others maintain: isbot says whether it is a robot,
/// crawler-user-agents which robots draw link previews.
/// </summary>
public sealed class RobotPatterns(IEnumerable<string> robots, IEnumerable<string> previews)
{
    private readonly PatternSet _robots = new(robots, ignoresCase: true);
    private readonly PatternSet _previews = new(previews, ignoresCase: false);

    public VisitorClass Judge(ReadOnlySpan<char> agent)
    {
        if (agent.IsWhiteSpace())
            return VisitorClass.Person;

        // The one exception from the lists: who follows a link with curl is a developer trying it out, and wants to see
        // the click counted.
        if (agent.StartsWith("curl/"))
            return VisitorClass.Person;

        var isRobot = _robots.Matches(agent);

        // Apps open links in browsers of their own that carry the app's name ("Mozilla/5.0 … Safari WhatsApp/2.24"), and
        // the app's preview robot has that name too ("WhatsApp/2.24"). In a browser's string the name alone says nothing.
        if (!isRobot && IsBrowserLike(agent))
            return VisitorClass.Person;

        if (_previews.Matches(agent))
            return VisitorClass.Preview;

        return isRobot ? VisitorClass.Robot : VisitorClass.Person;
    }

    private static bool IsBrowserLike(ReadOnlySpan<char> agent) =>
        agent.StartsWith("Mozilla/") || agent.StartsWith("Opera/");
}
