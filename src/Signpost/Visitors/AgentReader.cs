using Microsoft.Extensions.Primitives;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;

namespace Signpost.Visitors;

/// <summary>
/// Says who visits: person or robot for every request, system, browser and device for those who ask. What it goes by is
/// kept up by others (npm, built in), and read when it is first needed.
/// </summary>
internal sealed class AgentReader(TimeProvider clock)
{
    private const int MostTries = 3;

    private readonly Lazy<RobotPatterns> _robots = new(() => new(Lines("robots.txt"), Lines("previews.txt")));
    private readonly Lazy<AgentParser> _parser = new(() => MakeParser(clock));
    private readonly SeenAgents _seen = new();

    /// <summary>Reads all of it now, so that no visitor waits for it.</summary>
    public void Load()
    {
        _ = _robots.Value;
        _ = _parser.Value;
    }

    public VisitorClass Classify(string? userAgent)
    {
        var agent = Bounded(userAgent);
        return agent.IsWhiteSpace() ? VisitorClass.Person : Find(agent).Visitor;
    }

    /// <summary>System, browser and device, by User-Agent and client hints.</summary>
    public UserAgent Read(IHeaderDictionary headers) =>
        Read(
            headers.UserAgent,
            new(
                Single(headers["Sec-CH-UA"]),
                Single(headers["Sec-CH-UA-Mobile"]),
                Single(headers["Sec-CH-UA-Platform"]),
                Single(headers["Sec-CH-UA-Platform-Version"]),
                Single(headers["Sec-CH-UA-Full-Version-List"])
            )
        );

    /// <inheritdoc cref="Read(IHeaderDictionary)"/>
    public UserAgent Read(string? userAgent, in ClientHints hints)
    {
        var agent = Bounded(userAgent);
        if (agent.IsWhiteSpace())
            return hints.Refine(UserAgent.Unknown);

        var seen = Find(agent);
        var told = seen.Told ??= Parse(seen);
        if (told is null)
            return UserAgent.Unknown;

        // A robot is what its name says, whatever else it claims.
        if (hints.SayNothing || seen.Visitor != VisitorClass.Person)
            return told;

        // Whoever sends the same User-Agent mostly sends the same hints too.
        if (seen.Hinted is { } hinted && hinted.Hints == hints)
            return hinted.Told;

        var refined = hints.Refine(told);
        seen.Hinted = new(hints, refined);
        return refined;
    }

    /// <summary>The expressions alone, without what is remembered.</summary>
    internal static AgentParser MakeParser(TimeProvider clock) => new(Lines("agents.txt"), clock);

    // What took too long may have waited for the machine: it is asked again, but not by each request of whoever made it slow.
    private UserAgent? Parse(SeenAgent seen) =>
        _parser.Value.Read(seen.Agent) ?? (++seen.GivenUp < MostTries ? null : UserAgent.Unknown);

    private SeenAgent Find(ReadOnlySpan<char> agent) =>
        _seen.Find(agent) ?? _seen.Remember(agent, _robots.Value.Judge(agent));

    // Nothing that tells a robot or a browser stands beyond this, and long agents are cheap to send.
    private static ReadOnlySpan<char> Bounded(string? agent) =>
        agent.AsSpan()[..Math.Min(agent?.Length ?? 0, AgentParser.LongestAgent)];

    // Hints are kept with the agent, so what is too long to be one must not be.
    private static string? Single(StringValues values) =>
        values.Count == 1 && values[0] is { Length: <= ClientHints.LongestHint } value ? value : null;

    private static IEnumerable<string> Lines(string resource)
    {
        using var stream =
            typeof(AgentReader).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The server was built without {resource}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0)
                yield return line;
    }
}
