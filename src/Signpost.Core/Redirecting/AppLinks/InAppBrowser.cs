namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>
/// The app whose built-in browser a visitor uses. Such browsers open another app only by a tap, if at all.
/// </summary>
public enum InAppBrowser : byte
{
    None,
    Instagram,
    Facebook,
    Messenger,
    Threads,
    TikTok,
    Line,
    Snapchat,
    Pinterest,
    LinkedIn,
    X,

    /// <summary>One of many apps; Android gives all of them the same token.</summary>
    Other,
}

/// <summary>Recognises built-in browsers by the tokens that they add to the browser's name.</summary>
public static class InAppBrowsers
{
    // The first token that is found counts: Messenger has Facebook's tokens too, and each app adds its own to the system's.
    private static readonly (string Token, InAppBrowser Browser)[] Tokens =
    [
        ("Instagram", InAppBrowser.Instagram),
        ("Barcelona", InAppBrowser.Threads),
        ("MessengerForiOS", InAppBrowser.Messenger),
        ("FB_IAB/Orca", InAppBrowser.Messenger),
        ("FBAN/", InAppBrowser.Facebook),
        ("FBAV/", InAppBrowser.Facebook),
        ("FB_IAB/", InAppBrowser.Facebook),
        ("musical_ly", InAppBrowser.TikTok),
        ("BytedanceWebview", InAppBrowser.TikTok),
        ("TikTok", InAppBrowser.TikTok),
        ("Line/", InAppBrowser.Line),
        ("Snapchat", InAppBrowser.Snapchat),
        ("Pinterest", InAppBrowser.Pinterest),
        ("LinkedInApp", InAppBrowser.LinkedIn),
        ("Twitter for", InAppBrowser.X),
        ("TwitterAndroid", InAppBrowser.X),
        ("; wv)", InAppBrowser.Other),
    ];

    public static InAppBrowser Of(ReadOnlySpan<char> userAgent)
    {
        foreach (var (token, browser) in Tokens)
            if (userAgent.Contains(token, StringComparison.Ordinal))
                return browser;

        return InAppBrowser.None;
    }
}
