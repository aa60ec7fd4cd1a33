namespace Signpost.Core.Visitors.Expressions;

/// <summary>A set of characters: any of ASCII, and all or none of those beyond ASCII.</summary>
/// <param name="Low">Characters 0 to 63.</param>
/// <param name="High">Characters 64 to 127.</param>
/// <param name="Others">All characters beyond ASCII.</param>
internal readonly record struct CharacterSet(ulong Low, ulong High, bool Others)
{
    public static readonly CharacterSet All = new(ulong.MaxValue, ulong.MaxValue, true);
    public static readonly CharacterSet Digits = Range('0', '9');
    public static readonly CharacterSet Word = Digits | Range('a', 'z') | Range('A', 'Z') | Of('_');
    public static readonly CharacterSet Space = Range('\t', '\r') | Of(' ');

    /// <summary>The number of ASCII characters in it.</summary>
    public int Count => System.Numerics.BitOperations.PopCount(Low) + System.Numerics.BitOperations.PopCount(High);

    /// <summary>The only character in it; null: there is none or several.</summary>
    public char? Single => Count == 1 && !Others ? Characters.First() : null;

    /// <summary>The ASCII characters in it.</summary>
    public IEnumerable<char> Characters
    {
        get
        {
            for (var character = '\0'; character < 128; character++)
                if (Contains(character))
                    yield return character;
        }
    }

    public static CharacterSet Of(char character) =>
        character < 64 ? new(1UL << character, 0, false) : new(0, 1UL << (character - 64), false);

    public static CharacterSet Range(char first, char last)
    {
        var set = default(CharacterSet);
        for (var character = first; character <= last; character++)
            set |= Of(character);
        return set;
    }

    public static CharacterSet operator |(CharacterSet one, CharacterSet two) =>
        new(one.Low | two.Low, one.High | two.High, one.Others || two.Others);

    public static CharacterSet operator ~(CharacterSet set) => new(~set.Low, ~set.High, !set.Others);

    public bool Contains(char character) =>
        character < 128 ? (((character < 64 ? Low : High) >> character) & 1) != 0 : Others;

    /// <summary>Adds the other case of each letter.</summary>
    public CharacterSet WithBothCases()
    {
        // a to z and A to Z are in the upper half, 32 apart.
        const ulong Capitals = 0x07FF_FFFE;
        return this with { High = High | ((High & Capitals) << 32) | ((High >> 32) & Capitals) };
    }
}
