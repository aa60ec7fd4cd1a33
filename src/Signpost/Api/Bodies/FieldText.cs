using System.Buffers;

namespace Signpost.Api.Bodies;

/// <summary>Which white space and control characters a text may hold.</summary>
[Flags]
internal enum TextRules
{
    /// <summary>One line: trimmed, without any control character.</summary>
    Line = 0,

    /// <summary>Kept as it came, spaces and tabs included.</summary>
    Untrimmed = 1,

    /// <summary>May hold line ends, and so tabs around its lines.</summary>
    Lines = 2,
}

/// <summary>Makes a sent text clean: trimmed, well-formed, without control characters.</summary>
internal static class FieldText
{
    public const string ExpectedBoolean = "must be 1 or 0, true or false, on or off, yes or no";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>Cleans <paramref name="text"/> in place; answers what is wrong with it, or null.</summary>
    public static string? Clean(ref string text, TextRules rules)
    {
        if (!rules.HasFlag(TextRules.Untrimmed))
            text = text.Trim(' ', '\t');

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) && !IsAllowed(c, rules))
                return "must not hold control characters";
            // Readers put U+FFFD where bytes were not UTF-8, so it cannot be told from one that was sent.
            // U+FFFE is no character (it is a byte order mark the wrong way round), and normalising throws at it.
            if (c is '\uFFFD' or '\uFFFE' || (char.IsSurrogate(c) && !IsPair(text, ref i)))
                return "must be well-formed UTF-8 text";
        }

        return null;
    }

    /// <summary>How many characters a person would count, near enough: code points.</summary>
    public static int Length(string text)
    {
        var count = text.Length;
        foreach (var c in text)
            if (char.IsLowSurrogate(c))
                count--;
        return count;
    }

    /// <summary>Reads ASCII digits, and nothing else, as a number.</summary>
    public static bool TryNumber(string text, out long number)
    {
        number = 0;
        return text.Length > 0
            && !text.AsSpan().ContainsAnyExcept(Digits)
            && long.TryParse(text, System.Globalization.NumberStyles.None, null, out number);
    }

    /// <summary>Reads the words for yes and no, in any case; null is neither.</summary>
    public static bool? ToBoolean(string? text) =>
        text?.ToUpperInvariant() switch
        {
            "1" or "TRUE" or "ON" or "YES" => true,
            "0" or "FALSE" or "OFF" or "NO" => false,
            _ => null,
        };

    private static bool IsAllowed(char c, TextRules rules) =>
        (c == '\t' && rules != TextRules.Line) || (c is '\r' or '\n' && rules.HasFlag(TextRules.Lines));

    private static bool IsPair(string text, ref int i)
    {
        if (!char.IsHighSurrogate(text[i]) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]))
            return false;
        i++;
        return true;
    }
}
