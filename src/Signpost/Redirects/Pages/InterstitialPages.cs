using Microsoft.Extensions.Primitives;
using Signpost.Web;
using Signpost.Web.Languages;

namespace Signpost.Redirects.Pages;

/// <summary>The two pages that stand before a link: one asks for its password, one warns.</summary>
internal sealed class InterstitialPages(PageRenderer renderer, PageLanguages languages)
{
    // Without form-action: Chromium holds it against the redirects that follow a form as well, and naming the destination
    // here would tell it. Nothing on these pages comes from a stranger but the encoded address of the form.
    private static readonly StringValues Policy =
        $"default-src 'none'; style-src {PageStyle.Whole.Source}; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>401 and the form. It posts <c>password</c>.</summary>
    /// <param name="action">Where to, from the root.</param>
    /// <param name="problem">The name of the text that says what was wrong with the last try; null: there was none.</param>
    public Task WritePasswordAsync(HttpContext http, string action, string? problem = null) =>
        WriteAsync<PasswordForm>(
            http,
            StatusCodes.Status401Unauthorized,
            new() { [nameof(PasswordForm.Action)] = action, [nameof(PasswordForm.Problem)] = problem }
        );

    /// <summary>200 and the warning, whose button posts nothing but itself.</summary>
    /// <param name="host">Where the link leads, when that is told.</param>
    public Task WriteWarningAsync(HttpContext http, string action, string? host) =>
        WriteAsync<WarningForm>(
            http,
            StatusCodes.Status200OK,
            new() { [nameof(WarningForm.Action)] = action, [nameof(WarningForm.Host)] = host }
        );

    private async Task WriteAsync<TPage>(HttpContext http, int status, Dictionary<string, object?> parameters)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        var texts = languages.For(http);
        parameters["Texts"] = texts.All;
        var body = await renderer.RenderAsync<TPage>(parameters);
        PageHeaders.Set(http.Response, status, policy: Policy, texts: texts);
        await PageResponse.SendAsync(http, body);
    }
}
