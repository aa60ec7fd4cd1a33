using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Finds links by a part of their destination, however it is spelled: as it was sent, or in the canonical form, in which letters beyond
/// ASCII are escaped or, in hosts, are punycode.
/// </summary>
internal static class DestinationSearch
{
    public static IQueryable<LinkRow> Where(IQueryable<LinkRow> links, string part)
    {
        Expression<Func<LinkRow, bool>>? any = null;
        foreach (var pattern in Spellings(part).Distinct(StringComparer.Ordinal).Select(Pattern))
            any = any is null ? Has(pattern) : Or(any, Has(pattern));
        return links.Where(any!);
    }

    // LIKE ignores the case of ASCII letters only.
    private static IEnumerable<string> Spellings(string part)
    {
        foreach (var text in (string[])[part, part.ToLowerInvariant(), part.ToUpperInvariant()])
        {
            yield return text;
            if (System.Text.Ascii.IsValid(text))
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

    private static string Pattern(string part) =>
        $"%{part.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";

    private static Expression<Func<LinkRow, bool>> Has(string pattern) =>
        link =>
            EF.Functions.Like(link.LocationUrl, pattern, "!")
            || (link.LocationSent != null && EF.Functions.Like(link.LocationSent, pattern, "!"));

    private static Expression<Func<LinkRow, bool>> Or(
        Expression<Func<LinkRow, bool>> left,
        Expression<Func<LinkRow, bool>> right
    )
    {
        var same = new Renamed(right.Parameters[0], left.Parameters[0]).Visit(right.Body);
        return Expression.Lambda<Func<LinkRow, bool>>(Expression.OrElse(left.Body, same), left.Parameters);
    }

    private sealed class Renamed(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
