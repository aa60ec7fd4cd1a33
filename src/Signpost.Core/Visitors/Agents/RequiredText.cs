using System.Globalization;

namespace Signpost.Core.Visitors.Agents;

/// <summary>
/// Reads from a regular expression what no match can do without: some choices, of each of which a match holds at least one
/// text. In lower case, because what is searched for does not heed case (a match that needs capitals has them all the more).
/// </summary>
internal sealed class RequiredText
{
    /// <summary>Of longer texts the beginning is enough to tell, and keeps what searches for them small.</summary>
    private const int LongestText = 10;

    private const int MostCombinations = 64;
    private const int MostOfAClass = 4;

    private static readonly Part Nothing = new(null, []);
    private static readonly Part Empty = new([""], []);

    private readonly string _pattern;
    private int _at;

    private RequiredText(string pattern) => _pattern = pattern;

    /// <summary>The choices; none where nothing is sure, and for what this reader does not understand.</summary>
    public static IReadOnlyList<string[]> Of(string pattern)
    {
        var reader = new RequiredText(pattern);
        try
        {
            var part = reader.ReadAlternatives();
            return reader._at == pattern.Length ? Useful(ChoicesOf(part)) : [];
        }
        catch (NotSupportedException)
        {
            return [];
        }
    }

    private static List<string[]> Useful(List<string[]> choices)
    {
        var cut = choices.ConvertAll(choice =>
            choice.Select(text => text.Length > LongestText ? text[..LongestText] : text).Distinct().ToArray()
        );

        // A single character is in nearly every agent.
        var telling = cut.FindAll(choice => choice.Min(text => text.Length) > 1);
        return telling.Count > 0 ? telling : cut;
    }

    private Part ReadAlternatives()
    {
        List<Part> parts = [ReadSequence()];
        while (Next('|'))
            parts.Add(ReadSequence());

        if (parts.Count == 1)
            return parts[0];
        if (parts.TrueForAll(part => part.Exact is not null))
            return new([.. parts.SelectMany(part => part.Exact!).Distinct()], []);

        HashSet<string> either = [];
        foreach (var part in parts)
        {
            if (ChoicesOf(part) is not { Count: > 0 } choices)
                return Nothing;
            either.UnionWith(choices.MaxBy(choice => choice.Min(text => text.Length))!);
        }

        return new(
            null,
            [
                [.. either],
            ]
        );
    }

    private Part ReadSequence()
    {
        List<string[]> choices = [];
        string[] run = [""];
        var open = false;

        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            var part = ReadQuantified();
            if (
                part.Exact is { } exact
                && (run.Length * exact.Length <= MostCombinations || run is [_] || exact is [_])
            )
            {
                run = [.. run.SelectMany(start => exact.Select(end => start + end)).Distinct()];
                continue;
            }

            // What comes next can no longer be put together with what was before.
            AddChoice(choices, run);
            choices.AddRange(part.Choices);
            run = part.Exact ?? [""];
            open = true;
        }

        if (!open)
            return new(run, []);

        AddChoice(choices, run);
        return new(null, choices);
    }

    private Part ReadQuantified()
    {
        var part = ReadOne();
        if (!TryReadQuantifier(out var least, out var most))
            return part;

        Next('?');
        return (least, most) switch
        {
            (0, 1) when part.Exact is { Length: <= 8 } exact => new([.. exact.Append("").Distinct()], []),
            (0, _) => Nothing,
            (1, 1) => part,
            _ => new(null, ChoicesOf(part)),
        };
    }

    private bool TryReadQuantifier(out int least, out int most)
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

        if (_at == _pattern.Length || _pattern[_at] != '{')
            return false;

        var end = _pattern.IndexOf('}', _at);
        var numbers = end < 0 ? [] : _pattern[(_at + 1)..end].Split(',');
        if (numbers.Length is not (1 or 2) || !TryReadNumber(numbers[0], out least))
            throw new NotSupportedException();

        most = least;
        if (numbers is [_, ""])
            most = int.MaxValue;
        else if (numbers is [_, var last] && !TryReadNumber(last, out most))
            throw new NotSupportedException();
        _at = end + 1;
        return true;
    }

    private static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private Part ReadOne()
    {
        var character = _pattern[_at++];
        return character switch
        {
            '(' => ReadGroup(),
            '[' => ReadClass(),
            '.' => Nothing,
            '^' or '$' => Empty,
            '\\' => ReadEscape(),
            '*' or '+' or '?' => throw new NotSupportedException(),
            _ => Literal(character),
        };
    }

    private Part ReadGroup()
    {
        var looks = false;
        if (Next('?'))
        {
            var behind = Next('<');
            looks = Next('=') || Next('!');
            if (!looks && (behind || !Next(':')))
                throw new NotSupportedException();
        }

        var part = ReadAlternatives();
        if (!Next(')'))
            throw new NotSupportedException();
        return looks ? Empty : part;
    }

    private Part ReadEscape()
    {
        if (_at == _pattern.Length)
            throw new NotSupportedException();

        var character = _pattern[_at++];
        return character switch
        {
            'd' or 'D' or 'w' or 'W' or 's' or 'S' => Nothing,
            'b' or 'B' => Empty,
            _ when char.IsAsciiLetterOrDigit(character) => throw new NotSupportedException(),
            _ => Literal(character),
        };
    }

    private Part ReadClass()
    {
        var negated = Next('^');
        var open = negated;
        HashSet<string> characters = [];

        for (var start = _at; ; )
        {
            if (_at == _pattern.Length || (_pattern[_at] == ']' && _at == start))
                throw new NotSupportedException();
            if (Next(']'))
                break;

            var escaped = Next('\\');
            if (_at == _pattern.Length)
                throw new NotSupportedException();
            var character = _pattern[_at++];
            var isRange = _at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']';
            // Ranges and classes in the class are more than we care to count.
            if (isRange || !char.IsAscii(character) || (escaped && char.IsAsciiLetterOrDigit(character)))
                open = true;
            characters.Add(Lower(character));
        }

        return open || characters.Count > MostOfAClass ? Nothing : new([.. characters], []);
    }

    private static Part Literal(char character) => char.IsAscii(character) ? new([Lower(character)], []) : Nothing;

    private static string Lower(char character) =>
        $"{(char.IsAsciiLetterUpper(character) ? (char)(character | 32) : character)}";

    private static List<string[]> ChoicesOf(Part part)
    {
        if (part.Exact is null)
            return part.Choices;

        List<string[]> choices = [];
        AddChoice(choices, part.Exact);
        return choices;
    }

    private static void AddChoice(List<string[]> choices, string[] texts)
    {
        if (!texts.Contains(""))
            choices.Add(texts);
    }

    private bool Next(char expected)
    {
        if (_at == _pattern.Length || _pattern[_at] != expected)
            return false;
        _at++;
        return true;
    }

    /// <param name="Exact">All texts that this part can match, or null where they are too many.</param>
    /// <param name="Choices">What it cannot match without.</param>
    private sealed record Part(string[]? Exact, List<string[]> Choices);
}
