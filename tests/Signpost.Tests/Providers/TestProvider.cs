using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Signpost.Tests.Providers;

/// <summary>The account of the person who is signed in at the provider.</summary>
internal sealed record Somebody(string Subject)
{
    public string? Email { get; init; }
    public string? EmailVerified { get; init; } = "true";

    /// <summary>Entra's claim about the address.</summary>
    public string? DomainOwnerVerified { get; init; }
    public string[] Groups { get; init; } = [];

    /// <summary>The time when they typed their password there, if the provider does not ask for it again; null: no time is told.</summary>
    public DateTimeOffset? SignedInAt { get; init; }
}

/// <summary>A real OpenID Connect provider (OpenIddict) on a real port. The person who is signed in there goes on at once.</summary>
internal sealed class TestProvider : IAsyncDisposable
{
    public const string ClientId = "signpost";
    public const string ClientSecret = "a secret of both servers";

    private readonly RsaSecurityKey _key = NewKey();
    private readonly TimeProvider _clock;
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private TestProvider(TimeProvider clock, int port)
    {
        _clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddAuthentication();
        builder.Services.AddOpenIddict().AddServer(Configure);
        _app = builder.Build();
        _app.UseAuthentication();
    }

    public string Url => _app.Urls.First();

    /// <summary>The redirect URI of the last request.</summary>
    public string? RedirectUri { get; private set; }

    /// <summary>The last request of a browser.</summary>
    public OpenIddictRequest? Asked { get; private set; }

    public Somebody Person { get; set; } = new("nobody");

    /// <summary>The person presses "Cancel".</summary>
    public bool Refuses { get; set; }

    /// <summary>The provider asks for no password again, although it should.</summary>
    public bool IgnoresMaxAge { get; set; }

    /// <summary>E-mail address and groups stand in the response of the UserInfo endpoint only.</summary>
    public bool HasThinTokens { get; set; }

    /// <summary>Changes an ID token before it leaves; null: it leaves as it is.</summary>
    public Func<string, string>? Forgery { get; set; }

    public static async Task<TestProvider> StartAsync(TimeProvider clock, int port = 0)
    {
        var provider = new TestProvider(clock, port);
        await provider._app.StartAsync(TestContext.Current.CancellationToken);
        // On a busy machine its first response takes longer than Signpost waits.
        foreach (var path in (string[])["/.well-known/openid-configuration", "/.well-known/jwks"])
            (await provider._http.GetAsync(provider.Url + path, TestContext.Current.CancellationToken)).Dispose();
        return provider;
    }

    /// <summary>Goes where Signpost sends a browser; returns where the provider sends it back.</summary>
    public async Task<string> VisitAsync(string address)
    {
        using var response = await _http.GetAsync(address, TestContext.Current.CancellationToken);
        return response.Headers.Location?.OriginalString
            ?? throw new InvalidOperationException(
                await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
            );
    }

    /// <summary>The token with other values, signed with the provider's own key or a foreign one of the same name.</summary>
    public string Rewrite(string token, Action<Dictionary<string, object>> change, bool withForeignKey = false)
    {
        var read = new JsonWebToken(token);
        var claims = read.Claims.ToDictionary(claim => claim.Type, claim => (object)claim.Value);
        foreach (var number in (string[])["exp", "iat", "nbf", "auth_time"])
            if (claims.TryGetValue(number, out var value))
                claims[number] = long.Parse((string)value, CultureInfo.InvariantCulture);
        change(claims);
        var key = withForeignKey ? NewKey() : _key;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Claims = claims,
                SigningCredentials = new(key, SecurityAlgorithms.RsaSha256),
                TokenType = read.Typ,
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = "key" };

    private void Configure(OpenIddictServerBuilder server)
    {
        // No database: codes and tokens hold all that is needed.
        server.EnableDegradedMode();
        server.SetAuthorizationEndpointUris("authorize");
        server.SetTokenEndpointUris("token");
        server.SetUserInfoEndpointUris("userinfo");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes(Scopes.Email, Scopes.Profile);
        server.AddSigningKey(_key).AddEphemeralEncryptionKey();
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        Handle<ValidateAuthorizationRequestContext>(server, Validate);
        Handle<ValidateTokenRequestContext>(server, Validate);
        Handle<HandleAuthorizationRequestContext>(server, Authorize);
        // After OpenIddict's own handler, which fills in what the access token holds.
        Handle<HandleUserInfoRequestContext>(server, Describe, int.MaxValue - 100_000);
        Handle<ApplyTokenResponseContext>(server, Forge);
    }

    private static void Handle<T>(OpenIddictServerBuilder server, Action<T> handle, int order = int.MinValue + 100_000)
        where T : BaseContext =>
        server.AddEventHandler<T>(handler =>
            handler
                .UseInlineHandler(context =>
                {
                    handle(context);
                    return default;
                })
                .SetOrder(order)
        );

    private void Validate(ValidateAuthorizationRequestContext context)
    {
        (RedirectUri, Asked) = (context.RedirectUri, context.Request);
        if (context.ClientId != ClientId)
            context.Reject(Errors.InvalidClient);
    }

    private static void Validate(ValidateTokenRequestContext context)
    {
        if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
            context.Reject(Errors.InvalidClient);
    }

    private void Authorize(HandleAuthorizationRequestContext context)
    {
        if (Refuses)
        {
            context.Reject(Errors.AccessDenied);
            return;
        }

        var identity = new ClaimsIdentity("Test");
        Add(Claims.Subject, Person.Subject);
        Add(Claims.Name, "Grace Hopper");
        var at = context.Request.Prompt is null || IgnoresMaxAge ? Person.SignedInAt : _clock.GetUtcNow();
        if (at is { } time)
            Add(Claims.AuthenticationTime, $"{time.ToUnixTimeSeconds()}", ClaimValueTypes.Integer64);
        if (Person.Email is { } email && !HasThinTokens)
            Add(Claims.Email, email);
        if (Person.EmailVerified is { } verified && !HasThinTokens)
            Add(Claims.EmailVerified, verified, ClaimValueTypes.Boolean);
        if (Person.DomainOwnerVerified is { } owner)
            Add("xms_edov", owner, ClaimValueTypes.Boolean);
        foreach (var group in HasThinTokens ? [] : Person.Groups)
            Add("groups", group);
        context.Principal = new(identity);
        context.Principal.SetScopes(context.Request.GetScopes());

        void Add(string type, string value, string kind = ClaimValueTypes.String) =>
            identity.AddClaim(new Claim(type, value, kind).SetDestinations(Destinations.IdentityToken));
    }

    private void Describe(HandleUserInfoRequestContext context)
    {
        context.Subject = Person.Subject;
        context.Email = Person.Email;
        context.EmailVerified = Person.EmailVerified is "true";
        context.Claims["groups"] = new(JsonSerializer.SerializeToElement(Person.Groups));
    }

    private void Forge(ApplyTokenResponseContext context)
    {
        if (Forgery is not null && context.Response.IdToken is { } token)
            context.Response.IdToken = Forgery(token);
    }
}
