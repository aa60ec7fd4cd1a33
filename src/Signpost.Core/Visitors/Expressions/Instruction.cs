namespace Signpost.Core.Visitors.Expressions;

internal enum Operation : byte
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A character of a set.</summary>
    One,

    /// <summary>Several characters of a set: all numbers of them are tried.</summary>
    Run,

    /// <summary>Several ways to go on, tried in order.</summary>
    Choose,

    /// <summary>Goes on elsewhere.</summary>
    Jump,

    /// <summary>Notes where a group begins or ends.</summary>
    Save,

    /// <summary>Goes on at such a place only.</summary>
    Edge,

    /// <summary>The end of a match.</summary>
    Found,
}

/// <summary>A step of a <see cref="Matcher"/>.</summary>
internal sealed class Instruction(Operation operation)
{
    private const int FewWays = 4;

    public Operation Operation { get; } = operation;

    /// <summary>Of <see cref="Operation.Text"/>; of <see cref="Operation.Run"/> the text that must follow it, or null.</summary>
    public string? Text { get; set; }

    public CharacterSet Set { get; init; }

    /// <summary>Of a run: only the end of a line ends it.</summary>
    public bool TakesAll { get; init; }

    public int Least { get; init; }

    public int Most { get; init; }

    public bool IsLazy { get; init; }

    public EdgeKind Edge { get; init; }

    /// <summary>Where in the list of a match's places to note it; for others where the memory of places begins.</summary>
    public int Slot { get; set; }

    /// <summary>Where to go on.</summary>
    public int[] Ways { get; private set; } = [];

    // The ways that are open before a character, for those that have many: the last is for all beyond ASCII and the end.
    private int[][]? _waysBefore;

    /// <summary>Sets where to go on, and which characters can come there.</summary>
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

    /// <summary>Where to go on at a place of a text.</summary>
    public int[] WaysAt(string text, int at) =>
        _waysBefore is null ? Ways : _waysBefore[at < text.Length ? Math.Min(text[at], (char)128) : 128];
}
