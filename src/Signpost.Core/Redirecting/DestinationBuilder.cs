using System.Text;
using Signpost.Core.Clicks;
using Signpost.Core.Links;

namespace Signpost.Core.Redirecting;

/// <summary>
/// Merges query parameters into a destination. An added name replaces all parameters of that name in the
/// destination; the others stay first and unchanged, byte for byte. Scheme, host and path never change, the
/// fragment stays last, and an app's address (mailto:, tel: …) stays unchanged. The result is always printable ASCII.
/// </summary>
public static class DestinationBuilder
{
    /// <summary>Sets the utm parameters that are given, when a plan is compiled.</summary>
    public static string WithUtm(
        string url,
        string? source,
        string? medium,
        string? campaign,
        string? term = null,
        string? content = null
    )
    {
        var added = new StringBuilder();
        Add("utm_source", source);
        Add("utm_medium", medium);
        Add("utm_campaign", campaign);
        Add("utm_term", term);
        Add("utm_content", content);
        return WithQuery(url, added.ToString());

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                added.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    /// <summary>Merges a visitor's query without <c>qr</c>, for each request.</summary>
    /// <param name="url">The text of a <see cref="TargetUrl"/>, or a result of this class.</param>
    /// <param name="visitorQuery">The part after the question mark, as it was sent.</param>
    public static string WithQuery(string url, ReadOnlySpan<char> visitorQuery)
    {
        if (visitorQuery.IsEmpty || !TakesQuery(url))
            return url;

        var added = Clean(visitorQuery);
        if (added is "")
            return url;

        var end = url.IndexOf('#') is >= 0 and var hash ? hash : url.Length;
        var mark = url.AsSpan(0, end).IndexOf('?');
        var head = url.AsSpan(0, mark < 0 ? end : mark);
        var own = mark < 0 ? "" : url.AsSpan((mark + 1)..end);

        var result = new StringBuilder(url.Length + added.Length + 2).Append(head).Append('?');
        if (!own.IsEmpty)
            AppendKept(result, own, NamesOf(added));

        return result.Append(added).Append(url, end, url.Length - end).ToString();
    }

    /// <summary>Makes a query fit for a header: all but printable ASCII becomes %XX.</summary>
    public static string Escaped(ReadOnlySpan<char> query) =>
        new StringBuilder(query.Length).AppendEscaped(query, UrlEscaping.Visitor).ToString();

    /// <summary>Whether parameters can be merged into this address: not into an app's.</summary>
    public static bool TakesQuery(string url) => url.StartsWith("http", StringComparison.Ordinal);

    // Escaped, and without empty parameters: "&&a&" is "a". The mark of a scan is for the server only.
    private static string Clean(ReadOnlySpan<char> query)
    {
        var result = new StringBuilder(query.Length + 16);
        foreach (var range in query.Split('&'))
            if (query[range] is { IsEmpty: false } piece && !VisitQuery.IsScanMark(piece))
                result.Append(result.Length == 0 ? "" : "&").AppendEscaped(piece, UrlEscaping.Visitor);

        return result.ToString();
    }

    private static void AppendKept(StringBuilder result, ReadOnlySpan<char> own, HashSet<string> replaced)
    {
        foreach (var range in own.Split('&'))
            if (own[range] is var piece && (piece.IsEmpty || !replaced.Contains(NameOf(piece))))
                result.Append(piece).Append('&');
    }

    // A set, so that thousands of names cost no more than their length.
    private static HashSet<string> NamesOf(ReadOnlySpan<char> query)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in query.Split('&'))
            names.Add(NameOf(query[range]));

        return names;
    }

    // The bytes of the escaped name, one in each char: comparing them needs no valid UTF-8.
    private static string NameOf(ReadOnlySpan<char> piece)
    {
        var name = piece.IndexOf('=') is >= 0 and var end ? piece[..end] : piece;
        if (!name.ContainsAny('%', '+'))
            return name.ToString();

        var decoded = new StringBuilder(name.Length);
        for (var at = 0; at < name.Length; at++)
        {
            if (UrlEscaping.StartsWithEscape(name[at..]))
            {
                decoded.Append((char)Convert.FromHexString(name.Slice(at + 1, 2))[0]);
                at += 2;
                continue;
            }

            decoded.Append(name[at] is '+' ? ' ' : name[at]);
        }

        return decoded.ToString();
    }
}
