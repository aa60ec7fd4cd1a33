namespace Signpost.Web.Notices;

/// <summary>The response for one of the <see cref="VisitorPage"/>s, and the name of its texts.</summary>
/// <param name="Status">The HTTP status of the page.</param>
/// <param name="Board">The text on the picture's board; null if a number does not help.</param>
/// <param name="RetryAfter">Seconds after which trying again may help.</param>
internal sealed record NoticeKind(
    int Status,
    string Name,
    string? Board = null,
    string? RetryAfter = null,
    string? Allow = null
)
{
    public static NoticeKind Of(VisitorPage page) =>
        page switch
        {
            VisitorPage.NotFound => new(404, "not_found", "404"),
            VisitorPage.Expired => new(410, "expired", "410"),
            VisitorPage.Busy => new(503, "busy", RetryAfter: "5"),
            VisitorPage.MethodNotAllowed => new(405, "method_not_allowed", "405", Allow: "GET, HEAD"),
            VisitorPage.Misdirected => new(421, "misdirected", "421"),
            VisitorPage.TooManyTries => new(429, "too_many_tries", RetryAfter: "60"),
            VisitorPage.TooManyUnknown => new(429, "too_many_unknown", RetryAfter: "60"),
            VisitorPage.StaleForm => new(400, "stale_form"),
            VisitorPage.TooManyPasswordAttempts => new(429, "too_many_passwords", RetryAfter: "60"),
            VisitorPage.ServerError => new(500, "server_error", "500"),
            _ => throw new ArgumentOutOfRangeException(nameof(page), page, "Has no texts."),
        };
}
