using Microsoft.AspNetCore.Authentication;
using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.SignIn;

/// <summary>The pages to sign in and out. <see cref="SignInManager"/> makes the decisions.</summary>
internal static class LoginEndpoints
{
    private const string TicketCookie = "signpost_step";
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];
    private static readonly TimeSpan TicketLife = TimeSpan.FromMinutes(5);

    public static void MapLogin(this IEndpointRouteBuilder routes)
    {
        var pages = routes
            .MapGroup("")
            .ExcludeFromDescription()
            .WithMetadata(new InAccountLanguage())
            .RequireHttps()
            .RequireAntiforgeryToken();
        pages.MapMethods("/login", Reads, ShowLogin);
        pages.MapPost("/login", SendPassword);
        pages.MapMethods("/login/code", Reads, ShowCode);
        pages.MapPost("/login/code", SendCode);

        var inside = routes.MapGroup("").ExcludeFromDescription().ForSignedIn().RequireAntiforgeryToken();
        inside.MapMethods("/logout", Reads, ShowLogout);
        inside.MapPost("/logout", SignOut);
    }

    /// <summary>Requires a session. People without one are sent to the sign-in page.</summary>
    public static RouteGroupBuilder ForSignedIn(this RouteGroupBuilder routes) =>
        routes
            .WithMetadata(new PageOfSignedIn(), new PageAfterSignIn())
            .RequireAuthorization(static people =>
                people.AddAuthenticationSchemes(SessionAuthentication.SchemeName).RequireAuthenticatedUser()
            );

    private static async Task ShowLogin(HttpContext http, PeoplePages pages)
    {
        var returnUrl = LocalPath.Of(http, http.Request.Query["returnUrl"]);
        if ((await http.AuthenticateAsync(SessionAuthentication.SchemeName)).Succeeded)
            http.SeeOther(returnUrl);
        else
            await pages.WriteLoginAsync(http, returnUrl);
    }

    private static async Task SendPassword(
        HttpContext http,
        SignInManager signIn,
        PeoplePages pages,
        VisitorPages notices,
        SignpostSettings settings
    )
    {
        if (settings.Oidc is { IsRequired: true })
        {
            http.SeeOther("/login");
            return;
        }

        var form = http.Request.Form;
        var (email, returnUrl) = ($"{form["email"]}".Trim(), LocalPath.Of(http, form["returnUrl"]));
        var result = await Bounded(() =>
            signIn.PasswordAsync(
                email,
                $"{form["password"]}",
                SessionAuthentication.SecretOf(http),
                http.Origin(),
                http.RequestAborted
            )
        );
        switch (result)
        {
            case SignInResult.Welcome(var secret):
                SessionAuthentication.SignIn(http, secret);
                http.SeeOther(returnUrl);
                return;
            case SignInResult.NeedsCode(var ticket):
                HostCookies.Set(http, TicketCookie, ticket, TicketLife);
                http.SeeOther($"/login/code?returnUrl={Uri.EscapeDataString(returnUrl)}");
                return;
            case SignInResult.TooMany(var wait):
                await http.TooManyAsync(notices, wait);
                return;
            case null:
                await notices.WriteAsync(http, VisitorPage.Busy);
                return;
            default:
                await pages.WriteLoginAsync(http, returnUrl, email);
                return;
        }
    }

    private static async Task ShowCode(HttpContext http, SignInManager signIn, PeoplePages pages)
    {
        var returnUrl = LocalPath.Of(http, http.Request.Query["returnUrl"]);
        if (HostCookies.Get(http, TicketCookie) is { } ticket && signIn.IsGood(ticket))
            await pages.WriteLoginCodeAsync(http, returnUrl);
        else
            http.SeeOther("/login");
    }

    private static async Task SendCode(HttpContext http, SignInManager signIn, PeoplePages pages, VisitorPages notices)
    {
        var form = http.Request.Form;
        var returnUrl = LocalPath.Of(http, form["returnUrl"]);
        var result = await signIn.CodeAsync(
            HostCookies.Get(http, TicketCookie) ?? "",
            $"{form["code"]}",
            SessionAuthentication.SecretOf(http),
            http.Origin(),
            http.RequestAborted
        );
        switch (result)
        {
            case SignInResult.Welcome(var secret):
                HostCookies.Delete(http, TicketCookie);
                SessionAuthentication.SignIn(http, secret);
                http.SeeOther(returnUrl);
                return;
            case SignInResult.TooMany(var wait):
                await http.TooManyAsync(notices, wait);
                return;
            case SignInResult.Wrong:
                await pages.WriteLoginCodeAsync(http, returnUrl, isWrong: true);
                return;
            default:
                HostCookies.Delete(http, TicketCookie);
                http.SeeOther("/login");
                return;
        }
    }

    private static Task ShowLogout(HttpContext http, PeoplePages pages) =>
        pages.WriteAsync<Logout>(http, isWrong: false, new() { [nameof(Logout.Token)] = http.AntiforgeryToken() });

    private static async Task SignOut(HttpContext http, OwnAccount own)
    {
        if (http.Caller().Credential is Credential.Session(var id))
            await own.EndSessionAsync(http.Caller(), id, http.RequestAborted);
        SessionAuthentication.SignOut(http);
        http.SeeOther("/login");
    }

    /// <summary>Returns null if too many passwords wait to be hashed.</summary>
    public static async Task<T?> Bounded<T>(Func<Task<T>> work)
        where T : class
    {
        try
        {
            return await work();
        }
        catch (TooBusyException)
        {
            return null;
        }
    }

    public static async Task TooManyAsync(this HttpContext http, VisitorPages notices, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = AttemptLimiter.RetryAfter(wait);
        await notices.WriteAsync(http, VisitorPage.TooManyTries);
    }

    /// <summary>Redirects to a GET, so that a reload sends nothing twice.</summary>
    public static void SeeOther(this HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
        http.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>
    /// A form with an error is shown at its own address. If somebody opens that address again, the page is shown without the error.
    /// </summary>
    /// <param name="page">The address of the page.</param>
    /// <param name="forms">The paths of the forms.</param>
    public static void LeadBack(this IEndpointRouteBuilder routes, string page, params IEnumerable<string> forms)
    {
        foreach (var form in forms)
            routes.MapMethods(form, Reads, (HttpContext http) => http.SeeOther(page));
    }
}
