using System.Text;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// A search for a part of the alias, the title or the note, or of the destination however it is spelled: as it was sent, or in the
/// canonical form, in which letters beyond ASCII are escaped or, in hosts, are punycode. Case does not matter.
/// </summary>
internal sealed class LinkSearch
{
    private readonly char _text;
    private readonly string[] _parts;

    private LinkSearch(char text, params IEnumerable<string> parts)
    {
        _text = text;
        _parts = [.. parts.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The search of a query; null: there is none, or all links have the part.</summary>
    public static LinkSearch? Of(LinkQuery query)
    {
        if (query.Search is not { } part)
            return null;
        var search = query.SearchBy switch
        {
            LinkQuery.ByDestination => new LinkSearch(LinkTexts.Destination, Spellings(part).Select(LinkTexts.Fold)),
            LinkQuery.ByTitle => new(LinkTexts.Title, LinkTexts.Fold(part)),
            LinkQuery.ByNote => new(LinkTexts.Note, LinkTexts.Fold(part)),
            _ => new(LinkTexts.Alias, FoldAlias(query.SearchedAddress?.Path.TrimEnd('/') ?? part)),
        };
        return search._parts.Contains("") ? null : search;
    }

    /// <summary>Finds the links of an account in <see cref="LinkTexts"/>, and some others.</summary>
    public string Grams(long account, Dialect dialect) => LinkTexts.Query(account, _text, _parts, dialect);

    /// <summary>The columns that are compared.</summary>
    public string Columns =>
        _text switch
        {
            LinkTexts.Alias => "alias_key",
            LinkTexts.Destination => "location_url, location_sent",
            LinkTexts.Title => "title",
            _ => "note",
        };

    /// <summary>Whether the text of a column has the part.</summary>
    public bool Finds(string text)
    {
        text = _text == LinkTexts.Alias ? LinkTexts.FoldAlias(text) : LinkTexts.Fold(text);
        return Array.Exists(_parts, part => text.Contains(part, StringComparison.Ordinal));
    }

    // Compared like aliases. A part of an alias need not be a valid alias.
    private static string FoldAlias(string part) =>
        Alias.TryParse(part, out _, out _) ? LinkTexts.FoldAlias(part) : LinkTexts.Fold(part);

    private static IEnumerable<string> Spellings(string part)
    {
        // Both, because the two cases of a letter have different escapes.
        foreach (var text in (string[])[part, part.ToLowerInvariant(), part.ToUpperInvariant()])
        {
            yield return text;
            if (Ascii.IsValid(text))
                continue;
            yield return Escaped(text);
            if (AsciiOf(text) is { } ascii)
                yield return ascii;
        }
    }

    private static string Escaped(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.IsAscii ? $"{rune}" : Uri.EscapeDataString($"{rune}")));

    // With its path, a host is read like an address; alone, it need not have a dot.
    private static string? AsciiOf(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var colon ? colon + 3 : 0;
        if (!TargetUrl.TryParse("https://" + text[start..], out var url, out _))
            return null;
        var rest = url.Text["https://".Length..];
        return text[..start] + (text.Contains('/', StringComparison.Ordinal) ? rest : rest.TrimEnd('/'));
    }
}
