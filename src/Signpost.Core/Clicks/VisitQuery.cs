using Signpost.Core.Links;

namespace Signpost.Core.Clicks;

/// <summary>
/// The parts of a visitor's query that statistics need, as they were sent. Names are compared decoded, as in a form; if a name
/// comes several times, its first value that is not empty counts.
/// </summary>
public ref struct VisitQuery
{
    private const string Scan = "qr";

    /// <summary>The value of <c>utm_source</c>, still escaped.</summary>
    public ReadOnlySpan<char> Source { readonly get; private set; }

    /// <inheritdoc cref="Source"/>
    public ReadOnlySpan<char> Medium { readonly get; private set; }

    /// <inheritdoc cref="Source"/>
    public ReadOnlySpan<char> Campaign { readonly get; private set; }

    /// <inheritdoc cref="Source"/>
    public ReadOnlySpan<char> Term { readonly get; private set; }

    /// <inheritdoc cref="Source"/>
    public ReadOnlySpan<char> Content { readonly get; private set; }

    /// <summary>Whether <c>qr</c> is there, with any value: our QR codes have it in their addresses.</summary>
    public bool IsQr { readonly get; private set; }

    /// <summary>Whether the parameter is there that asks to keep nothing of the visitor.</summary>
    public bool IsUntracked { readonly get; private set; }

    /// <param name="query">The part after the question mark.</param>
    /// <param name="untracked">The name of that parameter; empty: there is none.</param>
    public static VisitQuery Read(ReadOnlySpan<char> query, ReadOnlySpan<char> untracked)
    {
        var read = default(VisitQuery);
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&') is >= 0 and var mark ? mark : query.Length;
            var piece = query[..end];
            query = query[Math.Min(end + 1, query.Length)..];
            if (piece.IndexOf('=') is >= 0 and var equals)
                read.Take(piece[..equals], piece[(equals + 1)..], untracked);
            else
                read.Take(piece, default, untracked);
        }

        return read;
    }

    /// <summary>Tells whether one parameter, with its value if it has one, is the mark of a scan.</summary>
    public static bool IsScanMark(ReadOnlySpan<char> parameter) =>
        Is(parameter.IndexOf('=') is >= 0 and var equals ? parameter[..equals] : parameter, Scan);

    /// <summary>Decodes a value into UTF-8: %XX are bytes, a plus is a blank. Characters that do not fit are left out.</summary>
    /// <returns>The number of written bytes.</returns>
    public static int Decode(ReadOnlySpan<char> value, Span<byte> into)
    {
        var written = 0;
        Span<byte> bytes = stackalloc byte[4];
        while (!value.IsEmpty)
        {
            var (length, size) = DecodeOne(value, bytes);
            if (written + size > into.Length)
                return written - Broken(into[..written]);

            bytes[..size].CopyTo(into[written..]);
            written += size;
            value = value[length..];
        }

        return written;
    }

    private static (int Length, int Size) DecodeOne(ReadOnlySpan<char> value, Span<byte> bytes)
    {
        if (value[0] is '%' && UrlEscaping.StartsWithEscape(value))
        {
            bytes[0] = (byte)((Digit(value[1]) << 4) | Digit(value[2]));
            return (3, 1);
        }

        // Broken UTF-16 decodes as U+FFFD, so this always advances.
        System.Text.Rune.DecodeFromUtf16(value, out var rune, out var length);
        return (length, value[0] is '+' ? new System.Text.Rune(' ').EncodeToUtf8(bytes) : rune.EncodeToUtf8(bytes));
    }

    private static int Digit(char hex) => char.IsAsciiDigit(hex) ? hex - '0' : (hex | 0x20) - 'a' + 10;

    // The number of bytes at the end that begin a character whose rest did not fit.
    private static int Broken(ReadOnlySpan<byte> utf8)
    {
        for (var back = 1; back <= Math.Min(3, utf8.Length); back++)
            if ((utf8[^back] & 0xC0) != 0x80)
            {
                var needs = utf8[^back] switch
                {
                    >= 0xF0 => 4,
                    >= 0xE0 => 3,
                    >= 0xC0 => 2,
                    _ => 1,
                };
                return needs > back ? back : 0;
            }

        return 0;
    }

    private void Take(ReadOnlySpan<char> name, ReadOnlySpan<char> value, ReadOnlySpan<char> untracked)
    {
        if (Source.IsEmpty && Is(name, "utm_source"))
            Source = value;
        if (Medium.IsEmpty && Is(name, "utm_medium"))
            Medium = value;
        if (Campaign.IsEmpty && Is(name, "utm_campaign"))
            Campaign = value;
        if (Term.IsEmpty && Is(name, "utm_term"))
            Term = value;
        if (Content.IsEmpty && Is(name, "utm_content"))
            Content = value;
        IsQr |= Is(name, Scan);
        IsUntracked |= !untracked.IsEmpty && Is(name, untracked);
    }

    // Clients do not escape a name, except on purpose.
    private static bool Is(ReadOnlySpan<char> name, ReadOnlySpan<char> word)
    {
        if (name.Length == word.Length)
            return name.SequenceEqual(word);
        if (name.Length < word.Length || name.Length > 3 * word.Length || !name.Contains('%'))
            return false;

        foreach (var letter in word)
        {
            if (name.IsEmpty)
                return false;
            var isEscaped = UrlEscaping.StartsWithEscape(name);
            if (letter != (isEscaped ? (char)((Digit(name[1]) << 4) | Digit(name[2])) : name[0]))
                return false;
            name = name[(isEscaped ? 3 : 1)..];
        }

        return name.IsEmpty;
    }
}
