using System.Numerics;
using Signpost.Core.Visitors.Expressions;

namespace Signpost.Core.Visitors.Agents;

/// <summary>
/// Reads a User-Agent like uap-core: the first expression for browsers that matches counts, in the order of the file, and
/// the first for systems. Only expressions whose texts are in the agent are tried, and only with so many steps.
/// </summary>
public sealed class AgentParser
{
    /// <summary>The names of browsers stand before this length, and long agents are cheap to send.</summary>
    public const int LongestAgent = 1024;

    /// <summary>
    /// The steps for one agent, less than a millisecond of work. The known agents of people and robots need less than a
    /// seventh of them.
    /// </summary>
    public const int MostSteps = 100_000;

    private const int LongestName = 64;
    private const int LongestVersion = 32;

    private readonly AgentExpression[] _expressions;
    private readonly ExpressionFilter _filter;
    private readonly int _browsers;

    /// <param name="lines">An expression a line, between tabs: b (browser) or s (system), the expression, and texts that
    /// replace its groups: family and up to four parts of a version. The browsers come first.</param>
    /// <exception cref="NotSupportedException">An expression is not understood.</exception>
    public AgentParser(IEnumerable<string> lines)
    {
        string[][] fields = [.. lines.Select(line => line.Split('\t'))];
        Expression[] expressions = [.. fields.Select(one => ExpressionReader.Read(one[1]))];
        _expressions =
        [
            .. fields.Zip(
                expressions,
                (one, expression) => new AgentExpression(expression, [.. one[2..7].Select(Replacement)])
            ),
        ];
        _filter = new(expressions);
        _browsers = fields.Count(one => one[0] == "b");
    }

    /// <summary>The agent with our names; null if the steps were not enough.</summary>
    /// <param name="steps">The steps that may be made; on return, the rest.</param>
    public UserAgent? Read(string agent, ref int steps)
    {
        agent = Cut(agent, LongestAgent);
        if (!TryFind(agent, out var browser, out var system, ref steps))
            return null;

        browser = OwnBrowsers.All.Find(agent) ?? browser;
        var systemName = AgentNames.SystemOf(system?.Name);
        var device = DeviceRules.Judge(agent, systemName);
        // The version is that of the disguise.
        if (DeviceRules.IsDisguisedTablet(agent, systemName))
            system = new(systemName = "iOS", null);
        return new(
            Name(systemName),
            Cut(system?.Version, LongestVersion),
            Name(AgentNames.BrowserOf(browser?.Name)),
            Cut(browser?.Version, LongestVersion),
            device
        );
    }

    /// <summary>
    /// The families with uap-core's names, null if no expression matches. False if the steps were not enough.
    /// </summary>
    /// <param name="steps">The steps that may be made; on return, the rest.</param>
    public bool TryFind(string agent, out AgentFamily? browser, out AgentFamily? system, ref int steps)
    {
        agent = Cut(agent, LongestAgent);
        Span<ulong> candidates = stackalloc ulong[_filter.Words];
        _filter.Find(agent, candidates);
        return TryFindAmong(agent, candidates, out browser, out system, ref steps);
    }

    private bool TryFindAmong(
        string agent,
        ReadOnlySpan<ulong> candidates,
        out AgentFamily? browser,
        out AgentFamily? system,
        ref int steps
    )
    {
        browser = FindFirst(agent, candidates, 0, _browsers, ref steps);
        system = steps < 0 ? null : FindFirst(agent, candidates, _browsers, _expressions.Length, ref steps);
        return steps >= 0;
    }

    private AgentFamily? FindFirst(string agent, ReadOnlySpan<ulong> candidates, int from, int to, ref int steps)
    {
        for (var index = NextBit(candidates, from); index < to && steps >= 0; index = NextBit(candidates, index + 1))
            if (_expressions[index].Match(agent, ref steps) is { } first)
                return first;

        return null;
    }

    private static int NextBit(ReadOnlySpan<ulong> bits, int from)
    {
        for (; from >> 6 < bits.Length; from = (from | 63) + 1)
            if (bits[from >> 6] >> from is not 0 and var rest)
                return from + BitOperations.TrailingZeroCount(rest);

        return int.MaxValue;
    }

    // Some expressions take their name from the agent, with its blanks.
    private static string? Name(string? name) =>
        name?.Trim() is { Length: > 0 } trimmed ? Cut(trimmed, LongestName) : null;

    private static string? Replacement(string field) => field.Length > 0 ? field : null;

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text, int longest)
    {
        if (text is null || text.Length <= longest)
            return text;
        // Cuts between characters.
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }
}
