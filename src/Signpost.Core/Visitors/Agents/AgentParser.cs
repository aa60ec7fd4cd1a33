using System.Numerics;
using System.Text.RegularExpressions;

namespace Signpost.Core.Visitors.Agents;

/// <summary>
/// Reads a User-Agent as uap-core says: of its expressions for browsers, and of those for systems, the first that matches
/// in the order of the file. Only those are tried whose texts the agent holds; each is made ready when it is first needed.
/// </summary>
public sealed class AgentParser
{
    /// <summary>Nothing that tells a browser stands beyond this, and long agents are cheap to send.</summary>
    public const int LongestAgent = 1024;

    private const int LongestName = 64;
    private const int LongestVersion = 32;
    private static readonly TimeSpan LongestReading = TimeSpan.FromMilliseconds(100);

    private readonly AgentExpression[] _expressions;
    private readonly ExpressionFilter _filter;
    private readonly int _browsers;
    private readonly TimeProvider _clock;

    /// <param name="lines">An expression a line, between tabs: b (browser) or s (system), the expression, and what to say
    /// instead of its groups: family and up to four parts of a version. The browsers come first.</param>
    /// <param name="clock">What the time for one agent is taken by.</param>
    public AgentParser(IEnumerable<string> lines, TimeProvider clock)
    {
        string[][] fields = [.. lines.Select(line => line.Split('\t'))];
        _expressions = Array.ConvertAll(fields, one => new AgentExpression(one[1], [.. one[2..7].Select(Replacement)]));
        _filter = new([.. fields.Select(one => one[1])]);
        _browsers = fields.Count(one => one[0] == "b");
        _clock = clock;
    }

    /// <summary>The agent in our own words; null when it took too long to find them.</summary>
    public UserAgent? Read(string agent)
    {
        agent = Cut(agent, LongestAgent);
        if (!TryFind(agent, out var browser, out var system))
            return null;

        var systemName = AgentNames.SystemOf(system?.Name);
        return new(
            Name(systemName),
            Cut(system?.Version, LongestVersion),
            Name(AgentNames.BrowserOf(browser?.Name)),
            Cut(browser?.Version, LongestVersion),
            DeviceRules.Judge(agent, systemName)
        );
    }

    /// <summary>
    /// The families as uap-core names them, null where no expression matches. False when it took too long, which no agent is
    /// known to.
    /// </summary>
    public bool TryFind(string agent, out AgentFamily? browser, out AgentFamily? system)
    {
        agent = Cut(agent, LongestAgent);
        Span<ulong> candidates = stackalloc ulong[_filter.Words];
        _filter.Find(agent, candidates);
        return TryFindAmong(agent, candidates, out browser, out system);
    }

    /// <summary>As <see cref="TryFind"/>, trying every expression: what the other must agree with.</summary>
    internal bool TryFindTryingAll(string agent, out AgentFamily? browser, out AgentFamily? system)
    {
        Span<ulong> candidates = stackalloc ulong[_filter.Words];
        candidates.Fill(ulong.MaxValue);
        return TryFindAmong(Cut(agent, LongestAgent), candidates, out browser, out system);
    }

    private bool TryFindAmong(
        string agent,
        ReadOnlySpan<ulong> candidates,
        out AgentFamily? browser,
        out AgentFamily? system
    )
    {
        browser = system = null;
        var start = _clock.GetTimestamp();
        try
        {
            return TryFindFirst(agent, candidates, 0, _browsers, start, out browser)
                && TryFindFirst(agent, candidates, _browsers, _expressions.Length, start, out system);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private bool TryFindFirst(
        string agent,
        ReadOnlySpan<ulong> candidates,
        int from,
        int to,
        long start,
        out AgentFamily? first
    )
    {
        first = null;
        for (var index = NextBit(candidates, from); index < to; index = NextBit(candidates, index + 1))
        {
            if (_clock.GetElapsedTime(start) > LongestReading)
                return false;
            if ((first = _expressions[index].Match(agent)) is not null)
                return true;
        }

        return true;
    }

    private static int NextBit(ReadOnlySpan<ulong> bits, int from)
    {
        for (; from >> 6 < bits.Length; from = (from | 63) + 1)
            if (bits[from >> 6] >> from is not 0 and var rest)
                return from + BitOperations.TrailingZeroCount(rest);

        return int.MaxValue;
    }

    // Some expressions take their name from the agent, blanks and all.
    private static string? Name(string? name) =>
        name?.Trim() is { Length: > 0 } trimmed ? Cut(trimmed, LongestName) : null;

    private static string? Replacement(string field) => field.Length > 0 ? field : null;

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text, int longest)
    {
        if (text is null || text.Length <= longest)
            return text;
        // Not through the middle of a character.
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }
}
