using System.Globalization;
using System.Text.Json.Serialization;
using Signpost.Api;
using Signpost.Core.Links;
using Signpost.Files;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>A link in a response of the API, in the order of the reference.</summary>
internal sealed record LinkResponse(
    long Id,
    long? ProjectId,
    long DomainId,
    string Type,
    string Url,
    string ShortUrl,
    string LocationUrl,
    string? Title,
    string? Note,
    IReadOnlyList<string> Tags,
    LinkSettingsResponse Settings,
    IReadOnlyList<long> PixelsIds,
    long Clicks,
    int Order,
    string? StartDate,
    string? EndDate,
    bool IsEnabled,
    string? StatisticsUrl,
    string LastDatetime,
    string Datetime
) : LinkEdit
{
    public const string OnlyType = "link";

    /// <summary>The owner of the link's domain has disabled it: visitors do not get it. Absent unless true.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsBlocked { get; init; }

    /// <summary>When the link came into the trash. Absent unless it is there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeletedAt { get; init; }

    /// <summary>When the trash erases the link. Absent unless it is there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErasedAt { get; init; }

    /// <summary>The version of the link. Only the pages use it.</summary>
    [JsonIgnore]
    public int Version { get; init; }

    /// <param name="domainAddress">The address of the link's domain, without a trailing slash.</param>
    /// <param name="publicUrl">The address of the main domain, where pictures are served.</param>
    public static LinkResponse Of(
        LinkRow row,
        long? projectId,
        long? splashPageId,
        string domainAddress,
        string publicUrl,
        IReadOnlyList<string> tags,
        IReadOnlyList<long> pixels,
        long clicks,
        TimeZoneInfo zone
    ) =>
        new(
            row.Id,
            projectId,
            row.DomainId,
            OnlyType,
            row.Alias,
            ShortUrlOf(row, domainAddress),
            row.LocationSent ?? row.LocationUrl,
            row.Title,
            row.Note,
            tags,
            LinkSettingsResponse.Of(row, splashPageId, publicUrl),
            pixels,
            clicks,
            row.Position,
            LocalTime.Format(row.StartAt, zone),
            LocalTime.Format(row.EndAt, zone),
            row.IsEnabled,
            row.StatisticsIsPublic ? StatisticsUrlOf(row, domainAddress, publicUrl) : null,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone)
        )
        {
            IsBlocked = row.IsBlocked,
            Version = row.Version,
        };

    /// <summary>The response without a logo that is not among these: it is gone.</summary>
    public LinkResponse WithLogoOf(IReadOnlySet<long> logos) =>
        Settings.StatisticsPublicLogo is { } logo && !logos.Contains(logo)
            ? this with
            {
                Settings = Settings with { StatisticsPublicLogo = null },
            }
            : this;

    /// <summary>The short address. Letters that are not ASCII are escaped, so that it works everywhere.</summary>
    public static string ShortUrlOf(LinkRow row, string domainAddress) => $"{domainAddress}/{EscapedAlias(row)}";

    // Always on the main domain: custom domains serve links only.
    private static string StatisticsUrlOf(LinkRow row, string domainAddress, string publicUrl) =>
        $"{publicUrl}/l/stats/{EscapedAlias(row)}"
        + (row.DomainId == 0 ? "" : $"?domain={new Uri(domainAddress).Authority}");

    private static string EscapedAlias(LinkRow row) => Alias.PathOf(row.Alias);
}

/// <summary>The settings of a link, as the reference calls them.</summary>
internal sealed record LinkSettingsResponse(
    string? Password,
    bool SensitiveContent,
    long? SplashPageId,
    bool Schedule,
    long? ClicksLimit,
    string? ExpirationUrl,
    int HttpStatusCode,
    bool AppLinkingIsEnabled,
    bool CloakingIsEnabled,
    string? CloakingTitle,
    string? CloakingMetaDescription,
    string? CloakingCustomJs,
    string? CloakingFavicon,
    string? CloakingOpengraph,
    bool ForwardQueryParametersIsEnabled,
    string? UtmSource,
    string? UtmMedium,
    string? UtmCampaign,
    string? UtmTerm,
    string? UtmContent,
    bool StatisticsIsPublic,
    string? StatisticsPublicTitle,
    IReadOnlyList<string> StatisticsPublicShows,
    IReadOnlyList<int> StatisticsPublicPeriods,
    string? StatisticsPublicPassword,
    long? StatisticsPublicLogo,
    string? TargetingType,
    IReadOnlyList<TargetingRuleResponse> TargetingContinentCode,
    IReadOnlyList<TargetingRuleResponse> TargetingCountryCode,
    IReadOnlyList<TargetingRuleResponse> TargetingCityName,
    IReadOnlyList<TargetingRuleResponse> TargetingDeviceType,
    IReadOnlyList<TargetingRuleResponse> TargetingBrowserLanguage,
    IReadOnlyList<TargetingRuleResponse> TargetingRotation,
    IReadOnlyList<TargetingRuleResponse> TargetingOsName,
    IReadOnlyList<TargetingRuleResponse> TargetingBrowserName
)
{
    public static LinkSettingsResponse Of(LinkRow row, long? splashPageId, string publicUrl)
    {
        var lists = TargetingLists.Parse(row.Targeting);
        return new(
            row.PasswordHash is null ? null : LinkFields.HiddenPassword,
            row.SensitiveContent,
            splashPageId,
            row.Schedule,
            row.ClicksLimit,
            row.ExpirationSent ?? row.ExpirationUrl,
            row.HttpStatusCode,
            row.AppLinkingIsEnabled,
            row.CloakingIsEnabled,
            row.CloakingTitle,
            row.CloakingMetaDescription,
            row.CloakingCustomJs,
            FileAddress.Of(publicUrl, row.CloakingFavicon),
            FileAddress.Of(publicUrl, row.CloakingOpengraph),
            row.ForwardQueryParametersIsEnabled,
            row.UtmSource,
            row.UtmMedium,
            row.UtmCampaign,
            row.UtmTerm,
            row.UtmContent,
            row.StatisticsIsPublic,
            row.StatisticsPublicTitle,
            PublicParts.Shows.Read(row.StatisticsPublicShows),
            [
                .. PublicParts
                    .Periods.Read(row.StatisticsPublicPeriods)
                    .Select(days => int.Parse(days, CultureInfo.InvariantCulture)),
            ],
            row.StatisticsPublicPasswordHash is null ? null : LinkFields.HiddenPassword,
            row.StatisticsPublicLogo,
            row.TargetingType,
            Shown(lists["continent_code"]),
            Shown(lists["country_code"]),
            Shown(lists["city_name"]),
            Shown(lists["device_type"]),
            Shown(lists["browser_language"]),
            Shown(lists["rotation"]),
            Shown(lists["os_name"]),
            Shown(lists["browser_name"])
        );
    }

    private static TargetingRuleResponse[] Shown(IReadOnlyList<StoredTargetingRule> rules) =>
        [.. rules.Select(rule => new TargetingRuleResponse(rule.Key, rule.Sent ?? rule.Value))];
}

/// <summary>A targeting rule in a response; its address is as it was sent.</summary>
internal sealed record TargetingRuleResponse(string Key, string Value);

/// <summary>The response of create: one link, or the links of a bulk.</summary>
[JsonDerivedType(typeof(LinkResponse))]
[JsonDerivedType(typeof(CreatedLink))]
[JsonDerivedType(typeof(CreatedLinks))]
internal abstract record LinkCreation : WarnedResponse
{
    /// <param name="domainAddress">The address of the domain of all links, without a trailing slash.</param>
    public static LinkCreation Of(IReadOnlyList<LinkRow> rows, bool isBulk, string domainAddress)
    {
        if (!isBulk)
            return new CreatedLink(rows[0].Id, rows[0].Alias, LinkResponse.ShortUrlOf(rows[0], domainAddress));
        var links = rows.Select(row => new BulkLink(
            row.Id,
            row.Alias,
            LinkResponse.ShortUrlOf(row, domainAddress),
            row.LocationSent ?? row.LocationUrl
        ));
        return new CreatedLinks([.. rows.Select(row => row.Id)], [.. links]);
    }
}

/// <summary>The response of create and update about one link: the whole link for keys that may read links.</summary>
[JsonDerivedType(typeof(LinkResponse))]
[JsonDerivedType(typeof(CreatedLink))]
internal abstract record LinkEdit : LinkCreation;

/// <summary>A link in the response to a key that may not read links.</summary>
internal sealed record CreatedLink(long Id, string Url, string ShortUrl) : LinkEdit;

/// <summary>The links of a bulk, in the order of its lines.</summary>
internal sealed record CreatedLinks(IReadOnlyList<long> Ids, IReadOnlyList<BulkLink> Links) : LinkCreation;

/// <summary>A link of a bulk.</summary>
internal sealed record BulkLink(long Id, string Url, string ShortUrl, string LocationUrl);
