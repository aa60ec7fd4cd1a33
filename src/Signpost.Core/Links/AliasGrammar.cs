using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Signpost.Core.Links;

/// <summary>Checks whether a text may be an alias, and makes its key. Owners' input and visitors' paths follow the same rules.</summary>
internal static class AliasGrammar
{
    // A key, or a canonically equivalent spelling of an alias, has at most four units for each unit typed.
    private const int LongestPath = 4 * Alias.LongestText;

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_~");

    private static readonly SearchValues<char> PlainInCase = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~"
    );

    private static readonly SearchValues<char> AsciiSigns = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/"
    );

    /// <summary>True for text that is its own key and needs no further check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPlain(ReadOnlySpan<char> text, AliasCase rule) =>
        rule is AliasCase.Ignored ? !text.ContainsAnyExcept(Plain) : !text.ContainsAnyExcept(PlainInCase);

    public static string? FindProblem(string? text) =>
        text switch
        {
            null or "" => "The alias must not be empty.",
            { Length: > Alias.LongestText } => "The alias may be at most 256 characters long.",
            _ when !HasOnlyAllowedSigns(text) =>
                "The alias may hold letters, digits, emoji, - _ . ~ and / between segments.",
            _ when !HasOnlyProperSegments(text) => "No segment of the alias may be empty, . or ..",
            _ => null,
        };

    /// <summary>
    /// The only function that makes a key. NFC comes last again because folding may leave two characters that compose. The selector of
    /// coloured emoji is left out, because people type it without knowing.
    /// </summary>
    public static string MakeKey(string text, AliasCase rule)
    {
        var composed = text.Normalize(NormalizationForm.FormC);
        return (rule is AliasCase.Ignored ? CaseFolding.Fold(composed) : composed)
            .Replace("\uFE0F", "", StringComparison.Ordinal)
            .Normalize(NormalizationForm.FormC);
    }

    /// <summary><see cref="Alias.TryGetKey"/> for paths that are not plain.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryGetUnusualKey(
        ReadOnlySpan<char> path,
        AliasCase rule,
        Span<char> buffer,
        out ReadOnlySpan<char> key
    )
    {
        key = default;
        if (path is [.. var front, '/'])
            path = front;

        if (path.Length is 0 or > LongestPath || !HasOnlyProperSegments(path))
            return false;

        if (!Ascii.IsValid(path))
            return TryMakeKey(path, rule, out key);

        // Nothing longer than 256 units has an ASCII key: only ASCII and single characters (the Kelvin sign) fold to ASCII.
        if (path.Length > Alias.LongestText || path.ContainsAnyExcept(AsciiSigns))
            return false;

        key = rule is AliasCase.Ignored ? ToLower(path, buffer) : path;
        return true;
    }

    private static bool TryMakeKey(ReadOnlySpan<char> path, AliasCase rule, out ReadOnlySpan<char> key)
    {
        var allowed = HasOnlyAllowedSigns(path);
        key = allowed ? MakeKey(path.ToString(), rule) : default;
        return allowed;
    }

    private static ReadOnlySpan<char> ToLower(ReadOnlySpan<char> path, Span<char> buffer)
    {
        var lower = buffer.Length >= path.Length ? buffer : new char[path.Length];
        for (var at = 0; at < path.Length; at++)
            lower[at] = path[at] is >= 'A' and <= 'Z' ? (char)(path[at] | 0x20) : path[at];

        return lower[..path.Length];
    }

    private static bool HasOnlyProperSegments(ReadOnlySpan<char> text)
    {
        for (; ; )
        {
            var slash = text.IndexOf('/');
            var segment = slash < 0 ? text : text[..slash];
            if (segment is "" or "." or "..")
                return false;

            if (slash < 0)
                return true;

            text = text[(slash + 1)..];
        }
    }

    private static bool HasOnlyAllowedSigns(ReadOnlySpan<char> text)
    {
        var (carriesMarks, hasJoiners) = (false, false);
        for (var rest = text; !rest.IsEmpty; )
        {
            if (Emoji.LengthAt(rest) is > 0 and var emoji)
            {
                carriesMarks = false;
                rest = rest[emoji..];
                continue;
            }

            // Broken UTF-16 decodes as U+FFFD, which is not allowed.
            Rune.DecodeFromUtf16(rest, out var rune, out var length);
            var isJoiner = JoinerRules.IsJoiner(rune);
            var (allowed, letter) = isJoiner ? (true, carriesMarks) : Judge(rune, carriesMarks);
            if (!allowed)
                return false;

            hasJoiners |= isJoiner;
            carriesMarks = letter;
            rest = rest[length..];
        }

        // Equivalent spellings have one answer, because marks stand in one order in NFC.
        return !hasJoiners || JoinerRules.Hold(text.ToString().Normalize(NormalizationForm.FormC));
    }

    private static (bool IsAllowed, bool CarriesMarks) Judge(Rune rune, bool carriesMarks) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            _ when rune.IsAscii => (AsciiSigns.Contains((char)rune.Value), Rune.IsLetter(rune)),
            <= UnicodeCategory.OtherLetter => (!IsInvisible(rune.Value), true),
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => (
                carriesMarks && !IsInvisible(rune.Value),
                true
            ),
            UnicodeCategory.DecimalDigitNumber => (true, false),
            _ => (false, false),
        };

    // Invisible letters and marks, with which one alias would look like another: all of Unicode 17 that
    // are Default_Ignorable_Code_Point, and the fillers and blanks of Khitan and Egyptian. (Joiners and tags are no letters.)
    private static bool IsInvisible(int codePoint) =>
        codePoint
            is 0x034F
                or 0x115F
                or 0x1160
                or 0x17B4
                or 0x17B5
                or (>= 0x180B and <= 0x180F)
                or 0x3164
                or (>= 0xFE00 and <= 0xFE0F)
                or 0xFFA0
                or 0x13441
                or 0x13442
                or 0x16FE4
                or (>= 0xE0100 and <= 0xE01EF);
}
