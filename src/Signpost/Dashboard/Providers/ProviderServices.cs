using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Signpost.Accounts.SignIn;
using Signpost.Hosting;

namespace Signpost.Dashboard.Providers;

/// <summary>Adds the framework's handler for OpenID Connect if the settings name a provider.</summary>
internal static class ProviderServices
{
    public const string SchemeName = "Provider";
    public const string CallbackPath = "/login/provider/callback";

    public static void AddProvider(this IServiceCollection services, SignpostSettings settings)
    {
        if (settings.Oidc is not { } provider)
            return;
        services.AddSingleton<ProviderDocuments>();
        services.AddSingleton<ProviderEvents>();
        services.AddSingleton<ProviderChallenge>();
        services
            .AddAuthentication()
            .AddOpenIdConnect(SchemeName, displayName: null, options => Configure(options, provider));
        services
            .AddOptions<OpenIdConnectOptions>(SchemeName)
            .Configure<ProviderDocuments>((options, documents) => Connect(options, documents, provider));
        services.AddTransient<OpenIdConnectHandler, ProviderHandler>();
    }

    private static void Configure(OpenIdConnectOptions options, OidcSettings provider)
    {
        options.Authority = provider.Authority.OriginalString;
        options.RequireHttpsMetadata = provider.Authority.Scheme is "https";
        options.ClientId = provider.ClientId;
        options.ClientSecret = provider.ClientSecret;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // The default is a form that the provider's page posts. Browsers send it without our cookies.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        // A pushed request would let anybody make this server send requests.
        options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable;
        options.CallbackPath = CallbackPath;
        options.RemoteSignOutPath = default;
        options.SignedOutCallbackPath = default;
        options.SignInScheme = SessionAuthentication.SchemeName;
        options.EventsType = typeof(ProviderEvents);
        options.DisableTelemetry = true;
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        options.Scope.Clear();
        foreach (var scope in provider.Scopes)
            options.Scope.Add(scope);
        MapClaims(options, provider);
    }

    // Some providers put these claims into the ID token, others only into the response of the UserInfo endpoint.
    private static void MapClaims(OpenIdConnectOptions options, OidcSettings provider)
    {
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear();
        foreach (var claim in ProviderClaims.Single)
            options.ClaimActions.MapUniqueJsonKey(claim, claim);
        if (provider.AdminClaim is var (name, _) && !ProviderClaims.Single.Contains(name))
            options.ClaimActions.MapJsonKey(name, name);
    }

    private static void Connect(OpenIdConnectOptions options, ProviderDocuments documents, OidcSettings provider)
    {
        options.Backchannel = documents.Http;
        options.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
            provider.Authority.OriginalString.TrimEnd('/') + "/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            documents
        );
    }
}
