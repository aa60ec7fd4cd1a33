namespace Signpost.Core.Visitors;

/// <summary>Robots and previews that the imported lists do not have, or have as another kind.</summary>
internal static class OwnRobots
{
    /// <summary>Programs that fetch by themselves. Case does not matter.</summary>
    public static readonly string[] Robots =
    [
        "^gitlab/",
        // Office programs fetch an address before they give it to a browser.
        "ms-?office",
        "microsoft (?:office|outlook|word|excel|powerpoint|onenote)\\b",
        "\\b(?:word|excel|powerpoint|onenote|macoutlook)/1[4-9]\\.",
        "powershell/",
        "\\bdart/\\d[\\d.]* \\(dart:io\\)",
        // Assistants that fetch for their users, such as Amzn-User.
        "\\b[a-z]+-user/\\d",
    ];

    /// <summary>Programs that draw a preview of a link. Case does not matter.</summary>
    public static readonly string[] Previews =
    [
        "bluesky cardyb",
        "google-pagerenderer",
        "\\+/web/snippet/",
        "zulipurlpreview",
        "metadataretriever",
        "misskey/",
        "pleroma|akkoma",
        "nextcloud(?: server crawler|-talk|/)",
        "gotosocial/",
        "kakaotalk-scrap",
        "larkurl2meta",
        "rocket\\.chat/",
        "matrix-(?:media-repo|url-preview)",
    ];
}
