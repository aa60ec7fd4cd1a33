using System.Numerics;
using Signpost.Core.Visitors.Expressions;

namespace Signpost.Core.Visitors.Agents;

/// <summary>Selects the expressions that can match a text, by the texts that each needs.</summary>
internal sealed class ExpressionFilter
{
    private readonly TextAutomaton _automaton;
    private readonly int[][] _choicesOfText;
    private readonly int[] _ownerOfChoice;
    private readonly byte[] _needed;

    public ExpressionFilter(IReadOnlyList<Expression> patterns)
    {
        Dictionary<string, int> texts = [];
        List<List<int>> choicesOfText = [];
        List<int> owners = [];
        _needed = new byte[patterns.Count];

        for (var index = 0; index < patterns.Count; index++)
        {
            foreach (var choice in RequiredText.Of(patterns[index]).Take(byte.MaxValue))
            {
                foreach (var text in choice)
                {
                    if (texts.TryAdd(text, texts.Count))
                        choicesOfText.Add([]);
                    choicesOfText[texts[text]].Add(owners.Count);
                }

                owners.Add(index);
                _needed[index]++;
            }
        }

        _automaton = new([.. texts.Keys]);
        _choicesOfText = [.. choicesOfText.Select(choices => choices.ToArray())];
        _ownerOfChoice = [.. owners];
    }

    /// <summary>The number of 64-bit words that <see cref="Find"/> fills.</summary>
    public int Words => (_needed.Length + 63) / 64;

    /// <summary>Sets the bit of every expression that may match.</summary>
    public void Find(ReadOnlySpan<char> text, Span<ulong> candidates)
    {
        Span<ulong> found = stackalloc ulong[(_choicesOfText.Length + 63) / 64];
        Span<ulong> met = stackalloc ulong[(_ownerOfChoice.Length + 63) / 64];
        Span<byte> missing = stackalloc byte[_needed.Length];
        found.Clear();
        met.Clear();
        candidates.Clear();
        _needed.CopyTo(missing);
        _automaton.Find(text, found);

        for (var word = 0; word < found.Length; word++)
        {
            for (var bits = found[word]; bits != 0; bits &= bits - 1)
            {
                foreach (var choice in _choicesOfText[word * 64 + BitOperations.TrailingZeroCount(bits)])
                {
                    if ((met[choice >> 6] & (1UL << choice)) != 0)
                        continue;
                    met[choice >> 6] |= 1UL << choice;
                    missing[_ownerOfChoice[choice]]--;
                }
            }
        }

        for (var index = 0; index < missing.Length; index++)
            if (missing[index] == 0)
                candidates[index >> 6] |= 1UL << index;
    }
}
