using System.Text;

namespace Signpost.Core.Statistics;

/// <summary>Text from a visitor, made safe for a line of a response or of a file.</summary>
public static class PlainText
{
    /// <summary>The text without control characters and line ends.</summary>
    public static string Clean(ReadOnlySpan<char> text)
    {
        if (!HasAnyUnfit(text))
            return text.ToString();

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (!IsUnfit(rune))
                clean.Append(rune);
        return clean.ToString();
    }

    /// <summary>Like <see cref="Clean(ReadOnlySpan{char})"/>, trimmed and cut to so many UTF-16 units; null: nothing is left.</summary>
    public static string? Clean(ReadOnlySpan<char> text, int longest)
    {
        var clean = Clean(text).Trim();
        if (clean.Length > longest)
            clean = clean[..(char.IsHighSurrogate(clean[longest - 1]) ? longest - 1 : longest)];
        return clean is "" ? null : clean;
    }

    private static bool HasAnyUnfit(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (IsUnfit(rune))
                return true;
        return false;
    }

    private static bool IsUnfit(Rune rune) => Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029;
}
