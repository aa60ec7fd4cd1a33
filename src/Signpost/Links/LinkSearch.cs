using System.Text;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// A search for a part of the alias, or of the destination however it is spelled: as it was sent, or in the canonical form, in which
/// letters beyond ASCII are escaped or, in hosts, are punycode. Case does not matter.
/// </summary>
internal sealed class LinkSearch
{
    private readonly bool _inDestination;
    private readonly string[] _parts;

    private LinkSearch(bool inDestination, IEnumerable<string> parts)
    {
        _inDestination = inDestination;
        _parts = [.. parts.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The search of a query; null: there is none, or all links have the part.</summary>
    public static LinkSearch? Of(LinkQuery query)
    {
        if (query.Search is not { } part)
            return null;
        var search =
            query.SearchesTarget ? new LinkSearch(true, Spellings(part).Select(LinkTexts.Fold))
            : query.SearchedAddress is { } address ? new(false, [FoldAlias(address.Path.TrimEnd('/'))])
            : new LinkSearch(false, [FoldAlias(part)]);
        return search._parts.Contains("") ? null : search;
    }

    /// <summary>Finds the links of an account in <see cref="LinkTexts"/>, and some others.</summary>
    public string Grams(long account) =>
        LinkTexts.Query(account, _inDestination ? LinkTexts.Destination : LinkTexts.Alias, _parts);

    public bool Finds(string aliasKey, string url, string? sent)
    {
        if (!_inDestination)
            return LinkTexts.FoldAlias(aliasKey).Contains(_parts[0], StringComparison.Ordinal);
        url = LinkTexts.Fold(url);
        sent = sent is null ? null : LinkTexts.Fold(sent);
        foreach (var part in _parts)
            if (url.Contains(part, StringComparison.Ordinal) || sent?.Contains(part, StringComparison.Ordinal) is true)
                return true;
        return false;
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
