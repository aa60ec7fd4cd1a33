using System.Buffers;
using System.Globalization;

namespace Signpost.Core.Links;

/// <summary>
/// Repairs the path of a short address that was copied with its surroundings, like <c>promo).</c>, or whose query lacks its question
/// mark, like <c>promo&amp;utm_source=x</c>.
/// </summary>
public static class AliasPath
{
    // A longer path is no alias, whatever is taken off.
    private const int LongestPath = 8_192;

    private static readonly SearchValues<char> Symbols = SearchValues.Create("<>`|^");

    /// <summary>Makes the path that was probably meant; false: there is nothing to repair.</summary>
    /// <param name="path">Decoded, without its leading slash.</param>
    /// <param name="tidy">Not empty, and without a slash at its ends. It need not be a valid alias.</param>
    /// <param name="query">The part that was meant as a query, without its question mark; empty: none.</param>
    public static bool TryTidy(ReadOnlySpan<char> path, out string tidy, out string query)
    {
        (tidy, query) = ("", "");
        if (path.Length is 0 or > LongestPath)
            return false;

        var end = path.IndexOf('&') is >= 0 and var mark ? mark : path.Length;
        var alias = path[..end];
        while (alias is [var first, ..] && (first == '/' || IsBlank(first)))
            alias = alias[1..];
        while (alias is [.., var last] && (last == '/' || IsBlank(last) || Closes(last)))
            alias = alias[..^1];

        tidy = Joined(alias);
        query = end < path.Length ? path[(end + 1)..].ToString() : "";
        // One slash at the end is ignored by every look-up.
        var asked = path is [.., '/'] ? path[..^1] : path;
        return tidy is not "" && !asked.SequenceEqual(tidy);
    }

    private static string Joined(ReadOnlySpan<char> alias)
    {
        var text = alias.ToString();
        while (text.Contains("//", StringComparison.Ordinal))
            text = text.Replace("//", "/", StringComparison.Ordinal);
        return text;
    }

    private static bool IsBlank(char sign) =>
        char.IsWhiteSpace(sign) || char.IsControl(sign) || char.GetUnicodeCategory(sign) is UnicodeCategory.Format;

    private static bool Closes(char sign) =>
        Symbols.Contains(sign)
        || char.GetUnicodeCategory(sign)
            is UnicodeCategory.ClosePunctuation
                or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.InitialQuotePunctuation
                or UnicodeCategory.OtherPunctuation;
}
