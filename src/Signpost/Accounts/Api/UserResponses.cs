using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Accounts.Api;

/// <summary>An account in a response of the API.</summary>
/// <param name="PlanExpirationDate">Always null: there are no plans to buy, so none expires.</param>
/// <param name="Billing">Always empty: nothing is billed.</param>
/// <param name="Country">Always null: it is not asked for.</param>
/// <param name="LastActivity">The last request of a session or a key, exact to the minute; null: there was none.</param>
/// <param name="TotalLogins">How many times the person has signed in on the page.</param>
/// <param name="TeamId">The team for which the calling key acts; null: none. Then plan_settings are the team's.</param>
internal sealed record UserResponse(
    long Id,
    string Type,
    string Email,
    string Name,
    string Timezone,
    string Language,
    string? Country,
    string Role,
    bool TwoFactorIsEnabled,
    bool IsEnabled,
    bool IsDisabled,
    string PlanId,
    string? PlanExpirationDate,
    bool PlanTrialDone,
    PlanSettings PlanSettings,
    Billing Billing,
    string? LastActivity,
    long TotalLogins,
    string Datetime,
    long? TeamId = null
)
{
    public static UserResponse Of(Profile profile, SignpostSettings settings, TimeZoneInfo zone) =>
        new(
            profile.Id,
            Type: "users",
            profile.Email,
            profile.Name,
            profile.TimeZone,
            profile.Language,
            Country: null,
            profile.IsAdmin ? Person.AdminRole : Person.UserRole,
            profile.HasSecondFactor,
            IsEnabled: !profile.IsDisabled,
            profile.IsDisabled,
            PlanId: "custom",
            PlanExpirationDate: null,
            PlanTrialDone: false,
            PlanSettings.Of(profile.Usage, settings),
            new Billing(),
            LocalTime.Format(profile.LastActiveAt, zone),
            profile.SignIns,
            LocalTime.Format(profile.CreatedAt, zone)
        );
}

/// <summary>Nothing is billed.</summary>
internal sealed record Billing;

/// <summary>The limits of an account, and how much of them is used. A limit of -1 means that there is none.</summary>
internal sealed record PlanSettings(
    long LinksLimit,
    long LinksUsed,
    long PicturesBytesLimit,
    long PicturesBytesUsed,
    long KeptResponsesBytesLimit,
    long KeptResponsesBytesUsed,
    long ProjectsLimit,
    long PixelsLimit,
    long SplashPagesLimit,
    long DomainsLimit,
    long ApiKeysLimit
)
{
    private const long None = -1;

    public static PlanSettings Of(Usage usage, SignpostSettings settings) =>
        new(
            Limit(settings.LinksPerAccount),
            usage.Links,
            Limit(settings.PictureBytesPerAccount),
            usage.PictureBytes,
            Idempotency.MostBytes,
            usage.KeptBytes,
            ProjectsLimit: None,
            PixelsLimit: None,
            SplashPagesLimit: None,
            DomainsLimit: None,
            KeyEditor.MostKeys
        );

    private static long Limit(long setting) => setting == 0 ? None : setting;
}

/// <summary>An API key in a response of the API. The key itself is shown only once, at its creation.</summary>
/// <param name="Prefix">The first characters of the key, so that people can tell keys apart.</param>
/// <param name="MadeBy">The id of the key that made it; null: no key did. That key may be revoked.</param>
/// <param name="Made">The keys that it made, and those that these made, also for other accounts.</param>
/// <param name="UserId">The person who uses it.</param>
/// <param name="TeamId">The team for which it acts; null: it acts for the person's own account.</param>
internal sealed record KeyResponse(
    long Id,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    long? MadeBy,
    IReadOnlyList<MadeKeyResponse> Made,
    string? Expires,
    string? LastUsedDatetime,
    string Datetime,
    long UserId,
    long? TeamId
)
{
    public static KeyResponse Of(ListedKey listed, TimeZoneInfo zone)
    {
        var key = listed.Key;
        return new(
            key.Id,
            key.Name,
            key.Prefix,
            ScopeNames.FromStored(key.Scopes).Names(),
            key.MakerId,
            [.. listed.Made.Select(made => MadeKeyResponse.Of(made, zone))],
            LocalTime.Format(key.ExpiresAt, zone),
            LocalTime.Format(key.LastUsedAt, zone),
            LocalTime.Format(key.CreatedAt, zone),
            key.Holder(),
            key.PersonId is null ? null : key.AccountId
        );
    }
}

/// <summary>A new API key in the response of its creation: as it is listed, with the key itself.</summary>
/// <param name="Key">The key in clear. It is shown only now.</param>
internal sealed record NewKeyResponse(
    long Id,
    string Key,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    long? MadeBy,
    IReadOnlyList<MadeKeyResponse> Made,
    string? Expires,
    string? LastUsedDatetime,
    string Datetime,
    long UserId,
    long? TeamId
) : WarnedResponse
{
    public static async Task<WarnedResponse> ReadAsync(
        SignpostDb db,
        MadeKey made,
        TimeZoneInfo zone,
        CancellationToken cancel
    )
    {
        var key = await db.ApiKeys.SingleAsync(key => key.Id == made.Id, cancel);
        var listed = KeyResponse.Of(new(key, []), zone);
        return new NewKeyResponse(
            listed.Id,
            made.Key,
            listed.Name,
            listed.Prefix,
            listed.Scopes,
            listed.MadeBy,
            listed.Made,
            listed.Expires,
            listed.LastUsedDatetime,
            listed.Datetime,
            listed.UserId,
            listed.TeamId
        );
    }
}

/// <summary>A key that another key made, listed under that one.</summary>
/// <param name="UserId">The person who uses it.</param>
/// <param name="TeamId">The team for which it acts; null: it acts for the person's own account.</param>
internal sealed record MadeKeyResponse(
    long Id,
    long UserId,
    string Name,
    string Prefix,
    long? MadeBy,
    string? Expires,
    string? LastUsedDatetime,
    string Datetime,
    long? TeamId
)
{
    public static MadeKeyResponse Of(ApiKey key, TimeZoneInfo zone) =>
        new(
            key.Id,
            key.Holder(),
            key.Name,
            key.Prefix,
            key.MakerId,
            LocalTime.Format(key.ExpiresAt, zone),
            LocalTime.Format(key.LastUsedAt, zone),
            LocalTime.Format(key.CreatedAt, zone),
            key.PersonId is null ? null : key.AccountId
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
