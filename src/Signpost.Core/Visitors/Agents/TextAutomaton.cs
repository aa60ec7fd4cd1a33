namespace Signpost.Core.Visitors.Agents;

/// <summary>
/// Finds many texts in another text, in one pass over it (Aho and Corasick), ignoring the case of ASCII. The
/// texts are in lower case and ASCII.
/// </summary>
internal sealed class TextAutomaton
{
    // The state after a character: _next[state * _width + _columns[character]]. Column 0 is for characters that are in no text.
    private readonly int[] _next;
    private readonly byte[] _columns = new byte[128];
    private readonly int[]?[] _found;
    private readonly int _width;

    // The lengths of texts that must begin a word; 0: anywhere.
    private readonly int[] _wordLengths;

    /// <param name="beginsWords">A text that begins with a letter or digit is found only where no letter or digit is before it.</param>
    public TextAutomaton(IReadOnlyList<string> texts, bool beginsWords = false)
    {
        _wordLengths = [.. texts.Select(text => beginsWords && char.IsAsciiLetterOrDigit(text[0]) ? text.Length : 0)];
        var width = 1;
        foreach (var character in texts.SelectMany(text => text).Distinct())
        {
            _columns[character] = (byte)width++;
            if (char.IsAsciiLetterLower(character))
                _columns[character & ~32] = _columns[character];
        }

        _width = width;
        List<int[]> rows = [new int[width]];
        List<List<int>> ends =
        [
            [],
        ];
        for (var index = 0; index < texts.Count; index++)
        {
            var state = 0;
            foreach (var character in texts[index])
            {
                ref var next = ref rows[state][_columns[character]];
                if (next == 0)
                {
                    next = rows.Count;
                    rows.Add(new int[width]);
                    ends.Add([]);
                }

                state = next;
            }

            ends[state].Add(index);
        }

        Complete(rows, ends);
        _next = [.. rows.SelectMany(row => row)];
        _found = [.. ends.Select(end => end.Count > 0 ? end.ToArray() : null)];
    }

    /// <summary>Sets the bit of every text that is in <paramref name="text"/>.</summary>
    public void Find(ReadOnlySpan<char> text, Span<ulong> found)
    {
        var state = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            state = _next[state * _width + (character < 128 ? _columns[character] : 0)];
            if (_found[state] is not { } ends)
                continue;
            foreach (var index in ends)
                if (BeginsWell(text, at - _wordLengths[index], _wordLengths[index]))
                    found[index >> 6] |= 1UL << index;
        }
    }

    private static bool BeginsWell(ReadOnlySpan<char> text, int before, int wordLength) =>
        wordLength == 0 || before < 0 || !char.IsAsciiLetterOrDigit(text[before]);

    // Where a text breaks off, the search continues with the longest end of the read text that begins a text. Breadth first, so that
    // the shorter ones are complete before they are used.
    private static void Complete(List<int[]> rows, List<List<int>> ends)
    {
        var fallback = new int[rows.Count];
        var queue = new Queue<int>(rows[0].Where(state => state != 0));
        while (queue.TryDequeue(out var state))
        {
            var shorter = fallback[state];
            ends[state].AddRange(ends[shorter]);
            for (var column = 0; column < rows[state].Length; column++)
            {
                ref var next = ref rows[state][column];
                if (next == 0)
                {
                    next = rows[shorter][column];
                    continue;
                }

                fallback[next] = rows[shorter][column];
                queue.Enqueue(next);
            }
        }
    }
}
