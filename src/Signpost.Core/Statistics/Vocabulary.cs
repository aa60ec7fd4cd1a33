using System.Text;

namespace Signpost.Core.Statistics;

/// <summary>
/// Numbers for values, from 0 in the order in which they came. Visitors invent values, so there is a limit: all values
/// after so many others, or after so many characters, share one number.
/// </summary>
/// <param name="most">The most values; their characters are at most 80 times as many.</param>
internal sealed class Vocabulary(int most)
{
    /// <summary>Two hundred times the values that a day keeps of a dimension.</summary>
    public const int MostOfQuestion = 200_000;

    /// <summary>Fifty times the values that a day keeps of a dimension. A rollup needs much more memory for each.</summary>
    public const int MostOfRollup = 50_000;

    private const int UsualCharacters = 80;
    private const int LongestOnStack = 512;

    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly List<string?> _values = [];
    private readonly List<byte[]?> _bytes = [];
    private readonly List<int> _next = [];
    private long _room = (long)most * UsualCharacters;
    private int _none = -1;
    private int _other = -1;
    private int _last = -1;

    /// <summary>The number of values; their codes are smaller.</summary>
    public int Count => _values.Count;

    public string? this[int code] => _values[code];

    /// <summary>Whether a code stands for the values after the limit.</summary>
    public bool IsOther(int code) => code == _other;

    /// <summary>The code of the values after the limit.</summary>
    public int Other() => _other >= 0 ? _other : _other = Append(null);

    public int CodeOf(string? value)
    {
        if (value is null)
            return _none >= 0 ? _none : _none = Append(null);
        if (_codeOf.TryGetValue(value, out var code))
            return code;
        if (_codeOf.Count >= most || _room < value.Length)
            return Other();

        _room -= value.Length;
        _codeOf.Add(value, code = Append(value));
        return code;
    }

    /// <summary>
    /// Like the code of the text in these bytes. Days have much the same values in the same order: the value that followed the last
    /// one before is compared first, which costs a tenth of a look-up.
    /// </summary>
    public int CodeOf(ReadOnlySpan<byte> utf8)
    {
        var guess = _last < 0 ? -1 : _next[_last];
        if (guess >= 0 && _bytes[guess] is { } bytes && utf8.SequenceEqual(bytes))
            return _last = guess;

        var code = Find(utf8);
        if (code == _other)
            return code;

        _bytes[code] ??= utf8.ToArray();
        if (_last >= 0)
            _next[_last] = code;
        return _last = code;
    }

    private int Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestOnStack)
            return CodeOf(Encoding.UTF8.GetString(utf8));

        Span<char> characters = stackalloc char[LongestOnStack];
        ReadOnlySpan<char> text = characters[..Encoding.UTF8.GetChars(utf8, characters)];
        var known = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
        return known.TryGetValue(text, out var code) ? code : CodeOf(text.ToString());
    }

    private int Append(string? value)
    {
        _values.Add(value);
        _bytes.Add(null);
        _next.Add(-1);
        return _values.Count - 1;
    }
}
