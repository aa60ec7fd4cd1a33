using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Accounts.SignIn;

/// <summary>The use of a challenge.</summary>
internal enum PasskeyAim
{
    SignIn,
    Add,
    Confirm,
}

/// <summary>A passkey that signed a challenge of this browser. <see cref="PasskeyChallenges.UseAsync"/> must accept it before it counts.</summary>
/// <param name="Begun">The time when the challenge was made, in milliseconds.</param>
internal sealed record PasskeyProof(long PersonId, UserPasskeyInfo Passkey, long Begun);

/// <summary>
/// Makes challenges for passkeys, and checks the responses of browsers by Identity's handler. A challenge lies encrypted in a cookie of
/// the browser, with its aim and its session. It works for five minutes.
/// </summary>
internal sealed class PasskeyChallenges(
    SignpostSettings settings,
    Database database,
    PublicAddress address,
    IDataProtectionProvider protection,
    TimeProvider clock
)
{
    private const string CookieName = "signpost_passkey";
    private const int LongestResponse = 16 << 10;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _challenges = protection.CreateProtector("Signpost.Passkeys");

    /// <summary>The host that passkeys are bound to; null: passkeys are off. Browsers know no passkeys of a numeric address.</summary>
    public string? Domain =>
        settings.Oidc is not { IsRequired: true }
        && new Uri(address.Url) is { HostNameType: UriHostNameType.Dns, IdnHost: var host } url
        && (url.Scheme is "https" || host is "localhost")
            ? host
            : null;

    /// <summary>Tells whether passkeys work on the page of this request.</summary>
    public bool AreOn(HttpContext http) =>
        Domain is { } domain
        && string.Equals(new HostString(HostOf(http)).Host, domain, StringComparison.OrdinalIgnoreCase)
        && (http.Request.IsHttps || domain is "localhost");

    /// <summary>Begins to add a passkey. Returns the options for the browser in JSON.</summary>
    public async Task<string> BeginAddingAsync(HttpContext http, Caller caller)
    {
        await using var db = database.Read();
        var email = await db
            .People.Where(person => person.Id == caller.PersonId)
            .Select(person => person.Email!)
            .SingleAsync(http.RequestAborted);
        using var store = new PersonStore(db);
        using var manager = store.Manager();
        var id = caller.PersonId.ToString(CultureInfo.InvariantCulture);
        var made = await Handler(manager)
            .MakeCreationOptionsAsync(
                new()
                {
                    Id = id,
                    Name = email,
                    DisplayName = email,
                },
                http
            );
        Keep(http, PasskeyAim.Add, made.AttestationState!);
        return made.CreationOptionsJson;
    }

    /// <summary>Begins to ask for a passkey. Returns the options for the browser in JSON.</summary>
    public async Task<string> BeginAsync(HttpContext http, PasskeyAim aim)
    {
        await using var db = database.Read();
        using var store = new PersonStore(db);
        using var manager = store.Manager();
        // No person is named: the browser offers the passkeys that it has for this server.
        var made = await Handler(manager).MakeRequestOptionsAsync(null, http);
        Keep(http, aim, made.AssertionState!);
        return made.RequestOptionsJson;
    }

    /// <summary>The new passkey in the browser's response; null: the response does not fit its challenge.</summary>
    public async Task<UserPasskeyInfo?> CheckNewAsync(HttpContext http)
    {
        if (Take(http, PasskeyAim.Add) is not var (response, state, _))
            return null;
        await using var db = database.Read();
        using var store = new PersonStore(db);
        using var manager = store.Manager();
        var result = await Handler(manager)
            .PerformAttestationAsync(
                new()
                {
                    HttpContext = http,
                    CredentialJson = response,
                    AttestationState = state,
                }
            );
        return result.Succeeded ? result.Passkey : null;
    }

    /// <summary>The passkey in the browser's response; null: the response does not fit its challenge, or nobody here has the passkey.</summary>
    public async Task<PasskeyProof?> CheckAsync(HttpContext http, PasskeyAim aim)
    {
        if (Take(http, aim) is not var (response, state, begun))
            return null;
        await using var db = database.Read();
        using var store = new PersonStore(db);
        using var manager = store.Manager();
        var result = await Handler(manager)
            .PerformAssertionAsync(
                new()
                {
                    HttpContext = http,
                    CredentialJson = response,
                    AssertionState = state,
                }
            );
        return result.Succeeded ? new(result.User.Id, result.Passkey, begun) : null;
    }

    /// <summary>
    /// Notes the use in the caller's transaction. Returns false if the passkey is gone, or if it was used since the challenge was made:
    /// so no challenge works twice.
    /// </summary>
    public async Task<bool> UseAsync(SignpostDb db, PasskeyProof proof, CancellationToken cancel)
    {
        var (id, now) = (proof.Passkey.CredentialId, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var (count, isBackedUp) = ((long)proof.Passkey.SignCount, proof.Passkey.IsBackedUp);
        return await db
                .Passkeys.Where(one => one.CredentialId == id && one.PersonId == proof.PersonId)
                .Where(one => one.LastUsedAt == null || one.LastUsedAt < proof.Begun)
                .ExecuteUpdateAsync(
                    one =>
                        one.SetProperty(p => p.LastUsedAt, now)
                            .SetProperty(p => p.SignCount, count)
                            .SetProperty(p => p.IsBackedUp, isBackedUp),
                    cancel
                ) == 1;
    }

    private PasskeyHandler<Person> Handler(UserManager<Person> manager) =>
        new(
            manager,
            Options.Create(
                new IdentityPasskeyOptions
                {
                    ServerDomain = Domain,
                    AuthenticatorTimeout = Life,
                    UserVerificationRequirement = "required",
                    ResidentKeyRequirement = "required",
                    ValidateOrigin = static context =>
                        ValueTask.FromResult(!context.CrossOrigin && context.Origin == OriginOf(context.HttpContext)),
                }
            )
        );

    private static string OriginOf(HttpContext http) => $"{http.Request.Scheme}://{HostOf(http).ToLowerInvariant()}";

    private static string HostOf(HttpContext http) => http.Request.Headers.Host.ToString();

    private void Keep(HttpContext http, PasskeyAim aim, string state)
    {
        var begun = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var text = string.Create(CultureInfo.InvariantCulture, $"{aim} {SessionOf(http)} {begun} {state}");
        HostCookies.Set(http, CookieName, _challenges.Protect(text), Life);
    }

    // The cookie goes with the first response, right or wrong.
    private (string Response, string State, long Begun)? Take(HttpContext http, PasskeyAim aim)
    {
        if (
            !AreOn(http)
            || HostCookies.Get(http, CookieName) is not { } kept
            || $"{http.Request.Form["credential"]}" is not { Length: > 0 and <= LongestResponse } response
        )
            return null;
        HostCookies.Delete(http, CookieName);
        try
        {
            return
                _challenges.Unprotect(kept).Split(' ', 4) is [var its, var session, var begun, var state]
                && its == $"{aim}"
                && session == SessionOf(http).ToString(CultureInfo.InvariantCulture)
                && long.Parse(begun, CultureInfo.InvariantCulture) is var at
                && at + (long)Life.TotalMilliseconds > clock.GetUtcNow().ToUnixTimeMilliseconds()
                ? (response, state, at)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // 0: nobody is signed in, or the request signs somebody in.
    private static long SessionOf(HttpContext http) =>
        http.Features.Get<Caller>()?.Credential is Credential.Session(var id) ? id : 0;
}
