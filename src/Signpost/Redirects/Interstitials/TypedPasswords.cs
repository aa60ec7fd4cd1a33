using System.Globalization;
using Signpost.Links;
using Signpost.Redirects.Pages;
using Signpost.Web.Notices;

namespace Signpost.Redirects.Interstitials;

/// <summary>Judges passwords that visitors type, of links and of public statistics.</summary>
internal sealed class TypedPasswords(
    PasswordAttemptLimiter attempts,
    PasswordChecks checks,
    InterstitialPages pages,
    VisitorPages notices
)
{
    /// <summary>True: the password is right. False: the visitor has got a page that says more.</summary>
    /// <param name="subject">Attempts are limited for each subject: the id of a link, or below 0 the one of a link's statistics.</param>
    /// <param name="action">The address of the form, from the root.</param>
    public async Task<bool> TryAsync(HttpContext http, long subject, string hash, string password, string action)
    {
        if (password is "")
        {
            await pages.WritePasswordAsync(http, action, "password.empty", isOfStatistics: subject < 0);
            return false;
        }

        var address = http.Connection.RemoteIpAddress;
        if (attempts.Take(subject, address) is { Ticks: > 0 } wait)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await notices.WriteAsync(http, VisitorPage.TooManyPasswordAttempts);
            return false;
        }

        if (checks.TryCheck(hash, password) is not { } check)
        {
            attempts.GiveBack(subject, address);
            await notices.WriteAsync(http, VisitorPage.Busy);
            return false;
        }

        if (!await check)
        {
            await pages.WritePasswordAsync(http, action, "password.wrong", isOfStatistics: subject < 0);
            return false;
        }

        attempts.GiveBack(subject, address);
        return true;
    }
}
