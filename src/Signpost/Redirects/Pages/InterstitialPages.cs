using System.Globalization;
using Microsoft.Extensions.Primitives;
using Signpost.Core.Redirecting;
using Signpost.Web;
using Signpost.Web.Languages;

namespace Signpost.Redirects.Pages;

/// <summary>The interstitials: one asks for a password, one warns, and one shows what the owner wrote.</summary>
internal sealed class InterstitialPages(PageRenderer renderer, PageLanguages languages)
{
    /// <summary>The seconds on a splash page without a wait, before the browser continues by itself.</summary>
    private const int UsualStay = 10;

    // There is no form-action: Chromium also applies it to the redirects after a form, and naming the destination
    // here would reveal it. Only the encoded address of the form comes from a stranger on these pages.
    private static readonly StringValues Policy =
        $"default-src 'none'; style-src {PageStyle.Whole.Source}; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Status 401 and the form. It posts <c>password</c>.</summary>
    /// <param name="action">The address of the form, from the root.</param>
    /// <param name="problem">The name of the text about the last attempt; null: there was none.</param>
    /// <param name="isOfStatistics">It is the password of public statistics.</param>
    public Task WritePasswordAsync(
        HttpContext http,
        string action,
        string? problem = null,
        bool isOfStatistics = false
    ) =>
        WriteAsync<PasswordForm>(
            http,
            StatusCodes.Status401Unauthorized,
            new()
            {
                [nameof(PasswordForm.Action)] = action,
                [nameof(PasswordForm.Problem)] = problem,
                [nameof(PasswordForm.Subject)] = isOfStatistics ? "password.statistics" : "password",
            }
        );

    /// <summary>Status 200 and the warning. Its button posts an empty form.</summary>
    /// <param name="host">The destination's host, if it may be shown.</param>
    public Task WriteWarningAsync(HttpContext http, string action, string? host) =>
        WriteAsync<WarningForm>(
            http,
            StatusCodes.Status200OK,
            new() { [nameof(WarningForm.Action)] = action, [nameof(WarningForm.Host)] = host }
        );

    /// <summary>Status 200 and the splash page.</summary>
    /// <param name="address">Where the visitor continues, from the root.</param>
    public Task WriteSplashAsync(HttpContext http, LinkSplash splash, string address)
    {
        var style = new SplashStyle(splash.UnlockSeconds);
        // Without a script the browser continues by itself, and without that by a click.
        var stay = splash.UnlockSeconds > 0 ? splash.UnlockSeconds : UsualStay;
        http.Response.Headers["Refresh"] = string.Create(
            CultureInfo.InvariantCulture,
            $"{stay}; url={http.Request.PathBase.Value}{address}"
        );
        return WriteAsync<SplashPage>(
            http,
            StatusCodes.Status200OK,
            new()
            {
                [nameof(SplashPage.Splash)] = splash,
                [nameof(SplashPage.Address)] = address,
                [nameof(SplashPage.Style)] = style.Text,
                [nameof(SplashPage.Stay)] = stay,
            },
            $"default-src 'none'; style-src {PageStyle.Whole.Source} {style.Source}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        );
    }

    private async Task WriteAsync<TPage>(
        HttpContext http,
        int status,
        Dictionary<string, object?> parameters,
        StringValues policy = default
    )
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        var texts = languages.For(http);
        parameters["Texts"] = texts.All;
        var body = await renderer.RenderAsync<TPage>(parameters);
        PageHeaders.Set(http.Response, status, policy: policy.Count > 0 ? policy : Policy, texts: texts);
        await PageResponse.SendAsync(http, body);
    }
}
