namespace Signpost.Core.Visitors;

/// <summary>
/// The languages that a visitor reads, from <c>Accept-Language</c> (RFC 9110, 12.5.4; ranges of RFC 4647, 2.1). Pieces that
/// break the grammar are skipped, and so are <c>*</c>, which names no language, and languages with <c>q=0</c>.
/// </summary>
public static class AcceptLanguage
{
    /// <summary>Later ones are skipped: nobody reads more languages, but a header has room for thousands.</summary>
    public const int MostRanges = 32;

    private const int LongestTag = 35;

    /// <summary>Finds the ranges, the most wanted first, equals in the order they were sent.</summary>
    /// <param name="header">The header's value; several lines joined with commas.</param>
    /// <param name="ranges">Room for <see cref="MostRanges"/>.</param>
    /// <returns>The number of ranges.</returns>
    public static int Read(ReadOnlySpan<char> header, Span<LanguageRange> ranges)
    {
        var count = 0;
        for (var start = 0; start < header.Length && count < MostRanges; )
        {
            var rest = header[start..];
            var end = rest.IndexOf(',') is >= 0 and var comma ? comma : rest.Length;
            if (TryReadPiece(rest[..end], start, out var range))
                Insert(ranges, count++, range);
            start += end + 1;
        }

        return count;
    }

    /// <summary>The primary tag of the most wanted range, in lower case, as in <c>en</c>; null: there is none.</summary>
    public static string? First(ReadOnlySpan<char> header)
    {
        Span<LanguageRange> ranges = stackalloc LanguageRange[MostRanges];
        return Read(header, ranges) > 0 ? Primary(ranges[0].Of(header)).ToString().ToLowerInvariant() : null;
    }

    /// <summary>The tag up to its first hyphen.</summary>
    public static ReadOnlySpan<char> Primary(ReadOnlySpan<char> tag) =>
        tag.IndexOf('-') is >= 0 and var hyphen ? tag[..hyphen] : tag;

    // There are few, and mostly in order.
    private static void Insert(Span<LanguageRange> ranges, int count, LanguageRange range)
    {
        var at = count;
        for (; at > 0 && ranges[at - 1].Quality < range.Quality; at--)
            ranges[at] = ranges[at - 1];
        ranges[at] = range;
    }

    private static bool TryReadPiece(ReadOnlySpan<char> piece, int offset, out LanguageRange range)
    {
        var semicolon = piece.IndexOf(';');
        var head = semicolon < 0 ? piece : piece[..semicolon];
        var tag = head.Trim(" \t");
        var start = head.IndexOfAnyExcept(' ', '\t');
        short quality = 1000;
        range = default;
        if (!IsTag(tag) || (semicolon >= 0 && !TryReadQuality(piece[(semicolon + 1)..].Trim(" \t"), out quality)))
            return false;

        range = new(offset + start, tag.Length, quality);
        return quality > 0;
    }

    // 1*8ALPHA *("-" 1*8alphanum)
    private static bool IsTag(ReadOnlySpan<char> tag)
    {
        if (tag.Length is 0 or > LongestTag)
            return false;

        var isFirst = true;
        foreach (var range in tag.Split('-'))
        {
            var part = tag[range];
            if (part.Length is 0 or > 8)
                return false;
            foreach (var letter in part)
                if (!(isFirst ? char.IsAsciiLetter(letter) : char.IsAsciiLetterOrDigit(letter)))
                    return false;
            isFirst = false;
        }

        return true;
    }

    // "q=" ( "0" [ "." 0*3DIGIT ] / "1" [ "." 0*3("0") ] ), in thousandths.
    private static bool TryReadQuality(ReadOnlySpan<char> weight, out short quality)
    {
        quality = 0;
        if (weight.Length is < 3 or > 7 || weight[0] is not ('q' or 'Q') || weight[1] != '=')
            return false;

        var digits = weight[2..];
        if (digits[0] is not ('0' or '1') || (digits.Length > 1 && digits[1] != '.'))
            return false;

        quality = (short)((digits[0] - '0') * 1000);
        for (int at = 2, worth = 100; at < digits.Length; at++, worth /= 10)
        {
            if (!char.IsAsciiDigit(digits[at]))
                return false;
            quality += (short)((digits[at] - '0') * worth);
        }

        return quality <= 1000;
    }
}

/// <summary>One language range: its place in the header, and its quality in thousandths.</summary>
public readonly record struct LanguageRange(int Start, int Length, short Quality)
{
    public ReadOnlySpan<char> Of(ReadOnlySpan<char> header) => header.Slice(Start, Length);
}
