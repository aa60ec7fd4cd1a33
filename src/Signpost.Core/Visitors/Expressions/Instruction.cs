namespace Signpost.Core.Visitors.Expressions;

internal enum Operation : byte
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A character of a set.</summary>
    One,

    /// <summary>Several characters of a set: each possible number of them is tried.</summary>
    Run,

    /// <summary>Several alternatives, tried in order.</summary>
    Choose,

    /// <summary>Continues at another instruction.</summary>
    Jump,

    /// <summary>Records the begin or end of a group.</summary>
    Save,

    /// <summary>Continues only at a place of this kind.</summary>
    Edge,

    /// <summary>The end of a match.</summary>
    Found,
}

/// <summary>A step of a <see cref="Matcher"/>.</summary>
internal sealed class Instruction(Operation operation)
{
    private const int FewWays = 4;

    public Operation Operation { get; } = operation;

    /// <summary>The text of <see cref="Operation.Text"/>; for <see cref="Operation.Run"/> the text that must follow, or null.</summary>
    public string? Text { get; set; }

    public CharacterSet Set { get; init; }

    /// <summary>For a run: only the end of a line ends it.</summary>
    public bool TakesAll { get; init; }

    public int Least { get; init; }

    public int Most { get; init; }

    public bool IsLazy { get; init; }

    public EdgeKind Edge { get; init; }

    /// <summary>For a group, the index in the list of a match's places; for others the start of their memory of places.</summary>
    public int Slot { get; set; }

    /// <summary>The next instruction.</summary>
    public int[] Ways { get; private set; } = [];

    // The possible alternatives before a character, for instructions with many: the last entry is for all beyond ASCII and the end.
    private int[][]? _waysBefore;

    /// <summary>Sets the next instruction, and the characters that can come there.</summary>
    public void SetWays(int[] ways, IReadOnlyList<(CharacterSet First, bool IsNullable)>? beginnings = null)
    {
        Ways = ways;
        if (beginnings is null || ways.Length <= FewWays)
            return;

        _waysBefore = new int[129][];
        for (var character = 0; character <= 128; character++)
            _waysBefore[character] =
            [
                .. ways.Where(
                    (_, way) => beginnings[way].IsNullable || beginnings[way].First.Contains((char)character)
                ),
            ];
    }

    /// <summary>The next instruction at a place of a text.</summary>
    public int[] WaysAt(string text, int at) =>
        _waysBefore is null ? Ways : _waysBefore[at < text.Length ? Math.Min(text[at], (char)128) : 128];
}
