using Microsoft.Extensions.Primitives;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>
/// Classifies visitors: person or robot for every request; system, browser and device on demand. Others maintain the lists
/// behind it (from npm, built in).
/// </summary>
internal sealed class AgentReader(TimeProvider clock) : IDisposable
{
    /// <summary>The number of agents that may wait to be read; more are unknown.</summary>
    public const int MostWaiting = 64;

    // They are built in, so they are the same for all servers of a process.
    private static readonly Lazy<RobotPatterns> Robots = new(() => new(Lines("robots.txt"), Lines("previews.txt")));
    private static readonly Lazy<AgentParser> Parser = new(MakeParser);

    // Reading blocks neither a socket's thread nor the pool. An agent takes two milliseconds at worst, and a request waits
    // for five: more agents would wait in vain.
    private readonly Lazy<BackgroundThreads> _thread = new(() =>
        new("agents", ThreadShare.Ordinary, threads: 1, MostWaiting)
    );
    private readonly SeenAgents _seen = new();
    private readonly SeenAgent _blank = new(0, "", VisitorClass.Robot) { Told = UserAgent.Unknown };
    private long _unread;

    /// <summary>The time that a request waits for system, browser and device of a new agent.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The number of agents that stayed unknown because finding them would have taken too long.</summary>
    public long Unread => Interlocked.Read(ref _unread);

    /// <summary>The number of agents that wait to be read.</summary>
    public int Waiting => _thread.IsValueCreated ? _thread.Value.Waiting : 0;

    /// <summary>Reads the lists now, so that no visitor waits for it.</summary>
    public void Load()
    {
        _ = Robots.Value;
        _ = Parser.Value;
        _ = _thread.Value;
    }

    /// <summary>All that is known of an agent. A new one is classified at once: that takes microseconds.</summary>
    public SeenAgent Meet(string? userAgent)
    {
        var agent = Bounded(userAgent);
        return agent.IsWhiteSpace() ? _blank : _seen.Find(agent) ?? _seen.Remember(agent, Robots.Value.Judge(agent));
    }

    /// <summary>The kind of the visitor, by agent and client hints.</summary>
    public static VisitorClass ClassOf(SeenAgent seen, IHeaderDictionary headers) =>
        seen.Visitor is VisitorClass.Person && ClientHints.AreHeadless(Single(headers["Sec-CH-UA"]))
            ? VisitorClass.Robot
            : seen.Visitor;

    /// <summary>System, browser and device by agent and client hints, as far as they are known already.</summary>
    public static UserAgent Tell(SeenAgent seen, IHeaderDictionary headers) =>
        Tell(
            seen,
            new ClientHints(
                Single(headers["Sec-CH-UA"]),
                Single(headers["Sec-CH-UA-Mobile"]),
                Single(headers["Sec-CH-UA-Platform"]),
                Single(headers["Sec-CH-UA-Platform-Version"]),
                Single(headers["Sec-CH-UA-Full-Version-List"]),
                Single(headers["Sec-CH-UA-Model"])
            )
        );

    /// <summary>Finds an agent's system, browser and device on the thread for that.</summary>
    /// <param name="patience">After this time they stay unknown for this caller; the thread continues for later callers.</param>
    public async Task LearnAsync(SeenAgent seen, TimeSpan patience)
    {
        if (seen.Told is null)
            seen.Learning ??= _thread.Value.TryRun(() => Learn(seen));
        if (seen.Learning is { } learning)
            await learning.WaitAsync(patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (seen.Told is null)
            Interlocked.Increment(ref _unread);
    }

    /// <summary>Finds system, browser and device on the caller's thread, if they are not known already.</summary>
    /// <param name="allowance">The steps that the caller may use (<see cref="AgentParser"/>); on return, the rest of them.</param>
    /// <returns>Null: no steps are left, and the agent is new.</returns>
    public UserAgent? Read(string? userAgent, in ClientHints hints, ref long allowance)
    {
        var seen = Meet(userAgent);
        if (seen.Told is null && allowance <= 0)
        {
            Interlocked.Increment(ref _unread);
            return null;
        }

        if (seen.Told is null)
            allowance -= Learn(seen);
        return Tell(seen, hints);
    }

    public void Dispose()
    {
        if (_thread.IsValueCreated)
            _thread.Value.Dispose();
    }

    /// <summary>Uses the expressions alone, without remembered results.</summary>
    internal static AgentParser MakeParser() => new(Lines("agents.txt"));

    /// <summary>Runs other work on the thread first.</summary>
    internal Task<bool>? TryOccupy(Func<bool> work) => _thread.Value.TryRun(work);

    private static UserAgent Tell(SeenAgent seen, in ClientHints hints)
    {
        var told = seen.Told ?? UserAgent.Unknown;

        // A robot keeps its name, whatever else it sends.
        if (hints.SayNothing || seen.Visitor != VisitorClass.Person)
            return told;

        // Browsers that send the same User-Agent mostly send the same hints too.
        if (seen.Hinted is { } hinted && hinted.Hints == hints && hinted.Of == told)
            return hinted.Told;

        var refined = hints.Refine(told);
        seen.Hinted = new(hints, told, refined);
        return refined;
    }

    // An agent that takes too many steps is remembered as unknown, so that it costs nothing the next time.
    private int Learn(SeenAgent seen)
    {
        var steps = AgentParser.MostSteps;
        var told = Parser.Value.Read(seen.Agent, ref steps);
        if (told is null)
            Interlocked.Increment(ref _unread);
        seen.Told = told ?? UserAgent.Unknown;
        return AgentParser.MostSteps - steps;
    }

    // The names of robots and browsers stand before this length, and long agents are cheap to send.
    private static ReadOnlySpan<char> Bounded(string? agent) =>
        agent.AsSpan()[..Math.Min(agent?.Length ?? 0, AgentParser.LongestAgent)];

    // Hints are kept with the agent, so their length is limited.
    private static string? Single(StringValues values) =>
        values.Count == 1 && values[0] is { Length: <= ClientHints.LongestHint } value ? value : null;

    internal static IEnumerable<string> Lines(string resource)
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
