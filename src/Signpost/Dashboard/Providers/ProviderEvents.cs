using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.JsonWebTokens;
using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Mail;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Providers;

/// <summary>
/// Goes on after the provider has sent a person back. The framework's handler has checked state, nonce, PKCE and the tokens before.
/// </summary>
internal sealed partial class ProviderEvents(
    SignpostSettings settings,
    PublicAddress address,
    ProviderSignIn signIn,
    OwnLogins logins,
    VisitorPages notices,
    ILogger<ProviderEvents> logger
) : OpenIdConnectEvents
{
    private const int LongestReason = 300;

    public override Task RedirectToIdentityProvider(RedirectContext context)
    {
        context.ProtocolMessage.RedirectUri = address.Url + ProviderServices.CallbackPath;
        return Task.CompletedTask;
    }

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        if (signIn.Take(context.HttpContext.Origin()) is not { } wait)
            return;
        await context.HttpContext.TooManyAsync(notices, wait);
        context.HandleResponse();
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        // The framework accepts a token without a signature if the provider itself sent it. No provider needs that.
        if (context.TokenEndpointResponse is not { IdToken: { } token } || !new JsonWebToken(token).IsSigned)
            context.Fail(new AuthenticationFailureException("The ID token is not signed."));
        return Task.CompletedTask;
    }

    public override async Task TicketReceived(TicketReceivedContext context)
    {
        var (http, trip) = (context.HttpContext, ProviderTrip.Of(context.Properties));
        var identity = ProviderClaims.Read(context.Principal!, settings.Oidc!);
        context.HandleResponse();
        if (trip is { Aim: ProviderAim.SignIn })
            await SignInAsync(http, identity, context.ReturnUri ?? Navigation.Home);
        else if (trip is not null && await IsSessionAsync(http, trip.SessionId))
            await ChangeAsync(http, identity, trip, context.ReturnUri ?? AccountTabs.SignIn);
        else
            Leave(http, trip, "failed");
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        Leave(context.HttpContext, ProviderTrip.Of(context.Properties), "refused");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        LogFailed(ReasonOf(context.Failure));
        Leave(context.HttpContext, ProviderTrip.Of(context.Properties), "failed");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    /// <summary>The reason of a failure for one line of the log. It may repeat text of the provider, but no token.</summary>
    public static string ReasonOf(Exception? error) =>
        MailQueue.OneLine(error?.GetBaseException().Message ?? "no reason", LongestReason);

    private async Task SignInAsync(HttpContext http, ProviderIdentity identity, string returnUrl)
    {
        var former = SessionAuthentication.SecretOf(http);
        if (
            await signIn.SignInAsync(identity, former, http.Origin(), http.RequestAborted)
            is not SignInResult.Welcome
            (var secret)
        )
        {
            http.SeeOther("/login?trouble=none");
            return;
        }

        SessionAuthentication.SignIn(http, secret);
        http.SeeOther(returnUrl);
    }

    private async Task ChangeAsync(HttpContext http, ProviderIdentity identity, ProviderTrip trip, string back)
    {
        var caller = http.Caller();
        var (edit, done) =
            trip.Aim is ProviderAim.Connect
                ? (await logins.ConnectAsync(caller, identity, http.RequestAborted), "connected")
                : (await logins.ConfirmAsync(caller, identity, trip.Since, http.RequestAborted), "confirmed");
        switch (edit)
        {
            case EditResult<ChangedCredentials>.Done({ Secret: var secret }):
                if (secret is not null)
                    SessionAuthentication.SignIn(http, secret);
                http.SeeOther($"{back}?done={done}");
                return;
            case EditResult<ChangedCredentials>.Refused(Refusal.Conflict):
                Leave(http, trip, "taken");
                return;
            default:
                Leave(http, trip, "unconfirmed");
                return;
        }
    }

    // Only the session that began the way may end it: nobody can make somebody else's browser connect an account.
    private static async Task<bool> IsSessionAsync(HttpContext http, long sessionId) =>
        (await http.AuthenticateAsync(SessionAuthentication.SchemeName)).Succeeded
        && http.Caller().Credential == new Credential.Session(sessionId);

    private static void Leave(HttpContext http, ProviderTrip? trip, string trouble) =>
        http.SeeOther(
            trip is null or { Aim: ProviderAim.SignIn }
                ? $"/login?trouble={trouble}"
                : $"{AccountTabs.SignIn}?trouble={trouble}"
        );

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in through the provider failed: {Problem}")]
    private partial void LogFailed(string problem);
}
