using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;

namespace Signpost.Accounts.Keys;

/// <summary>Reads <c>Authorization: Bearer {api_key}</c>. Keys are accepted in no other way, and the API ignores cookies.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    ApiKeys keys,
    AuditLog audit,
    AttemptLimiter limiter
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    private const string Bearer = "Bearer ";
    private const int LongestKey = 512;

    // A script that keeps trying causes one line per minute, not a full disk.
    private static readonly Allowance Refusals = new(1, TimeSpan.FromMinutes(1), IsQuiet: true);

    /// <summary>The key in a request, valid or not; null: there is none.</summary>
    public static string? KeyOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim(' ')
            : null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyOf(Request) is not { } key)
            return Task.FromResult(AuthenticateResult.NoResult());

        if (key.Length is 0 or > LongestKey || keys.Find(key, Context.Origin()) is not { } caller)
            return Task.FromResult(AuthenticateResult.Fail("No such key."));

        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, $"{caller.AccountId}")], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        var caller = Context.Caller();
        if (limiter.Take($"refused {caller.Credential}", Refusals) is null)
            audit.AddLater(
                AuditLine.By(
                    caller,
                    AuditEvent.Refused,
                    caller.AccountId,
                    $"{Request.Method} {(Context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}"
                )
            );
        return Task.CompletedTask;
    }
}
