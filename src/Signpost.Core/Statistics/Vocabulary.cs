using System.Text;

namespace Signpost.Core.Statistics;

/// <summary>Numbers for values, from 0 in the order in which they came.</summary>
internal sealed class Vocabulary
{
    private const int MostCharacters = 512;

    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string?> _values = [];
    private int _none = -1;

    public Vocabulary() => _lookup = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many there are; their codes are smaller.</summary>
    public int Count => _values.Count;

    public string? this[int code] => _values[code];

    public int CodeOf(string? value)
    {
        if (value is null)
            return _none >= 0 ? _none : _none = Append(null);
        if (_codeOf.TryGetValue(value, out var code))
            return code;

        _codeOf.Add(value, code = Append(value));
        return code;
    }

    /// <summary>As for the text that the bytes are.</summary>
    public int CodeOf(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MostCharacters)
            return CodeOf(Encoding.UTF8.GetString(utf8));

        Span<char> characters = stackalloc char[MostCharacters];
        ReadOnlySpan<char> text = characters[..Encoding.UTF8.GetChars(utf8, characters)];
        return _lookup.TryGetValue(text, out var code) ? code : CodeOf(text.ToString());
    }

    private int Append(string? value)
    {
        _values.Add(value);
        return _values.Count - 1;
    }
}
