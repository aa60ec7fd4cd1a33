using System.Globalization;
using System.Text;

namespace Signpost.Core.Links;

/// <summary>Addresses as people type and paste them.</summary>
public static class AddressText
{
    private const int MostPortDigits = 5;

    /// <summary>
    /// Removes blanks and invisible characters at both ends, which come along when an address is copied. Tabs count as blanks, other
    /// control characters stay.
    /// </summary>
    public static string Trim(string? text)
    {
        var rest = text.AsSpan();
        while (rest is [var first, ..] && IsBlank(first))
            rest = rest[1..];
        while (rest is [.., var last] && IsBlank(last))
            rest = rest[..^1];
        return rest.Length == text?.Length ? text : rest.ToString();
    }

    /// <summary>Whether this is a host with a dot, and perhaps a port, a path, a query or a fragment: an address without a scheme.</summary>
    public static bool IsBareHost(ReadOnlySpan<char> text)
    {
        foreach (var sign in text)
            if (char.IsWhiteSpace(sign))
                return false;

        var end = text.IndexOfAny("/?#");
        var authority = end < 0 ? text : text[..end];
        var colon = authority.IndexOf(':');
        if (
            colon >= 0
            && (authority[(colon + 1)..] is not { Length: > 0 and <= MostPortDigits } port || !IsDigits(port))
        )
            return false;

        return IsHost(colon < 0 ? authority : authority[..colon]);
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    // Labels of letters, digits and hyphens of any script; the last one may be empty.
    private static bool IsHost(ReadOnlySpan<char> host)
    {
        if (host is [.. var front, '.'])
            host = front;
        if (!host.Contains('.'))
            return false;

        foreach (var range in host.Split('.'))
            if (!IsLabel(host[range]))
                return false;
        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        foreach (var rune in label.EnumerateRunes())
            if (!IsLetter(rune))
                return false;
        return !label.IsEmpty;
    }

    private static bool IsLetter(Rune rune) =>
        rune.Value is '-'
        || Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // A variation selector belongs to the sign before it, so it stays.
    private static bool IsBlank(char sign) =>
        sign == '\t'
        || char.GetUnicodeCategory(sign)
            is UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Format
        || sign is '\u034F' or '\u115F' or '\u1160' or '\u17B4' or '\u17B5' or '\u2800' or '\u3164' or '\uFFA0';
}
