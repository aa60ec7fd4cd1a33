using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>The place of a visitor; unknown parts are null.</summary>
public sealed record ClickPlace(string? ContinentCode, string? CountryCode, string? CityName)
{
    public static readonly ClickPlace Unknown = new(null, null, null);
}

/// <summary>The system, browser and device of a visitor; unknown ones are null.</summary>
/// <param name="DeviceType">desktop, mobile or tablet.</param>
public sealed record ClickAgent(string? OsName, string? BrowserName, string? DeviceType)
{
    public static readonly ClickAgent Unknown = new(null, null, null);
}

/// <summary>The referring page; null: unknown.</summary>
/// <param name="Host">In lower case, without port.</param>
/// <param name="Path">Without query; it begins with a slash.</param>
public sealed record ClickReferrer(string? Host, string? Path)
{
    public static readonly ClickReferrer None = new(null, null);
}

/// <summary>The campaign: each value from the visitor's own query, or else from the link.</summary>
public sealed record ClickUtm(
    string? Source,
    string? Medium,
    string? Campaign,
    string? Term = null,
    string? Content = null
)
{
    public static readonly ClickUtm None = new(null, null, null);
}

/// <summary>The destination of a visitor, and the rule that chose it.</summary>
/// <param name="Destination">The address as the link or its rule has it; null: the visitor was sent nowhere.</param>
/// <param name="Variant">As in <c>targeting_country_code[0]</c>; null: no rule was applied.</param>
public sealed record ClickTarget(string? Destination, string? Variant)
{
    public static readonly ClickTarget None = new(null, null);
}

/// <summary>
/// One request in statistics: classified, and without an address. Clicks share the objects of equal texts.
/// </summary>
/// <param name="LinkId">The link's id, 1 or more.</param>
/// <param name="AtSeconds">The time, in seconds since 1970-01-01 UTC.</param>
/// <param name="Visitor">
/// 48 bits that stand for address, user agent and domain, for one UTC day; 0: not kept.
/// </param>
/// <param name="Status">The HTTP status of the response.</param>
/// <param name="IsQr">Whether the address came from a QR code.</param>
/// <param name="Language">The primary tag of the first language, in lower case; null: unknown.</param>
/// <param name="Host">The host by which the request came, in lower case, without port; null: it was not kept.</param>
/// <param name="LinkVersion">The version of the link that decided, 1 or more; 0: it was not kept.</param>
public readonly record struct ClickRow(
    long LinkId,
    long AtSeconds,
    ulong Visitor,
    ClickKind Kind,
    short Status,
    bool IsQr,
    ClickPlace Place,
    ClickAgent Agent,
    string? Language,
    ClickReferrer Referrer,
    ClickUtm Utm,
    ClickTarget Target,
    string? Host = null,
    int LinkVersion = 0
);
