using System.Buffers.Text;
using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Passkeys;

/// <summary>
/// Passkeys: to sign in, to add and remove them, and to confirm who somebody is. The script of the page fetches a challenge at
/// <c>…/options</c>, asks the browser, and posts the form with the field <c>credential</c>. If anything fails, it posts the form without that
/// field, and the page that comes back says why.
/// </summary>
internal static class PasskeyEndpoints
{
    private const string LoginPath = "/login/passkey";
    private const string AddPath = "/passkeys";
    private const string RemovePath = "/passkeys/remove";
    private const string ConfirmPath = "/passkeys/confirm";
    private const string Options = "/options";
    private const string Failed = "?trouble=passkey";
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    /// <param name="account">The addresses of the account page.</param>
    public static void MapOwnPasskeys(this IEndpointRouteBuilder account)
    {
        account.MapPost(AddPath, Add);
        account.MapPost(AddPath + Options, SendAddOptions);
        account.MapPost(RemovePath, Remove);
        account.MapPost(ConfirmPath, Confirm);
        account.MapPost(ConfirmPath + Options, SendConfirmOptions);
        account.LeadBack(AccountTabs.SignIn, AddPath, RemovePath, ConfirmPath);
    }

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        var login = routes
            .MapGroup("")
            .ExcludeFromDescription()
            .WithMetadata(new InAccountLanguage())
            .RequireHttps()
            .RequireAntiforgeryToken();
        login.MapPost(LoginPath, SignIn);
        login.MapPost(LoginPath + Options, SendSignInOptions);
        login.MapMethods(LoginPath, Reads, (HttpContext http) => http.SeeOther("/login"));
    }

    private static async Task SendSignInOptions(HttpContext http, PasskeyChallenges passkeys) =>
        await SendAsync(http, passkeys.AreOn(http) ? await passkeys.BeginAsync(http, PasskeyAim.SignIn) : null);

    private static async Task SignIn(
        HttpContext http,
        PasskeyChallenges passkeys,
        PasskeySignIn signIn,
        VisitorPages notices
    )
    {
        if (signIn.Take(http.Origin()) is { } wait)
        {
            await http.TooManyAsync(notices, wait);
            return;
        }

        var result = await signIn.SignInAsync(
            await passkeys.CheckAsync(http, PasskeyAim.SignIn),
            SessionAuthentication.SecretOf(http),
            http.Origin(),
            http.RequestAborted
        );
        var returnUrl = LocalPath.Of(http, http.Request.Form["returnUrl"]);
        if (result is SignInResult.Welcome(var secret))
        {
            SessionAuthentication.SignIn(http, secret);
            http.SeeOther(returnUrl);
        }
        else
            http.SeeOther($"/login{Failed}&returnUrl={Uri.EscapeDataString(returnUrl)}");
    }

    private static async Task SendAddOptions(HttpContext http, PasskeyChallenges passkeys, OwnPasskeys own)
    {
        var isAllowed =
            passkeys.AreOn(http)
            && await LoginEndpoints.Bounded(() => own.MayAddAsync(http.Caller(), Current(http), http.RequestAborted))
                is EditResult<ChangedCredentials>.Done;
        await SendAsync(http, isAllowed ? await passkeys.BeginAddingAsync(http, http.Caller()) : null);
    }

    private static async Task Add(HttpContext http, PasskeyChallenges passkeys, OwnPasskeys own)
    {
        var (caller, made) = (http.Caller(), await passkeys.CheckNewAsync(http));
        await AccountForms.AnswerAsync(
            http,
            "passkey",
            () =>
                made is null
                    ? own.MayAddAsync(caller, Current(http), http.RequestAborted)
                    : own.AddAsync(caller, made, http.RequestAborted),
            _ => http.SeeOther(AccountTabs.SignIn + (made is null ? Failed : "?done=passkey-added"))
        );
    }

    private static async Task Remove(HttpContext http, OwnPasskeys own)
    {
        var typed = $"{http.Request.Form["id"]}";
        var id = Base64Url.IsValid(typed) ? Base64Url.DecodeFromChars(typed) : [];
        await AccountForms.AnswerAsync(
            http,
            "passkey-remove",
            () => own.RemoveAsync(http.Caller(), id, Current(http), http.RequestAborted),
            _ => http.SeeOther($"{AccountTabs.SignIn}?done=passkey-removed")
        );
    }

    private static async Task SendConfirmOptions(HttpContext http, PasskeyChallenges passkeys) =>
        await SendAsync(http, passkeys.AreOn(http) ? await passkeys.BeginAsync(http, PasskeyAim.Confirm) : null);

    private static async Task Confirm(HttpContext http, PasskeyChallenges passkeys, OwnPasskeys own)
    {
        var back = AccountTabs.Back(http);
        var proof = await passkeys.CheckAsync(http, PasskeyAim.Confirm);
        var result = await own.ConfirmAsync(http.Caller(), proof, http.RequestAborted);
        if (result is EditResult<ChangedCredentials>.Done({ Secret: { } secret }))
        {
            SessionAuthentication.SignIn(http, secret);
            http.SeeOther($"{back}?done=confirmed");
        }
        else
            http.SeeOther(back + Failed);
    }

    /// <param name="options">Null: refused.</param>
    private static Task SendAsync(HttpContext http, string? options)
    {
        http.Response.StatusCode = options is null ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(options ?? "null", http.RequestAborted);
    }

    private static string Current(HttpContext http) => $"{http.Request.Form["current"]}";
}
