using System.Buffers;
using System.Text;

namespace Signpost.Core.Links;

/// <summary>
/// Percent-escaping by one rule for every part of a URL: characters that RFC 3986 allows stay, and so does a valid %XX; everything
/// else becomes UTF-8 bytes as %XX. The apostrophe is escaped too, since an address may be put inside quotes.
/// Escaping an escaped text changes nothing.
/// </summary>
internal static class UrlEscaping
{
    private const string Common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,;=:@/";

    public static readonly SearchValues<char> Path = SearchValues.Create(Common);

    /// <summary>Also for fragments, and for the part after the scheme of an app's address.</summary>
    public static readonly SearchValues<char> Query = SearchValues.Create(Common + "?");

    public static StringBuilder AppendEscaped(
        this StringBuilder target,
        ReadOnlySpan<char> text,
        SearchValues<char> allowed
    )
    {
        while (text.IndexOfAnyExcept(allowed) is >= 0 and var at)
        {
            target.Append(text[..at]);
            text = text[at..];
            if (StartsWithEscape(text))
            {
                target.Append(text[..3]);
                text = text[3..];
                continue;
            }

            // Broken UTF-16 decodes as U+FFFD, so this always advances.
            Rune.DecodeFromUtf16(text, out var rune, out var length);
            target.AppendEscaped(rune);
            text = text[length..];
        }

        return target.Append(text);
    }

    /// <summary>True for text that starts with a valid %XX.</summary>
    public static bool StartsWithEscape(ReadOnlySpan<char> text) =>
        text is ['%', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low);

    private static void AppendEscaped(this StringBuilder target, Rune rune)
    {
        const string hexDigits = "0123456789ABCDEF";
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            target.Append('%').Append(hexDigits[value >> 4]).Append(hexDigits[value & 0xF]);
    }
}
