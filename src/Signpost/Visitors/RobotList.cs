using Signpost.Core.Visitors;

namespace Signpost.Visitors;

/// <summary>
/// Tells people from robots by their User-Agent, from two lists that others maintain (npm, built in): isbot says whether
/// it is a robot, crawler-user-agents which robots draw link previews.
/// </summary>
internal sealed class RobotList
{
    private readonly Lazy<(PatternSet Robots, PatternSet Previews)> _lists = new(Read);
    private readonly SeenAgents _seen = new();

    /// <summary>Reads the lists now, so that no visitor waits for it.</summary>
    public void Load() => _ = _lists.Value;

    public VisitorClass Classify(string? userAgent)
    {
        var agent = userAgent.AsSpan();
        if (agent.IsWhiteSpace())
            return VisitorClass.Person;

        // Nothing that tells a robot stands beyond this, and long agents are cheap to send.
        if (agent.Length > SeenAgents.LongestAgent)
            agent = agent[..SeenAgents.LongestAgent];

        if (_seen.TryFind(agent, out var visitor))
            return visitor;

        visitor = Judge(agent);
        _seen.Remember(agent, visitor);
        return visitor;
    }

    private VisitorClass Judge(ReadOnlySpan<char> agent)
    {
        // The one exception from the lists: who follows a link with curl is a developer trying it out, and wants to see
        // the click counted.
        if (agent.StartsWith("curl/"))
            return VisitorClass.Person;

        var (robots, previews) = _lists.Value;
        var isRobot = robots.Matches(agent);

        // Apps open links in browsers of their own that carry the app's name ("Mozilla/5.0 … Safari WhatsApp/2.24"), and
        // the app's preview robot has that name too ("WhatsApp/2.24"). In a browser's string the name alone says nothing.
        if (!isRobot && IsBrowserLike(agent))
            return VisitorClass.Person;

        if (previews.Matches(agent))
            return VisitorClass.Preview;

        return isRobot ? VisitorClass.Robot : VisitorClass.Person;
    }

    private static bool IsBrowserLike(ReadOnlySpan<char> agent) =>
        agent.StartsWith("Mozilla/") || agent.StartsWith("Opera/");

    private static (PatternSet Robots, PatternSet Previews) Read() =>
        (
            new PatternSet(Lines("robots.txt"), StringComparison.OrdinalIgnoreCase),
            new PatternSet(Lines("previews.txt"), StringComparison.Ordinal)
        );

    private static IEnumerable<string> Lines(string resource)
    {
        using var stream =
            typeof(RobotList).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The server was built without {resource}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0)
                yield return line;
    }
}
