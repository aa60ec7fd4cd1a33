using Signpost.Outbound;

namespace Signpost.Links.Framing;

/// <summary>
/// Reads from a page's headers whether a browser would show it in a frame on our pages
/// (https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header, https://www.w3.org/TR/CSP3/#directive-frame-ancestors).
/// </summary>
internal static class FramePolicy
{
    /// <param name="frame">The address of our page.</param>
    public static bool Allows(OutboundResponse answer, Uri frame)
    {
        // One header may hold several policies, and all must allow the frame. If there is a policy, X-Frame-Options is ignored.
        var ancestors = answer
            .ContentSecurityPolicies.SelectMany(header => header.Split(','))
            .Select(AncestorsOf)
            .OfType<string>()
            .ToArray();
        return ancestors.Length > 0
            ? ancestors.All(sources => AllowsBy(sources, answer.Url, frame))
            : AllowsByOptions(answer, frame);
    }

    private static bool AllowsByOptions(OutboundResponse answer, Uri frame)
    {
        string[] options =
        [
            .. answer
                .FrameOptions.SelectMany(header => header.Split(','))
                .Select(option => option.Trim().ToLowerInvariant())
                .Distinct(),
        ];
        return options switch
        {
            ["deny"] => false,
            ["sameorigin"] => IsSameOrigin(answer.Url, frame),
            [] or [_] => true,
            // Contradictions count as a refusal.
            _ => !options.Any(option => option is "deny" or "sameorigin" or "allowall"),
        };
    }

    // The first directive of a name counts; null: the policy has no such directive.
    private static string? AncestorsOf(string policy)
    {
        foreach (var directive in policy.Split(';'))
            if (
                directive.Trim(' ', '\t').Split([' ', '\t'], 2) is [var name, ..] words
                && name.Equals("frame-ancestors", StringComparison.OrdinalIgnoreCase)
            )
                return words.Length > 1 ? words[1] : "";

        return null;
    }

    private static bool AllowsBy(string sources, Uri page, Uri frame) =>
        sources
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Any(source => Matches(source.ToLowerInvariant(), page, frame));

    private static bool Matches(string source, Uri page, Uri frame)
    {
        if (source is "'self'")
            return IsSameOrigin(page, frame);
        if (source is "*")
            return true;
        if (source is ['\'', ..])
            return false;
        if (source is [.. var scheme, ':'] && !scheme.Contains(':', StringComparison.Ordinal))
            return IsScheme(scheme, frame);

        var mark = source.IndexOf("://", StringComparison.Ordinal);
        if (mark >= 0 ? !IsScheme(source[..mark], frame) : !IsScheme(page.Scheme, frame))
            return false;

        var authority = (mark >= 0 ? source[(mark + 3)..] : source).Split('/')[0];
        var (host, port) = authority.LastIndexOf(':') is >= 0 and var colon
            ? (authority[..colon], authority[(colon + 1)..])
            : (authority, "");
        return IsHost(host, frame) && (port is "" ? frame.IsDefaultPort : port is "*" || port == $"{frame.Port}");
    }

    private static bool IsHost(string host, Uri frame) =>
        host is ['*', '.', .. var rest]
            ? frame.IdnHost.EndsWith($".{rest}", StringComparison.OrdinalIgnoreCase)
            : host.Equals(frame.IdnHost, StringComparison.OrdinalIgnoreCase);

    // A source with http also allows https.
    private static bool IsScheme(string scheme, Uri frame) =>
        scheme == frame.Scheme || (scheme is "http" && frame.Scheme is "https");

    private static bool IsSameOrigin(Uri page, Uri frame) =>
        Uri.Compare(
            page,
            frame,
            UriComponents.SchemeAndServer,
            UriFormat.UriEscaped,
            StringComparison.OrdinalIgnoreCase
        ) == 0;
}
