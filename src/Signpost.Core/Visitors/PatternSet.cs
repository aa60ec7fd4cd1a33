using Signpost.Core.Visitors.Expressions;

namespace Signpost.Core.Visitors;

/// <summary>
/// Searches for many patterns at once, in time that grows with the length of the text only: loading makes a few
/// automata of them.
/// </summary>
internal sealed class PatternSet
{
    private readonly Automaton[] _automata;

    /// <exception cref="NotSupportedException">A pattern is not understood.</exception>
    public PatternSet(IEnumerable<string> patterns, bool ignoresCase)
    {
        var expressions = patterns.Select(pattern => ExpressionReader.Read(pattern, ignoresCase)).ToLookup(GroupOf);
        _automata =
        [
            .. expressions.OrderBy(group => group.Key).Select(group => AutomatonBuilder.Build(group, ignoresCase)),
        ];
    }

    /// <summary>The number of tables, and their bytes.</summary>
    public (int Count, int Bytes) Size => (_automata.Length, _automata.Sum(automaton => automaton.Bytes));

    /// <summary>True if any pattern is found.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        foreach (var automaton in _automata)
            if (automaton.Matches(text))
                return true;

        return false;
    }

    // A pattern that counts far would multiply the states of all others; texts and other patterns would multiply each other.
    private static int GroupOf(Expression expression) =>
        Counts(expression) ? 2
        : RequiredText.AllOf(expression) is null ? 1
        : 0;

    private static bool Counts(Expression expression) =>
        expression switch
        {
            Repeat repeat => repeat.Least > 10 || Counts(repeat.Inner),
            Sequence sequence => sequence.Parts.Any(Counts),
            Either either => either.Branches.Any(Counts),
            Capture capture => Counts(capture.Inner),
            _ => false,
        };
}
