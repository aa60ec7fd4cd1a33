namespace Signpost.Core.Visitors;

/// <summary>
/// Recognises robots by their User-Agent, with two lists that others maintain: isbot lists robots,
/// crawler-user-agents those of them that draw link previews.
/// </summary>
public sealed class RobotPatterns(IEnumerable<string> robots, IEnumerable<string> previews)
{
    private readonly PatternSet _robots = new(robots, ignoresCase: true);
    private readonly PatternSet _previews = new(previews, ignoresCase: false);

    public VisitorClass Judge(ReadOnlySpan<char> agent)
    {
        if (agent.IsWhiteSpace())
            return VisitorClass.Person;

        // The one exception from the lists: a person who follows a link with curl is a developer who tries it out and expects
        // the click to be counted.
        if (agent.StartsWith("curl/"))
            return VisitorClass.Person;

        var isRobot = _robots.Matches(agent);

        // Apps open links in browsers of their own that add the app's name ("Mozilla/5.0 … Safari WhatsApp/2.24"), and
        // the app's preview robot has that name too ("WhatsApp/2.24"). In a browser's string the name alone means nothing.
        if (!isRobot && IsBrowserLike(agent))
            return VisitorClass.Person;

        if (_previews.Matches(agent))
            return VisitorClass.Preview;

        return isRobot ? VisitorClass.Robot : VisitorClass.Person;
    }

    private static bool IsBrowserLike(ReadOnlySpan<char> agent) =>
        agent.StartsWith("Mozilla/") || agent.StartsWith("Opera/");
}
