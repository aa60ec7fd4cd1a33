namespace Signpost.Core.Visitors.Expressions;

/// <summary>
/// Tells whether a text matches any of many expressions: one look-up in a table for each character.
/// </summary>
internal sealed class Automaton(Columns columns, int[] table)
{
    /// <summary>In the table this replaces a state: a match is found.</summary>
    public const int Accepted = -1;

    // The state after a character is at state + column; a state is the place of its row. The last column is the text's end.
    private readonly int[] _table = table;
    private readonly byte[] _columnOf = columns.OfCharacter;
    private readonly byte _others = columns.Others;
    private readonly int _end = columns.Count;

    /// <summary>The number of bytes of its table.</summary>
    public int Bytes => _table.Length * sizeof(int);

    public bool Matches(ReadOnlySpan<char> text)
    {
        var (table, columnOf) = (_table, _columnOf);
        var state = 0;
        foreach (var character in text)
        {
            state = table[state + (character < 128 ? columnOf[character] : _others)];
            if (state == Accepted)
                return true;
        }

        return table[state + _end] == Accepted;
    }
}

/// <summary>Characters that all expressions treat alike share a column.</summary>
internal sealed class Columns
{
    private readonly List<bool> _isWord = [];

    public Columns(IEnumerable<CharacterSet> sets)
    {
        CharacterSet[] distinct = [CharacterSet.Word, .. sets.Distinct()];
        Dictionary<string, byte> numbers = [];
        for (var character = 0; character <= 128; character++)
        {
            var signature = string.Concat(distinct.Select(set => set.Contains((char)character) ? '1' : '0'));
            if (numbers.TryAdd(signature, (byte)numbers.Count))
                _isWord.Add(signature[0] == '1');
            if (character < 128)
                OfCharacter[character] = numbers[signature];
            else
                Others = numbers[signature];
        }
    }

    public byte[] OfCharacter { get; } = new byte[128];

    /// <summary>The column of all characters beyond ASCII.</summary>
    public byte Others { get; }

    public int Count => _isWord.Count;

    /// <summary>Whether the column's characters belong to words.</summary>
    public bool IsWord(int column) => _isWord[column];

    /// <summary>The columns of a set's characters.</summary>
    public int[] Of(CharacterSet set)
    {
        var columns = set.Characters.Select(character => (int)OfCharacter[character]);
        return [.. (set.Others ? columns.Append(Others) : columns).Distinct()];
    }
}
