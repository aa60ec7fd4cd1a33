using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Signpost.Api.Callers;

namespace Signpost.Dashboard.Providers;

/// <summary>Sends people to the provider.</summary>
internal sealed class ProviderChallenge(TimeProvider clock)
{
    /// <summary>Begins the way. The response redirects to the provider.</summary>
    /// <param name="returnUrl">The path to go to at the end.</param>
    /// <returns>False: the provider does not respond.</returns>
    public async Task<bool> BeginAsync(HttpContext http, ProviderAim aim, string returnUrl)
    {
        var properties = new OpenIdConnectChallengeProperties { RedirectUri = returnUrl };
        var session = http.Features.Get<Caller>()?.Credential is Credential.Session(var id) ? id : 0;
        new ProviderTrip(aim, session, clock.GetUtcNow()).WriteTo(properties);
        if (aim is ProviderAim.Confirm)
        {
            properties.MaxAge = TimeSpan.Zero;
            // Some providers read only one of the two.
            properties.Prompt = "login";
        }

        try
        {
            await http.ChallengeAsync(ProviderServices.SchemeName, properties);
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or HttpRequestException)
        {
            // The failure is in the log already.
            return false;
        }

        http.Response.Headers.CacheControl = "no-store";
        return true;
    }
}
