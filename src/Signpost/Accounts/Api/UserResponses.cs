using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.Api;

/// <summary>An account as the API answers it.</summary>
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

/// <summary>An API key as the API answers it; the key itself is shown once, when it is made.</summary>
/// <param name="Prefix">Its first characters, to tell keys apart by eye.</param>
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
/// <param name="UserId">Whose account it is about.</param>
/// <param name="ActorId">Who did it; null: nobody who was signed in, or the server's own terminal.</param>
/// <param name="Network">From where, without the part that names a machine.</param>
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
    /// <summary>In UTC, whoever reads it.</summary>
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
