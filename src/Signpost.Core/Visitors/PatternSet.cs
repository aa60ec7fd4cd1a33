using System.Buffers;
using System.Text.RegularExpressions;

namespace Signpost.Core.Visitors;

/// <summary>
/// Many patterns asked as one question. Most are plain texts and are searched for all at once; what is left over are a few
/// expressions, run only where the text that they cannot do without is there.
/// </summary>
internal sealed class PatternSet
{
    /// <summary>Agents are cut before they come here; this is a second fence around expressions that we did not write.</summary>
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(20);

    private readonly SearchValues<string> _anywhere;
    private readonly string[] _starts;
    private readonly (string? Needle, Regex Expression)[] _expressions;
    private readonly StringComparison _comparison;

    public PatternSet(IEnumerable<string> patterns, StringComparison comparison)
    {
        List<string> anywhere = [];
        List<string> starts = [];
        List<(string?, Regex)> expressions = [];

        foreach (var pattern in patterns)
        {
            if (PatternText.IsLiteral(pattern, out var literal))
                anywhere.Add(literal);
            else if (pattern.StartsWith('^') && PatternText.IsLiteral(pattern.AsSpan(1), out literal))
                starts.Add(literal);
            else
                expressions.Add((PatternText.Needle(pattern), Compile(pattern, comparison)));
        }

        _comparison = comparison;
        _anywhere = SearchValues.Create([.. anywhere], comparison);
        _starts = [.. starts];
        _expressions = [.. expressions];
    }

    /// <summary>True when any pattern is found.</summary>
    public bool Matches(ReadOnlySpan<char> agent) =>
        agent.ContainsAny(_anywhere) || MatchesStart(agent) || MatchesExpression(agent);

    private bool MatchesStart(ReadOnlySpan<char> agent)
    {
        foreach (var start in _starts)
            if (agent.StartsWith(start, _comparison))
                return true;

        return false;
    }

    private bool MatchesExpression(ReadOnlySpan<char> agent)
    {
        foreach (var (needle, expression) in _expressions)
            if ((needle is null || agent.Contains(needle, _comparison)) && IsMatch(expression, agent))
                return true;

        return false;
    }

    private static bool IsMatch(Regex expression, ReadOnlySpan<char> agent)
    {
        try
        {
            return expression.IsMatch(agent);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    // Some patterns look behind, which the engine without backtracking cannot do: hence the time limit.
    private static Regex Compile(string pattern, StringComparison comparison) =>
        new(
            pattern,
            comparison == StringComparison.OrdinalIgnoreCase
                ? RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
                : RegexOptions.CultureInvariant,
            LongestMatch
        );
}
