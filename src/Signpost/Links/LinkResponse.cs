using System.Text.Json.Serialization;
using Signpost.Api;
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
)
{
    public const string OnlyType = "link";

    /// <param name="domainAddress">The address of the link's domain, without a trailing slash.</param>
    /// <param name="publicUrl">The address of the main domain, where pictures are served.</param>
    public static LinkResponse Of(
        LinkRow row,
        string domainAddress,
        string publicUrl,
        IReadOnlyList<long> pixels,
        long clicks,
        TimeZoneInfo zone
    ) =>
        new(
            row.Id,
            row.ProjectId,
            row.DomainId,
            OnlyType,
            row.Alias,
            ShortUrlOf(row, domainAddress),
            row.LocationSent ?? row.LocationUrl,
            LinkSettingsResponse.Of(row, publicUrl),
            pixels,
            clicks,
            row.Position,
            LocalTime.Format(row.StartAt, zone),
            LocalTime.Format(row.EndAt, zone),
            row.IsEnabled,
            row.StatisticsIsPublic ? StatisticsUrlOf(row, domainAddress, publicUrl) : null,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone)
        );

    /// <summary>The short address. Letters that are not ASCII are escaped, so that it works everywhere.</summary>
    public static string ShortUrlOf(LinkRow row, string domainAddress) => $"{domainAddress}/{EscapedAlias(row)}";

    // Always on the main domain: custom domains serve links only.
    private static string StatisticsUrlOf(LinkRow row, string domainAddress, string publicUrl) =>
        $"{publicUrl}/l/stats/{EscapedAlias(row)}"
        + (row.DomainId == 0 ? "" : $"?domain={new Uri(domainAddress).Authority}");

    private static string EscapedAlias(LinkRow row) =>
        string.Join('/', row.Alias.Split('/').Select(Uri.EscapeDataString));
}

/// <summary>The settings of a link, as the reference calls them.</summary>
internal sealed record LinkSettingsResponse(
    string? Password,
    bool SensitiveContent,
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
    bool StatisticsIsPublic,
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
    public static LinkSettingsResponse Of(LinkRow row, string publicUrl)
    {
        var lists = TargetingLists.Parse(row.Targeting);
        return new(
            row.PasswordHash is null ? null : LinkFields.HiddenPassword,
            row.SensitiveContent,
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
            row.StatisticsIsPublic,
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
[JsonDerivedType(typeof(CreatedLink))]
[JsonDerivedType(typeof(CreatedLinks))]
internal abstract record LinkCreation
{
    /// <param name="domainAddress">The address of the domain of all links, without a trailing slash.</param>
    public static LinkCreation Of(
        IReadOnlyList<LinkRow> rows,
        bool isBulk,
        string domainAddress,
        IReadOnlyList<LinkWarning> warnings
    )
    {
        CreatedLink[] links =
        [
            .. rows.Select(row => new CreatedLink(row.Id, row.Alias, LinkResponse.ShortUrlOf(row, domainAddress))),
        ];
        var shown = LinkWarning.ListOrNull(warnings);
        return isBulk
            ? new CreatedLinks([.. links.Select(link => link.Id)], links) { Warnings = shown }
            : links[0] with
            {
                Warnings = shown,
            };
    }
}

/// <summary>A new link in the response of create.</summary>
internal sealed record CreatedLink(long Id, string Url, string ShortUrl) : LinkCreation
{
    /// <summary>Warnings about problems for visitors; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LinkWarning>? Warnings { get; init; }
}

/// <summary>The links of a bulk, in the order of its lines.</summary>
internal sealed record CreatedLinks(IReadOnlyList<long> Ids, IReadOnlyList<CreatedLink> Links) : LinkCreation
{
    /// <summary>Warnings about problems for visitors; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LinkWarning>? Warnings { get; init; }
}

/// <summary>The response of update.</summary>
internal sealed record UpdatedLink(long Id)
{
    /// <summary>Warnings about problems for visitors; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LinkWarning>? Warnings { get; init; }
}

/// <summary>Something that is valid but probably not intended.</summary>
internal sealed record LinkWarning(
    string Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Field
)
{
    public static IReadOnlyList<LinkWarning>? ListOrNull(IReadOnlyList<LinkWarning> warnings) =>
        warnings is [] ? null : warnings;
}
