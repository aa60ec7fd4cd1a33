using System.Globalization;
using System.Security.Claims;
using Signpost.Accounts.SignIn;
using Signpost.Hosting;

namespace Signpost.Dashboard.Providers;

/// <summary>Reads the claims of a person at the provider.</summary>
internal static class ProviderClaims
{
    private const string Email = "email";
    private const string IsVerified = "email_verified";

    // Entra has no email_verified. This claim says that the owner of the domain has proved it (XMS: Microsoft's own extension).
    private const string IsVerifiedByEntra = "xms_edov";
    private const string Name = "name";

    /// <summary>The claims of which each person has one.</summary>
    public static readonly string[] Single = [Email, IsVerified, IsVerifiedByEntra, Name];

    public static ProviderIdentity Read(ClaimsPrincipal person, OidcSettings provider) =>
        new(
            person.FindFirstValue("iss")!,
            person.FindFirstValue("sub")!,
            Says(person, IsVerified) || Says(person, IsVerifiedByEntra) ? person.FindFirstValue(Email)?.Trim() : null,
            person.FindFirstValue(Name)?.Trim() ?? "",
            provider.AdminClaim is var (claim, value) ? person.HasClaim(claim, value) : null,
            long.TryParse(person.FindFirstValue("auth_time"), CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and < 1L << 40
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null
        );

    private static bool Says(ClaimsPrincipal person, string claim) =>
        person.FindFirstValue(claim) is { } value
        && (value.Equals("true", StringComparison.OrdinalIgnoreCase) || value is "1");
}
