using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Signpost.Api.Callers;
using Signpost.Web.Languages;

namespace Signpost.Accounts.SignIn;

/// <summary>Reads the session cookie. Only pages accept it; the API ignores cookies.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Sessions sessions
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Session";
    private const string CookieName = "signpost";
    private const int LongestSecret = 64;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SecretOf(Context) is not { } secret)
            return AuthenticateResult.NoResult();
        if (await sessions.FindAsync(secret, Context.Origin(), Context.RequestAborted) is not var (caller, language))
            return AuthenticateResult.Fail("No such session.");

        Context.Features.Set(caller);
        Context.Features.Set(new AccountLanguage(language));
        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, $"{caller.AccountId}")], SchemeName);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (
            HttpMethods.IsPost(Request.Method)
            && Context.GetEndpoint()?.Metadata.GetMetadata<KeepsFormOfSignedOut>() is { } page
            && await page.WriteAsync(Context)
        )
            return;

        Response.Headers.CacheControl = "no-store";
        // After signing in, a person who sent a form returns to the form's page if possible.
        Response.Redirect(
            HttpMethods.IsGet(Request.Method)
                ? $"/login?returnUrl={Uri.EscapeDataString(Request.Path + Request.QueryString)}"
                : "/login"
        );
    }

    /// <summary>Finds the language of the account for pages that anybody may read, and for the page that something is missing.</summary>
    public static void UseAccountLanguage(WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                if (
                    http.GetEndpoint() is not { } endpoint
                    || endpoint.Metadata.GetMetadata<InAccountLanguage>() is not null
                )
                    await http.AuthenticateAsync(SchemeName);
                await next(http);
            }
        );

    /// <summary>The secret of the request's cookie, whatever it is worth; null: none.</summary>
    public static string? SecretOf(HttpContext http) =>
        HostCookies.Get(http, CookieName) is { Length: > 0 and <= LongestSecret } secret ? secret : null;

    public static void SignIn(HttpContext http, string secret) =>
        HostCookies.Set(http, CookieName, secret, Sessions.Longest);

    public static void SignOut(HttpContext http) => HostCookies.Delete(http, CookieName);
}

/// <summary>Marks an endpoint that keeps the form of a person whose session has ended.</summary>
/// <param name="WriteAsync">Writes a page with everything that was typed; false: the form is not one of our page.</param>
internal sealed record KeepsFormOfSignedOut(Func<HttpContext, Task<bool>> WriteAsync);
