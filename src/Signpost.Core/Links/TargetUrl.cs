using System.Globalization;
using System.Text;

namespace Signpost.Core.Links;

/// <summary>
/// An address that a link may redirect to: http, https or the scheme of a known app. Every URL field has this type. It is kept
/// in two spellings: <see cref="Sent"/> for people, <see cref="Text"/> for machines. Parsing either again returns the same
/// <see cref="Text"/>.
/// </summary>
public readonly record struct TargetUrl
{
    /// <summary>The most characters of either spelling.</summary>
    public const int LongestText = 8_192;

    private const string BadText = "The address must not hold control characters or broken text.";
    private const string BadStart =
        "The address must start with http:// or https://, or with the scheme of a known app such as mailto: or tel:.";
    private const string UserInfo = "The address must not hold a user name or password.";

    private TargetUrl(string sent, string text) => (Sent, Text) = (sent, text);

    /// <summary>
    /// The address as its owner sent it, without invisible characters at its ends, and with https:// before a bare host. It may hold
    /// any visible character.
    /// </summary>
    public string Sent { get; }

    /// <summary>The address as a browser reads it (WHATWG URL): printable ASCII, safe to put in a header.</summary>
    public string Text { get; }

    /// <summary><see cref="Sent"/> if it differs from <see cref="Text"/>; else null.</summary>
    public string? SentOrNull => Sent == Text ? null : Sent;

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

    private int AuthorityEnd => IsWeb ? AuthorityStart + EndOf(Text.AsSpan(AuthorityStart), "/?#") : Text.Length;

    /// <param name="schemes">The schemes of apps that are allowed; null: the known ones.</param>
    public static bool TryParse(string? text, out TargetUrl url, out string problem, AppSchemes? schemes = null)
    {
        var sent = AddressText.Trim(text);
        problem = Read(ref sent, schemes ?? AppSchemes.Known, out var canonical) ?? "";
        url = problem is "" ? new TargetUrl(sent, canonical) : default;
        return problem is "";
    }

    /// <summary>An address that was stored: the <see cref="Text"/> of an earlier one, not checked again.</summary>
    public static TargetUrl OfStored(string text) => new(text, text);

    public override string ToString() => Text ?? "";

    private static string? Read(ref string sent, AppSchemes schemes, out string canonical)
    {
        canonical = "";
        if (sent.Length > LongestText)
            return TooLong(sent.Length, sent.Length);

        if (!IsCleanText(sent))
            return BadText;

        if (AddressText.IsBareHost(sent))
            sent = "https://" + sent;
        var end = EndOf(sent, ":");
        var scheme = sent[..end].ToLowerInvariant();
        if (end == sent.Length || !(scheme is "http" or "https" || schemes.Contains(scheme)))
            return BadStart;

        var rest = sent.AsSpan(end + 1);
        var isSpecial = UrlSpelling.DefaultPort(scheme) > 0;
        if (isSpecial && rest is not ['/', '/', ..])
            return BadStart;
        if (rest is ['/', '/', .. var address] && address[..EndOf(address, isSpecial ? @"/\?#" : "/?#")].Contains('@'))
            return UserInfo;

        var result = new StringBuilder(sent.Length + 16);
        var problem = UrlSpelling.Append(result, scheme, rest);
        canonical = result.ToString();
        return problem ?? (canonical.Length > LongestText ? TooLong(sent.Length, canonical.Length) : null);
    }

    private static string TooLong(int typed, int stored) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The address may be at most {LongestText:N0} characters long; it has {typed:N0}"
        )
        + (
            stored == typed
                ? "."
                : string.Create(CultureInfo.InvariantCulture, $", which are {stored:N0} when escaped.")
        );

    private static bool IsCleanText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 || rune == Rune.ReplacementChar)
                return false;

        return true;
    }

    private (string Host, int Port) SplitAuthority()
    {
        if (!IsWeb)
            return ("", 0);

        var authority = Text.AsSpan(AuthorityStart..AuthorityEnd);
        var colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']')
            ? (
                authority[..colon].TrimEnd('.').ToString(),
                int.Parse(authority[(colon + 1)..], CultureInfo.InvariantCulture)
            )
            : (authority.TrimEnd('.').ToString(), UrlSpelling.DefaultPort(Scheme));
    }

    private static int EndOf(ReadOnlySpan<char> text, ReadOnlySpan<char> ends) =>
        text.IndexOfAny(ends) is >= 0 and var end ? end : text.Length;
}
