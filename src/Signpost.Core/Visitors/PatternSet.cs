using System.Numerics;
using System.Text.RegularExpressions;
using Signpost.Core.Visitors.Agents;

namespace Signpost.Core.Visitors;

/// <summary>Many patterns asked as one question. Only those are run whose texts are there, and made when first run.</summary>
internal sealed class PatternSet
{
    /// <summary>Agents are cut before they come here; this is a second fence around expressions that we did not write.</summary>
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(20);

    private readonly string[] _patterns;
    private readonly Regex?[] _expressions;
    private readonly ExpressionFilter _filter;
    private readonly RegexOptions _options = RegexOptions.CultureInvariant;

    public PatternSet(IEnumerable<string> patterns, StringComparison comparison)
    {
        _patterns = [.. patterns];
        _expressions = new Regex?[_patterns.Length];
        _filter = new(_patterns);
        if (comparison == StringComparison.OrdinalIgnoreCase)
            _options |= RegexOptions.IgnoreCase;
    }

    /// <summary>True when any pattern is found.</summary>
    public bool Matches(ReadOnlySpan<char> agent)
    {
        Span<ulong> candidates = stackalloc ulong[_filter.Words];
        _filter.Find(agent, candidates);

        for (var word = 0; word < candidates.Length; word++)
        for (var bits = candidates[word]; bits != 0; bits &= bits - 1)
            if (IsMatch(word * 64 + BitOperations.TrailingZeroCount(bits), agent))
                return true;

        return false;
    }

    private bool IsMatch(int index, ReadOnlySpan<char> agent)
    {
        var expression = _expressions[index] ??= new(_patterns[index], _options, LongestMatch);
        try
        {
            return expression.IsMatch(agent);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
