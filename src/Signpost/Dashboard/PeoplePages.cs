using Microsoft.AspNetCore.Components;
using Signpost.Accounts.SignIn;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Mail;
using Signpost.Web;
using Signpost.Web.Forms;
using Signpost.Web.Languages;

namespace Signpost.Dashboard;

/// <summary>
/// The pages for first run and signing in, each in the language of the account or the browser. Callers check who is
/// signed in first.
/// </summary>
internal sealed class PeoplePages(
    PageRenderer renderer,
    OwnLanguages languages,
    SignpostSettings settings,
    PasskeyChallenges passkeys,
    MailQueue mails
)
{
    /// <summary>Renders a page and sends it with status 200, or 400 if something in its form is wrong.</summary>
    /// <param name="parameters">The parameters of the page, except its texts.</param>
    public Task WriteAsync<TPage>(HttpContext http, bool isWrong, Dictionary<string, object?> parameters)
        where TPage : IComponent =>
        WriteAsync<TPage>(http, isWrong ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK, parameters);

    /// <summary>As the others, for a page whose address is a secret: no browser tells this address to any other page.</summary>
    public Task WriteOneTimeAsync<TPage>(HttpContext http, int status, Dictionary<string, object?> parameters)
        where TPage : IComponent => WriteAsync<TPage>(http, status, parameters, hasSecretAddress: true);

    public Task WriteAsync<TPage>(HttpContext http, int status, Dictionary<string, object?> parameters)
        where TPage : IComponent => WriteAsync<TPage>(http, status, parameters, hasSecretAddress: false);

    private async Task WriteAsync<TPage>(
        HttpContext http,
        int status,
        Dictionary<string, object?> parameters,
        bool hasSecretAddress
    )
        where TPage : IComponent
    {
        var texts = languages.For(http);
        parameters["Texts"] = texts.All;
        var body = await renderer.RenderAsync<TPage>(parameters);
        PageHeaders.Set(http.Response, status, policy: PageHeaders.People, texts: texts);
        if (hasSecretAddress)
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
        await PageResponse.SendAsync(http, body);
    }

    /// <param name="email">The e-mail address that was typed; null: the form is shown for the first time.</param>
    public Task WriteLoginAsync(HttpContext http, string returnUrl, string? email = null) =>
        WriteAsync<Login>(
            http,
            isWrong: email is not null,
            new()
            {
                [nameof(Login.Token)] = http.AntiforgeryToken(),
                [nameof(Login.ReturnUrl)] = returnUrl,
                [nameof(Login.Email)] = email,
                [nameof(Login.Provider)] = settings.Oidc?.Name,
                [nameof(Login.WithPassword)] = settings.Oidc is not { IsRequired: true },
                [nameof(Login.WithPasskey)] = passkeys.AreOn(http),
                [nameof(Login.Trouble)] = TroubleOf(http),
                [nameof(Login.MailsResets)] = mails.IsOn,
                [nameof(Login.Done)] = languages.For(http).All.GetValueOrDefault($"done.{http.Request.Query["done"]}"),
            }
        );

    public Task WriteLoginCodeAsync(HttpContext http, string returnUrl, bool isWrong = false) =>
        WriteAsync<LoginCode>(
            http,
            isWrong,
            new()
            {
                [nameof(LoginCode.Token)] = http.AntiforgeryToken(),
                [nameof(LoginCode.ReturnUrl)] = returnUrl,
                [nameof(LoginCode.IsWrong)] = isWrong,
            }
        );

    /// <summary>The sentence about a trouble that the address names; null: it names none.</summary>
    public string? TroubleOf(HttpContext http)
    {
        var (texts, key) = (languages.For(http).All, $"trouble.{http.Request.Query["trouble"]}");
        return texts.ContainsKey(key) ? texts.Fill(key, ("name", settings.Oidc?.Name ?? "")) : null;
    }
}
