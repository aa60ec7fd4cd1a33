using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Signpost.Core.Links;

/// <summary>
/// An address that a link may redirect to: http, https or the scheme of a known app, in the one spelling that is
/// stored and sent. Every URL field has this type. Parsing its text again returns the same text.
/// </summary>
public readonly record struct TargetUrl
{
    /// <summary>The most characters, as typed and as stored.</summary>
    public const int LongestText = 2_048;

    private const string TooLong = "The address may be at most 2,048 characters long.";
    private const string BadText = "The address must not hold control characters or broken text.";
    private const string BadStart =
        "The address must start with http:// or https://, or with the scheme of a known app such as mailto: or tel:.";
    private const string BadHost = "The host of the address is not valid.";
    private const string BadPort = "The port of the address must be a number from 1 to 65535.";
    private const string UserInfo = "The address must not hold a user name or password.";
    private const string Incomplete = "The address is not complete.";

    // Schemes of apps only: none of them runs script, reads a file or shows content under our name.
    private static readonly FrozenSet<string> AppSchemes =
    [
        .. "facetime facetime-audio fb-messenger geo line mailto maps market msteams sgnl".Split(' '),
        .. "skype slack sms spotify tel tg viber webcal whatsapp zoommtg".Split(' '),
    ];

    private TargetUrl(string text) => Text = text;

    /// <summary>The canonical address: printable ASCII, safe to put in a header.</summary>
    public string Text { get; }

    /// <summary>True for http and https.</summary>
    public bool IsWeb =>
        Text.StartsWith("http:", StringComparison.Ordinal) || Text.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>Lower case, without the colon.</summary>
    public string Scheme => Text[..Text.IndexOf(':')];

    /// <summary>A web address's host: lower case, punycode, no trailing dot, IPv6 in brackets. Empty for an app's address.</summary>
    public string Host => SplitAuthority().Host;

    /// <summary>A web address's port, the scheme's own where none is written. 0 for an app's address.</summary>
    public int Port => SplitAuthority().Port;

    /// <summary>The alias that a server would look up for this web address: its path, decoded, without the leading slash.</summary>
    public string AliasPath
    {
        get
        {
            var tail = Text.AsSpan(AuthorityEnd);
            return tail is ['/', .. var path] ? UrlPath.Decode(path[..EndOf(path, "?#")]) : "";
        }
    }

    private int AuthorityStart => Scheme.Length + "://".Length;

    private int AuthorityEnd => IsWeb ? AuthorityStart + EndOf(Text.AsSpan(AuthorityStart), "/") : Text.Length;

    public static bool TryParse(string? text, out TargetUrl url, out string problem)
    {
        problem = Read(text?.Trim(' ', '\t') ?? "", out var canonical) ?? "";
        url = problem is "" ? new TargetUrl(canonical) : default;
        return problem is "";
    }

    public override string ToString() => Text ?? "";

    private static string? Read(string text, out string canonical)
    {
        canonical = "";
        if (text.Length > LongestText)
            return TooLong;

        if (!IsCleanText(text))
            return BadText;

        var scheme = text[..EndOf(text, ":")].ToLowerInvariant();
        var isWeb = scheme is "http" or "https";
        if (scheme.Length == text.Length || (!isWeb && !AppSchemes.Contains(scheme)))
            return BadStart;

        var result = new StringBuilder(text.Length + 16).Append(scheme).Append(':');
        var rest = text.AsSpan(scheme.Length + 1);
        var problem = isWeb ? ReadWeb(scheme, rest, result) : ReadApp(rest, result);
        canonical = result.ToString();
        return problem ?? (canonical.Length > LongestText ? TooLong : null);
    }

    private static bool IsCleanText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 || rune == Rune.ReplacementChar)
                return false;

        return true;
    }

    private static string? ReadWeb(string scheme, ReadOnlySpan<char> rest, StringBuilder result)
    {
        if (rest is not ['/', '/', .. var address])
            return BadStart;

        var authority = address[..EndOf(address, @"/\?#")];
        var tail = address[authority.Length..];
        if (authority.Contains('@'))
            return UserInfo;

        // Some readers take a backslash right after the host for a slash, others for a part of the host.
        var hostLength = authority is ['[', ..] ? authority.IndexOf(']') + 1 : EndOf(authority, ":");
        if (tail is ['\\', ..] || !UrlHost.TryMakeCanonical(authority[..hostLength], out var host))
            return BadHost;

        if (!TryReadPort(authority[hostLength..], DefaultPort(scheme), out var port))
            return BadPort;

        result.Append("//").Append(host).Append(port);
        var path = tail[..EndOf(tail, "?#")];
        var slashed = path.ToString().Replace('\\', '/');
        result.Append(
            UrlPath.RemoveDotSegments(new StringBuilder().AppendEscaped(slashed, UrlEscaping.Path).ToString())
        );
        AppendQueryAndFragment(tail[path.Length..], result);
        return null;
    }

    private static string? ReadApp(ReadOnlySpan<char> rest, StringBuilder result)
    {
        if (rest.IsEmpty)
            return Incomplete;

        // A backslash ends nothing here: it is escaped, and the text after it would be read as a host.
        if (rest is ['/', '/', .. var address] && address[..EndOf(address, "/?#")].Contains('@'))
            return UserInfo;

        AppendQueryAndFragment(rest, result);
        return null;
    }

    private static void AppendQueryAndFragment(ReadOnlySpan<char> tail, StringBuilder result)
    {
        var fragment = EndOf(tail, "#");
        result.AppendEscaped(tail[..fragment], UrlEscaping.Query);
        if (fragment < tail.Length)
            result.Append('#').AppendEscaped(tail[(fragment + 1)..], UrlEscaping.Query);
    }

    private static bool TryReadPort(ReadOnlySpan<char> typed, int defaultPort, out string port)
    {
        port = "";
        if (typed is "" or ":")
            return true;

        if (
            typed is not [':', .. var digits]
            || !ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
            return false;

        if (number != defaultPort)
            port = string.Create(CultureInfo.InvariantCulture, $":{number}");

        return number > 0;
    }

    private static int DefaultPort(string scheme) => scheme is "https" ? 443 : 80;

    private (string Host, int Port) SplitAuthority()
    {
        if (!IsWeb)
            return ("", 0);

        var authority = Text.AsSpan(AuthorityStart..AuthorityEnd);
        var colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']')
            ? (authority[..colon].ToString(), int.Parse(authority[(colon + 1)..], CultureInfo.InvariantCulture))
            : (authority.ToString(), DefaultPort(Scheme));
    }

    private static int EndOf(ReadOnlySpan<char> text, ReadOnlySpan<char> ends) =>
        text.IndexOfAny(ends) is >= 0 and var end ? end : text.Length;
}
