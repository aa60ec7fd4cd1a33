namespace Signpost.Core.Visitors;

/// <summary>
/// The languages that a visitor reads, from <c>Accept-Language</c> (RFC 9110, 12.5.4; ranges of RFC 4647, 2.1). Some apps write
/// <c>de_DE</c> and <c>q=.8</c>; this is read, too. Other pieces that break the grammar are skipped, and so are <c>*</c> and
/// <c>C</c>, which name no language, and languages with <c>q=0</c>.
/// </summary>
public static class AcceptLanguage
{
    /// <summary>Later ones are skipped: nobody reads more languages, but a header has room for thousands.</summary>
    public const int MostRanges = 32;

    /// <summary>The room that <see cref="Canonical"/> needs.</summary>
    public const int LongestCanonical = 8;

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

    /// <summary>The primary tag of the most wanted range, in its present spelling, as in <c>en</c>; null: there is none.</summary>
    public static string? First(ReadOnlySpan<char> header)
    {
        Span<LanguageRange> ranges = stackalloc LanguageRange[MostRanges];
        Span<char> buffer = stackalloc char[LongestCanonical];
        return Read(header, ranges) > 0 ? Primary(Canonical(ranges[0].Of(header), buffer)).ToString() : null;
    }

    /// <summary>The tag up to its first hyphen or underscore.</summary>
    public static ReadOnlySpan<char> Primary(ReadOnlySpan<char> tag) =>
        tag.IndexOfAny('-', '_') is >= 0 and var end ? tag[..end] : tag;

    /// <summary>
    /// The language and its region in their present spelling: <c>zh-TW</c> for <c>zh_hant_tw</c> and <c>zh-Hant</c>, <c>he</c>
    /// for <c>iw</c>. Scripts and variants are left out.
    /// </summary>
    /// <param name="tag">A tag that <see cref="Read"/> found, or a language with or without a region.</param>
    /// <param name="buffer">Room for <see cref="LongestCanonical"/> characters.</param>
    public static ReadOnlySpan<char> Canonical(ReadOnlySpan<char> tag, Span<char> buffer)
    {
        var primary = Primary(tag);
        var script = Part(tag, primary.Length, 4, 4);
        var region = Part(tag, primary.Length, 2, 3);
        if (region.IsEmpty && !script.IsEmpty && primary.Equals("zh", StringComparison.OrdinalIgnoreCase))
            region =
                script.Equals("Hant", StringComparison.OrdinalIgnoreCase) ? "TW"
                : script.Equals("Hans", StringComparison.OrdinalIgnoreCase) ? "CN"
                : "";

        if (primary.Length > 3)
            return tag;
        var length = primary.ToLowerInvariant(buffer);
        var present = PresentOf(buffer[..length]);
        present.CopyTo(buffer);
        length = present.IsEmpty ? length : present.Length;
        if (region.IsEmpty)
            return buffer[..length];

        buffer[length++] = '-';
        length += region.ToUpperInvariant(buffer[length..]);
        return buffer[..length];
    }

    // The registry of languages (BCP 47) renamed these. Norwegian is Bokmål unless it says Nynorsk (nn). Empty: not renamed.
    private static ReadOnlySpan<char> PresentOf(ReadOnlySpan<char> language) =>
        language switch
        {
            "in" => "id",
            "iw" => "he",
            "ji" => "yi",
            "jw" => "jv",
            "mo" => "ro",
            "no" => "nb",
            "tl" => "fil",
            _ => "",
        };

    /// <summary>Whether a tag asks for Chinese in traditional characters.</summary>
    public static bool IsTraditionalChinese(ReadOnlySpan<char> tag)
    {
        if (!Primary(tag).Equals("zh", StringComparison.OrdinalIgnoreCase))
            return false;

        var script = Part(tag, 2, 4, 4);
        Span<char> buffer = stackalloc char[LongestCanonical];
        return script.IsEmpty
            ? Canonical(tag, buffer) is "zh-TW" or "zh-HK" or "zh-MO"
            : script.Equals("Hant", StringComparison.OrdinalIgnoreCase);
    }

    // The first subtag of a length after the primary tag; empty: there is none. Digits make a region of three, letters one of two.
    private static ReadOnlySpan<char> Part(ReadOnlySpan<char> tag, int primary, int least, int most)
    {
        var rest = tag[primary..];
        while (!rest.IsEmpty)
        {
            rest = rest[1..];
            var part = Primary(rest);
            if (part.Length >= least && part.Length <= most && (part.Length != 3 || char.IsAsciiDigit(part[0])))
                return part;
            rest = rest[part.Length..];
        }

        return [];
    }

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

    // 2*8ALPHA *("-" 1*8alphanum), also with underscores. A language has two letters or more: C and POSIX's kin name none.
    private static bool IsTag(ReadOnlySpan<char> tag)
    {
        if (tag.Length > LongestTag || Primary(tag).Length < 2)
            return false;

        for (var start = 0; start <= tag.Length; )
        {
            var part = Primary(tag[start..]);
            if (part.Length is 0 or > 8)
                return false;
            foreach (var letter in part)
                if (!(start == 0 ? char.IsAsciiLetter(letter) : char.IsAsciiLetterOrDigit(letter)))
                    return false;
            start += part.Length + 1;
        }

        return !tag.Equals("POSIX", StringComparison.Ordinal);
    }

    // "q=" and a number, in thousandths. More than 1 is 1; a weight without a number breaks the grammar.
    private static bool TryReadQuality(ReadOnlySpan<char> weight, out short quality)
    {
        quality = 0;
        if (weight.Length is < 3 or > 32 || weight[0] is not ('q' or 'Q') || weight[1] != '=')
            return false;

        var (worth, digits, isOne) = (1000, 0, false);
        foreach (var character in weight[2..])
        {
            if (character == '.' && worth == 1000)
                worth = 100;
            else if (!char.IsAsciiDigit(character))
                return false;
            else if (worth == 1000)
                (digits, isOne) = (digits + 1, isOne || character != '0');
            else
                (digits, quality, worth) = (digits + 1, (short)(quality + (character - '0') * worth), worth / 10);
        }

        if (isOne)
            quality = 1000;
        return digits > 0;
    }
}

/// <summary>One language range: its place in the header, and its quality in thousandths.</summary>
public readonly record struct LanguageRange(int Start, int Length, short Quality)
{
    public ReadOnlySpan<char> Of(ReadOnlySpan<char> header) => header.Slice(Start, Length);
}
