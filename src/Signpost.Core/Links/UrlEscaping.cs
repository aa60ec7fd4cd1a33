using System.Buffers;
using System.Text;

namespace Signpost.Core.Links;

/// <summary>
/// Percent-escaping: each sign that is not in a set becomes UTF-8 bytes as %XX, but a valid %XX stays. So escaping an escaped text changes
/// nothing. The sets are those of the WHATWG URL standard, in which any percent sign stays, and two stricter ones.
/// </summary>
internal static class UrlEscaping
{
    private const string Common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,;=:@/?";

    private const string Letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,;=:@/%[]|\\";

    /// <summary>Of any address, between slashes.</summary>
    public static readonly SearchValues<char> Path = SearchValues.Create(Letters + "'");

    /// <summary>Of http, https and ftp.</summary>
    public static readonly SearchValues<char> SpecialQuery = SearchValues.Create(Letters + "?^`{}");

    /// <summary>Of an app's address.</summary>
    public static readonly SearchValues<char> Query = SearchValues.Create(Letters + "?^`{}'");

    public static readonly SearchValues<char> Fragment = SearchValues.Create(Letters + "?^{}'#");

    /// <summary>All printable ASCII: of a host or a path without slashes in an app's address.</summary>
    public static readonly SearchValues<char> Opaque = SearchValues.Create(Letters + "?^`{}'#\"<> ");

    /// <summary>A visitor's query: it may be put anywhere.</summary>
    public static readonly SearchValues<char> Visitor = SearchValues.Create(Common);

    /// <summary>A web address inside an app's address.</summary>
    public static readonly SearchValues<char> App = SearchValues.Create(Common + "%#");

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
