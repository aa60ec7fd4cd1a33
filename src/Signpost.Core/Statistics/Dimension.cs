namespace Signpost.Core.Statistics;

/// <summary>The dimensions of clicks. The numbers are stored: never renumber, only add.</summary>
public enum Dimension : byte
{
    /// <summary>The kind of every request. Other dimensions count persons' clicks, unless a filter asks for another kind.</summary>
    Kind = 1,
    ContinentCode = 2,
    CountryCode = 3,
    CityName = 4,
    OsName = 5,
    BrowserName = 6,
    DeviceType = 7,
    BrowserLanguage = 8,
    ReferrerHost = 9,
    ReferrerPath = 10,
    UtmSource = 11,
    UtmMedium = 12,
    UtmCampaign = 13,
    Destination = 14,
    Variant = 15,

    /// <summary><c>qr</c> or <c>link</c>.</summary>
    Trigger = 16,

    /// <summary>The host by which the request came. Clicks from before hosts were kept have none.</summary>
    Host = 17,
    UtmTerm = 18,
    UtmContent = 19,
}
