using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signpost.Core.Visitors;

/// <summary>
/// Reads lists like <c>"Chromium";v="131", "Not_A Brand";v="24"</c> (RFC 9651) as far as they are well-formed.
/// </summary>
internal static class BrandList
{
    private const int MostBrands = 16;

    /// <summary>The brands with their versions; none when any of it is malformed.</summary>
    public static IReadOnlyList<(string Brand, string? Version)> Read(string? list)
    {
        List<(string, string?)> brands = [];
        if (list is null)
            return brands;

        for (var at = 0; ; )
        {
            SkipBlanks(list, ref at);
            if (brands.Count == MostBrands || !TryReadText(list, ref at, out var brand))
                return [];
            if (!TryReadVersion(list, ref at, out var version))
                return [];
            brands.Add((brand, version));

            SkipBlanks(list, ref at);
            if (at == list.Length)
                return brands;
            if (list[at++] != ',')
                return [];
        }
    }

    /// <summary>Reads a text between quotation marks.</summary>
    public static bool TryReadText(string list, ref int at, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (at == list.Length || list[at] != '"')
            return false;

        var read = new StringBuilder();
        for (at++; at < list.Length; at++)
        {
            if (list[at] == '"')
            {
                at++;
                text = read.ToString();
                return true;
            }

            if (list[at] == '\\' && ++at == list.Length)
                return false;
            read.Append(list[at]);
        }

        return false;
    }

    // Parameters, of which only v matters: a text.
    private static bool TryReadVersion(string list, ref int at, out string? version)
    {
        version = null;
        while (at < list.Length && list[at] == ';')
        {
            at++;
            SkipBlanks(list, ref at);
            var start = at;
            while (at < list.Length && (char.IsAsciiLetterOrDigit(list[at]) || list[at] is '_' or '-' or '*' or '.'))
                at++;
            var name = list.AsSpan()[start..at];
            if (name.IsEmpty || at == list.Length || list[at++] != '=' || !TryReadText(list, ref at, out var value))
                return false;
            if (name is "v")
                version = value;
        }

        return true;
    }

    private static void SkipBlanks(string list, ref int at)
    {
        while (at < list.Length && list[at] is ' ' or '\t')
            at++;
    }
}
