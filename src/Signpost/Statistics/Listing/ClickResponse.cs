using System.Text.Json.Serialization;
using Signpost.Api;
using Signpost.ClickStore;
using Signpost.Core.Statistics;

namespace Signpost.Statistics.Listing;

/// <summary>A click as the API returns it: everything that is kept of it, except the visitor's hash.</summary>
/// <param name="Datetime">In the account's time zone.</param>
/// <param name="Trigger">qr or link.</param>
/// <param name="Host">The host by which the request came. Null: it was before hosts were kept, or its domain is gone.</param>
/// <param name="LinkVersion">The version of the link that decided. Null: it was before versions were kept.</param>
internal sealed record ClickResponse(
    long LinkId,
    string Datetime,
    string Kind,
    int Status,
    string Trigger,
    string? ContinentCode,
    string? CountryCode,
    string? CityName,
    string? OsName,
    string? BrowserName,
    string? DeviceType,
    string? BrowserLanguage,
    string? ReferrerHost,
    string? ReferrerPath,
    string? UtmSource,
    string? UtmMedium,
    string? UtmCampaign,
    string? UtmTerm,
    string? UtmContent,
    string? Destination,
    string? Variant,
    string? Host,
    int? LinkVersion
)
{
    /// <summary>The click's number among the clicks of its link, from 1. Null in the live stream.</summary>
    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Id { get; init; }

    /// <summary>The short address of the click's link. Only in exports, else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ShortUrl { get; init; }

    public static ClickResponse Of(in ListedClick click, TimeZoneInfo zone) =>
        Of(click.Row, zone) with
        {
            Id = click.Ordinal,
        };

    public static ClickResponse Of(in ClickRow row, TimeZoneInfo zone) =>
        new(
            row.LinkId,
            LocalTime.Format(row.AtSeconds * 1_000, zone),
            KindNames.Of(row.Kind),
            row.Status,
            KindNames.OfTrigger(row.IsQr),
            row.Place.ContinentCode,
            row.Place.CountryCode,
            row.Place.CityName,
            row.Agent.OsName,
            row.Agent.BrowserName,
            row.Agent.DeviceType,
            row.Language,
            row.Referrer.Host,
            row.Referrer.Path,
            row.Utm.Source,
            row.Utm.Medium,
            row.Utm.Campaign,
            row.Utm.Term,
            row.Utm.Content,
            row.Target.Destination,
            row.Target.Variant,
            row.Host,
            row.LinkVersion == 0 ? null : row.LinkVersion
        );
}

/// <summary>A page of clicks, newest first.</summary>
internal sealed record ClickPage(IReadOnlyList<ClickResponse> Data, ClickPageMeta Meta, ClickPageLinks Links);

/// <summary>The cursor of the next page; null: this is the last page.</summary>
internal sealed record ClickPageMeta(int ResultsPerPage, long? NextCursor)
{
    /// <summary>Things in the query that were ignored or replaced; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Warning>? Warnings { get; init; }
}

/// <summary>The absolute address of the next page; null: this is the last page.</summary>
internal sealed record ClickPageLinks(string? Next);
