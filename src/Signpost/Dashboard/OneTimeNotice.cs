using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Signpost.Accounts.SignIn;

namespace Signpost.Dashboard;

/// <summary>
/// A secret that the page after a form shows once: a new key, or recovery codes. It travels in an encrypted cookie that only the
/// same session opens, for five minutes, and the page that shows it deletes it. So a reload makes nothing and shows nothing again.
/// </summary>
internal sealed class OneTimeNotice(IDataProtectionProvider protection, TimeProvider clock)
{
    private const string CookieName = "signpost_notice";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>Leaves a notice for the next page.</summary>
    /// <param name="kind">The page that may show it.</param>
    /// <param name="secret">The secret of the session; null: the secret of this request's session.</param>
    public void Leave(HttpContext http, string kind, string text, string? secret = null)
    {
        var end = (clock.GetUtcNow() + Life).ToUnixTimeMilliseconds();
        var owner = secret ?? SessionAuthentication.SecretOf(http)!;
        var sealedText = Protector(kind).Protect(string.Create(CultureInfo.InvariantCulture, $"{end} {owner} {text}"));
        HostCookies.Set(http, CookieName, sealedText, Life);
    }

    /// <summary>Takes the notice that was left for this page; null: there is none.</summary>
    public string? Take(HttpContext http, string kind)
    {
        if (
            HostCookies.Get(http, CookieName) is not { } sealedText
            || SessionAuthentication.SecretOf(http) is not { } secret
            || Open(sealedText, kind, secret) is not { } text
        )
            return null;
        HostCookies.Delete(http, CookieName);
        return text;
    }

    private string? Open(string sealedText, string kind, string secret)
    {
        try
        {
            return
                Protector(kind).Unprotect(sealedText).Split(' ', 3) is [var end, var owner, var text]
                && CryptographicOperations.FixedTimeEquals(
                    Encoding.UTF8.GetBytes(owner),
                    Encoding.UTF8.GetBytes(secret)
                )
                && long.Parse(end, CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeMilliseconds()
                ? text
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Purposes stand in the log of the framework, so the secret of the session is not one of them.
    private IDataProtector Protector(string kind) => protection.CreateProtector("Signpost.OneTimeNotice", kind);
}
