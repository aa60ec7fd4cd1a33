using System.Numerics;

namespace Signpost.Core.Links;

/// <summary>Finds the alias that somebody probably meant: the one that is the fewest edits away. Its work is bounded by the number of candidates.</summary>
public sealed class NearAlias
{
    /// <summary>The most letters that may be wrong, missing, too many or in each other's place. In short aliases it is one.</summary>
    public const int MostEdits = 2;

    private const int ShortLength = 4;

    private readonly string[] _keys;
    private readonly ulong[] _letters;

    /// <param name="keys">The candidates, as they are compared. The first of equally near ones is found.</param>
    public NearAlias(IEnumerable<string> keys)
    {
        _keys = [.. keys];
        _letters = [.. _keys.Select(LettersOf)];
    }

    /// <summary>The place of the nearest candidate; -1: none is near, or one is the same text.</summary>
    public int IndexOf(string asked)
    {
        var (most, found) = (asked.Length <= ShortLength ? 1 : MostEdits, -1);
        if (asked.Length > Alias.LongestText || _keys.Contains(asked))
            return found;

        var letters = LettersOf(asked);
        var rows = new int[3 * (asked.Length + MostEdits + 2)];
        for (var i = 0; i < _keys.Length && most > 0; i++)
            // One edit changes the set of letters by two at most.
            if (
                Math.Abs(_keys[i].Length - asked.Length) <= most
                && BitOperations.PopCount(_letters[i] ^ letters) <= 2 * most
                && Distance(asked, _keys[i], most, rows) is var edits
                && edits <= most
            )
                (most, found) = (edits - 1, i);
        return found;
    }

    private static ulong LettersOf(string text)
    {
        var letters = 0ul;
        foreach (var letter in text)
            letters |= 1ul << (letter & 63);
        return letters;
    }

    // Optimal string alignment: edits and swaps of neighbours. It gives up when all ways take more edits than allowed.
    private static int Distance(string left, string right, int most, int[] room)
    {
        var width = right.Length + 1;
        Span<int> before = room.AsSpan(0, width);
        Span<int> last = room.AsSpan(width, width);
        Span<int> row = room.AsSpan(2 * width, width);
        for (var j = 0; j < width; j++)
            last[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j < width; j++)
            {
                var isSame = left[i - 1] == right[j - 1];
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (isSame ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }

            if (least > most)
                return least;
            var oldest = before;
            before = last;
            last = row;
            row = oldest;
        }

        return last[right.Length];
    }
}
