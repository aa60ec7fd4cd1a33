using System.Globalization;

namespace Signpost.Core.Visitors.Expressions;

/// <summary>
/// Reads regular expressions in JavaScript's dialect without its u flag, as far as the lists need it: \d, \w, \s, \b and
/// the case of letters use ASCII only.
/// </summary>
internal sealed class ExpressionReader
{
    private readonly string _pattern;
    private readonly bool _ignoresCase;
    private int _at;
    private int _captures;

    private ExpressionReader(string pattern, bool ignoresCase) => (_pattern, _ignoresCase) = (pattern, ignoresCase);

    /// <exception cref="NotSupportedException">The pattern is wrong, or uses an unsupported part of the dialect.</exception>
    public static Expression Read(string pattern, bool ignoresCase = false)
    {
        var reader = new ExpressionReader(pattern, ignoresCase);
        var expression = reader.ReadEither();
        return reader._at == pattern.Length ? expression : throw reader.Unsupported();
    }

    private Expression ReadEither()
    {
        List<Expression> branches = [ReadSequence()];
        while (Next('|'))
            branches.Add(ReadSequence());
        return branches.Count == 1 ? branches[0] : new Either(branches);
    }

    private Sequence ReadSequence()
    {
        List<Expression> parts = [];
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
            parts.Add(ReadRepeated());
        return new(parts);
    }

    private Expression ReadRepeated()
    {
        var part = ReadPart();
        return TryReadTimes(out var least, out var most) ? new Repeat(part, least, most, Next('?')) : part;
    }

    private bool TryReadTimes(out int least, out int most)
    {
        (least, most) = (0, int.MaxValue);
        if (Next('*'))
            return true;
        if (Next('+'))
        {
            least = 1;
            return true;
        }

        if (Next('?'))
        {
            most = 1;
            return true;
        }

        if (!Next('{'))
            return false;

        least = most = ReadNumber();
        if (Next(','))
            most = _at < _pattern.Length && _pattern[_at] == '}' ? int.MaxValue : ReadNumber();
        return Next('}') && least <= most ? true : throw Unsupported();
    }

    private int ReadNumber()
    {
        var start = _at;
        while (_at < _pattern.Length && char.IsAsciiDigit(_pattern[_at]))
            _at++;
        return int.TryParse(_pattern.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Unsupported();
    }

    private Expression ReadPart()
    {
        var character = _pattern[_at++];
        return character switch
        {
            '(' => ReadGroup(),
            '[' => ReadClass(),
            '.' => new One(~CharacterSet.Of('\n')),
            '^' => new Edge(EdgeKind.Begin),
            '$' => new Edge(EdgeKind.End),
            '\\' => ReadEscape(),
            '*' or '+' or '?' or '{' => throw Unsupported(),
            _ => new One(Letter(character)),
        };
    }

    private Expression ReadGroup()
    {
        if (!Next('?'))
        {
            var number = ++_captures;
            return new Capture(ReadUntilClosed(), number);
        }

        if (Next(':'))
            return ReadUntilClosed();

        var isBehind = Next('<');
        var isNegative = Next('!');
        return isNegative || Next('=') ? new Look(ReadUntilClosed(), isBehind, isNegative) : throw Unsupported();
    }

    private Expression ReadUntilClosed()
    {
        var inner = ReadEither();
        return Next(')') ? inner : throw Unsupported();
    }

    private Expression ReadEscape()
    {
        var character = ReadCharacter();
        if (character is 'b' or 'B')
            return new Edge(character == 'b' ? EdgeKind.Boundary : EdgeKind.NoBoundary);
        return new One(ClassOf(character) ?? Escaped(character));
    }

    private One ReadClass()
    {
        var isNegated = Next('^');
        var set = default(CharacterSet);
        for (var start = _at; _at == start || !Next(']'); )
        {
            var character = ReadCharacter();
            if (character == ']')
                throw Unsupported();
            if (character != '\\')
            {
                set |= ReadRange(character);
                continue;
            }

            character = ReadCharacter();
            set |=
                ClassOf(character)
                ?? (char.IsAsciiLetterOrDigit(character) ? throw Unsupported() : ReadRange(character));
        }

        return new(isNegated ? ~set : set);
    }

    private CharacterSet ReadRange(char first)
    {
        if (_at + 1 >= _pattern.Length || _pattern[_at] != '-' || _pattern[_at + 1] is ']' or '\\')
            return Letter(first);

        var last = _pattern[_at + 1];
        _at += 2;
        if (!char.IsAscii(first) || !char.IsAscii(last) || first > last)
            throw Unsupported();
        return Folded(CharacterSet.Range(first, last));
    }

    private static CharacterSet? ClassOf(char escaped) =>
        escaped switch
        {
            'd' => CharacterSet.Digits,
            'D' => ~CharacterSet.Digits,
            'w' => CharacterSet.Word,
            'W' => ~CharacterSet.Word,
            's' => CharacterSet.Space,
            'S' => ~CharacterSet.Space,
            _ => null,
        };

    private CharacterSet Escaped(char character) =>
        char.IsAsciiLetterOrDigit(character) ? throw Unsupported() : Letter(character);

    private CharacterSet Letter(char character) =>
        char.IsAscii(character) ? Folded(CharacterSet.Of(character)) : throw Unsupported();

    private CharacterSet Folded(CharacterSet set) => _ignoresCase ? set.WithBothCases() : set;

    private char ReadCharacter() => _at < _pattern.Length ? _pattern[_at++] : throw Unsupported();

    private bool Next(char expected)
    {
        if (_at == _pattern.Length || _pattern[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private NotSupportedException Unsupported() => new($"The expression {_pattern} is not understood at {_at}.");
}
