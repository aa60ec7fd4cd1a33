using System.Collections.Frozen;

namespace Signpost.Core.Links;

/// <summary>The schemes of apps that a link may lead to: none of them runs script, reads a file or shows content under our name.</summary>
public sealed class AppSchemes
{
    private const int LongestScheme = 64;

    private static readonly string[] Usual =
    [
        .. "bitcoin discord facetime facetime-audio fb-messenger ftp geo itms-apps line magnet mailto maps".Split(' '),
        .. "market matrix msteams notion obsidian sgnl signal sip skype slack sms spotify steam tel tg viber".Split(
            ' '
        ),
        .. "webcal whatsapp xmpp zoommtg".Split(' '),
    ];

    // They run script, read files, show other content under a known address, or start any program with any parameters.
    private static readonly FrozenSet<string> Forbidden =
    [
        .. "about blob chrome content data edge file filesystem http https intent jar javascript livescript".Split(' '),
        .. "mhtml mocha moz-extension ms res resource search search-ms shell shortcuts vbs vbscript view-source".Split(
            ' '
        ),
        .. "vscode ws wss".Split(' '),
    ];

    private static readonly string[] ForbiddenStarts = ["chrome-", "ms-", "vscode-"];

    private readonly FrozenSet<string> _allowed;

    private AppSchemes(IEnumerable<string> allowed) => _allowed = allowed.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The schemes that are always allowed.</summary>
    public static AppSchemes Known { get; } = new(Usual);

    /// <summary>The known schemes and others.</summary>
    /// <param name="others">In lower case; for each, <see cref="MayBeAllowed"/> is true.</param>
    public static AppSchemes With(IEnumerable<string> others) => new([.. Usual, .. others]);

    /// <summary>Tells whether an operator may allow this scheme, in lower case and without the colon.</summary>
    public static bool MayBeAllowed(string scheme) =>
        scheme is { Length: <= LongestScheme } and [>= 'a' and <= 'z', ..]
        && scheme.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign is '+' or '-' or '.')
        && !Forbidden.Contains(scheme)
        && !ForbiddenStarts.Any(start => scheme.StartsWith(start, StringComparison.Ordinal));

    /// <param name="scheme">In lower case, without the colon.</param>
    public bool Contains(string scheme) => _allowed.Contains(scheme);
}
