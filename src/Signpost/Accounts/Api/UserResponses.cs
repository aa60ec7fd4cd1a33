using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.Api;

/// <summary>An account in a response of the API.</summary>
internal sealed record UserResponse(
    long Id,
    string Email,
    string Name,
    string Timezone,
    string Language,
    string Role,
    bool TwoFactorIsEnabled,
    bool IsDisabled,
    string Datetime
)
{
    public static UserResponse Of(Profile profile, TimeZoneInfo zone) =>
        new(
            profile.Id,
            profile.Email,
            profile.Name,
            profile.TimeZone,
            profile.Language,
            profile.IsAdmin ? Person.AdminRole : Person.UserRole,
            profile.HasSecondFactor,
            profile.IsDisabled,
            LocalTime.Format(profile.CreatedAt, zone)
        );
}

/// <summary>An API key in a response of the API. The key itself is shown only once, at its creation.</summary>
/// <param name="Prefix">The first characters of the key, so that people can tell keys apart.</param>
internal sealed record KeyResponse(
    long Id,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    string? Expires,
    string? LastUsedDatetime,
    string Datetime
)
{
    public static KeyResponse Of(ApiKey key, TimeZoneInfo zone) =>
        new(
            key.Id,
            key.Name,
            key.Prefix,
            ScopeNames.FromStored(key.Scopes).Names(),
            LocalTime.Format(key.ExpiresAt, zone),
            LocalTime.Format(key.LastUsedAt, zone),
            LocalTime.Format(key.CreatedAt, zone)
        );
}

/// <summary>A line of the audit log.</summary>
/// <param name="UserId">The account that the event concerns.</param>
/// <param name="ActorId">The person who caused it; null: nobody was signed in, or it came from the server's terminal.</param>
/// <param name="Network">The network of the request, without the part that identifies a machine.</param>
internal sealed record AuditResponse(
    long Id,
    string Event,
    long? UserId,
    long? ActorId,
    string? Detail,
    string? Network,
    string Datetime
)
{
    /// <summary>In UTC for every reader.</summary>
    public static AuditResponse Of(AuditEntry entry) =>
        new(
            entry.Id,
            entry.Event,
            entry.AccountId,
            entry.ActorId,
            entry.Detail,
            entry.Network,
            LocalTime.Format(entry.At, TimeZoneInfo.Utc)
        );
}
