namespace Signpost.Pages;

/// <summary>What one of the <see cref="VisitorPage"/>s says.</summary>
/// <param name="Status">The HTTP status it comes with.</param>
/// <param name="Board">What stands on the picture's board; nothing where a number helps nobody.</param>
/// <param name="RetryAfter">Seconds after which trying again may help.</param>
internal sealed record NoticeWords(
    int Status,
    string Heading,
    string Message,
    string Advice,
    string? Board = null,
    string? RetryAfter = null,
    string? Allow = null
)
{
    public static NoticeWords Of(VisitorPage page) =>
        page switch
        {
            VisitorPage.NotFound => new(
                404,
                "This link leads nowhere",
                "There is nothing at this address. It may have been mistyped, or the link was taken down.",
                "Check the address, or ask whoever gave it to you for a new one.",
                "404"
            ),
            VisitorPage.Expired => new(
                410,
                "This link has ended",
                "It was meant for a limited time or a limited number of visits, and that is over.",
                "Ask whoever gave it to you for a new one.",
                "410"
            ),
            VisitorPage.NotServedYet => new(
                503,
                "This link cannot be followed yet",
                "It asks for something that is not served by this version yet.",
                "Nothing is wrong on your side. Whoever made the link can change it."
            ),
            VisitorPage.Busy => new(
                503,
                "One moment, please",
                "The server cannot take this visit just now.",
                "Try again in a few seconds.",
                RetryAfter: "5"
            ),
            VisitorPage.MethodNotAllowed => new(
                405,
                "This link is for opening only",
                "It was called in a way that it does not answer.",
                "Open it in a browser.",
                "405",
                Allow: "GET, HEAD"
            ),
            VisitorPage.Misdirected => new(
                421,
                "There is nothing here under this name",
                "The server was reached under a name that it does not know.",
                "If you run it: its public address is set to another one.",
                "421"
            ),
            VisitorPage.TooManyTries => new(
                429,
                "That was a little fast",
                "There were too many tries from your address.",
                "Wait a minute, then try again.",
                RetryAfter: "60"
            ),
            VisitorPage.StaleForm => new(
                400,
                "That form was too old",
                "It could not be told that it came from this page, so nothing was done.",
                "Go back, load the page anew, and try once more."
            ),
            VisitorPage.ServerError => new(
                500,
                "Something went wrong here",
                "The server could not answer. It is not your fault.",
                "Trying again in a minute often helps.",
                "500"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(page), page, "Has no words."),
        };
}
