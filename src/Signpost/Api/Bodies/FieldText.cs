using System.Buffers;

namespace Signpost.Api.Bodies;

/// <summary>Which white space and control characters a text may hold.</summary>
[Flags]
internal enum TextRules
{
    /// <summary>One line: trimmed, without any control character.</summary>
    Line = 0,

    /// <summary>Kept as sent, with spaces and tabs.</summary>
    Untrimmed = 1,

    /// <summary>May hold line ends, and so tabs around its lines.</summary>
    Lines = 2,

    /// <summary>One line, whose line ends become blanks.</summary>
    Folded = 4,
}

/// <summary>Cleans a sent text: trimmed, well-formed, without control characters.</summary>
internal static class FieldText
{
    public const string ExpectedBoolean = "must be 1 or 0, true or false, on or off, yes or no";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>Cleans <paramref name="text"/> in place; returns its error, or null.</summary>
    public static string? Clean(ref string text, TextRules rules)
    {
        if (rules.HasFlag(TextRules.Folded))
            text = text.ReplaceLineEndings(" ");
        if (!rules.HasFlag(TextRules.Untrimmed))
            text = text.Trim(' ', '\t');

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) && !IsAllowed(c, rules))
                return "must not hold control characters";
            // Readers replace bytes that are not UTF-8 by U+FFFD, so a sent U+FFFD looks the same.
            // U+FFFE is not a character (it is a reversed byte order mark), and normalising it throws.
            if (c is '\uFFFD' or '\uFFFE' || (char.IsSurrogate(c) && !IsPair(text, ref i)))
                return "must be well-formed UTF-8 text";
        }

        return null;
    }

    /// <summary>The number of characters: code points, close to the number that a person would count.</summary>
    public static int Length(string text)
    {
        var count = text.Length;
        foreach (var c in text)
            if (char.IsLowSurrogate(c))
                count--;
        return count;
    }

    /// <summary>Reads ASCII digits as a number.</summary>
    public static bool TryNumber(string text, out long number)
    {
        number = 0;
        return text.Length > 0
            && !text.AsSpan().ContainsAnyExcept(Digits)
            && long.TryParse(text, System.Globalization.NumberStyles.None, null, out number);
    }

    /// <summary>Reads yes and no in all accepted forms, in any case; null: it is neither.</summary>
    public static bool? ToBoolean(string? text) =>
        text?.ToUpperInvariant() switch
        {
            "1" or "TRUE" or "ON" or "YES" => true,
            "0" or "FALSE" or "OFF" or "NO" => false,
            _ => null,
        };

    private static bool IsAllowed(char c, TextRules rules) =>
        (c == '\t' && (rules & (TextRules.Untrimmed | TextRules.Lines)) != 0)
        || (c is '\r' or '\n' && rules.HasFlag(TextRules.Lines));

    private static bool IsPair(string text, ref int i)
    {
        if (!char.IsHighSurrogate(text[i]) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]))
            return false;
        i++;
        return true;
    }
}
