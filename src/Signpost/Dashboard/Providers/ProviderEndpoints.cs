using Microsoft.AspNetCore.Authentication;
using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Providers;

/// <summary>The ways to the OpenID Connect provider: to sign in, to connect an account there, and to confirm who somebody is.</summary>
internal static class ProviderEndpoints
{
    private const string ConnectPath = "/provider/connect";
    private const string ConfirmPath = "/provider/confirm";
    private const string DisconnectPath = "/provider/disconnect";

    /// <param name="account">The addresses of the account page.</param>
    public static void MapOwnProvider(this IEndpointRouteBuilder account)
    {
        account.MapPost(DisconnectPath, Disconnect);
        account.LeadBack(AccountTabs.SignIn, ConnectPath, ConfirmPath, DisconnectPath);
        if (account.ServiceProvider.GetRequiredService<SignpostSettings>().Oidc is null)
            return;

        account.MapPost(ConnectPath, Connect);
        account.MapPost(ConfirmPath, Confirm);
    }

    public static void MapProvider(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<SignpostSettings>().Oidc is not null)
            routes
                .MapGroup("")
                .ExcludeFromDescription()
                .WithMetadata(new InAccountLanguage())
                .RequireHttps()
                .MapGet("/login/provider", SignIn);
    }

    private static async Task SignIn(HttpContext http, ProviderChallenge challenge)
    {
        var returnUrl = LocalPath.Of(http, http.Request.Query["returnUrl"]);
        if ((await http.AuthenticateAsync(SessionAuthentication.SchemeName)).Succeeded)
            http.SeeOther(returnUrl);
        else if (!await challenge.BeginAsync(http, ProviderAim.SignIn, returnUrl))
            http.SeeOther("/login?trouble=away");
    }

    private static async Task Connect(
        HttpContext http,
        OwnLogins logins,
        ProviderChallenge challenge,
        PeoplePages pages,
        SignpostSettings settings
    )
    {
        var isAllowed = false;
        await AccountForms.AnswerAsync(
            http,
            "connect",
            () => logins.MayConnectAsync(http.Caller(), Current(http), http.RequestAborted),
            _ => isAllowed = true
        );
        if (isAllowed)
            await GoAsync(http, ProviderAim.Connect, challenge, pages, settings);
    }

    private static Task Confirm(
        HttpContext http,
        ProviderChallenge challenge,
        PeoplePages pages,
        SignpostSettings settings
    ) => GoAsync(http, ProviderAim.Confirm, challenge, pages, settings);

    private static Task Disconnect(HttpContext http, OwnLogins logins) =>
        AccountForms.AnswerAsync(
            http,
            "disconnect",
            () =>
                logins.DisconnectAsync(
                    http.Caller(),
                    $"{http.Request.Form["issuer"]}",
                    Current(http),
                    http.RequestAborted
                ),
            _ => http.SeeOther($"{AccountTabs.SignIn}?done=disconnected")
        );

    // The policy of the page lets its forms lead to this server only, also by redirects. So a page leads to the provider.
    private static async Task GoAsync(
        HttpContext http,
        ProviderAim aim,
        ProviderChallenge challenge,
        PeoplePages pages,
        SignpostSettings settings
    )
    {
        var back = AccountTabs.Back(http);
        if (!await challenge.BeginAsync(http, aim, back))
        {
            http.SeeOther($"{back}?trouble=away");
            return;
        }

        var address = http.Response.Headers.Location.ToString();
        http.Response.Headers.Location = default;
        await pages.WriteAsync<ProviderStep>(
            http,
            isWrong: false,
            new() { [nameof(ProviderStep.Name)] = settings.Oidc!.Name, [nameof(ProviderStep.Address)] = address }
        );
    }

    private static string Current(HttpContext http) => $"{http.Request.Form["current"]}";
}
