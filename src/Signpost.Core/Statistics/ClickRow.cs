using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>Where somebody came from; null what is not known.</summary>
public sealed record ClickPlace(string? ContinentCode, string? CountryCode, string? CityName)
{
    public static readonly ClickPlace Unknown = new(null, null, null);
}

/// <summary>What somebody came with; null what is not known.</summary>
/// <param name="DeviceType">desktop, mobile or tablet.</param>
public sealed record ClickAgent(string? OsName, string? BrowserName, string? DeviceType)
{
    public static readonly ClickAgent Unknown = new(null, null, null);
}

/// <summary>Which page led here; null: none said so.</summary>
/// <param name="Host">In lower case, without port.</param>
/// <param name="Path">Without query; it begins with a slash.</param>
public sealed record ClickReferrer(string? Host, string? Path)
{
    public static readonly ClickReferrer None = new(null, null);
}

/// <summary>The campaign: each of the visitor's own query if it is there, else of the link.</summary>
public sealed record ClickUtm(string? Source, string? Medium, string? Campaign)
{
    public static readonly ClickUtm None = new(null, null, null);
}

/// <summary>Where somebody was sent, and by which rule.</summary>
/// <param name="Destination">The address as the link or its rule holds it; null: nobody was sent on.</param>
/// <param name="Variant">As in <c>targeting_country_code[0]</c>; null: no rule was applied.</param>
public sealed record ClickTarget(string? Destination, string? Variant)
{
    public static readonly ClickTarget None = new(null, null);
}

/// <summary>
/// One answered request as statistics keep it: classified, and without an address. Words that many clicks share are shared
/// as objects.
/// </summary>
/// <param name="LinkId">The link's id, 1 or more.</param>
/// <param name="AtSeconds">When, in seconds since 1970-01-01 UTC.</param>
/// <param name="Visitor">
/// 48 bits that stand for address, user agent and domain, for one UTC day; 0: not kept, so nobody's visitor.
/// </param>
/// <param name="Status">The HTTP status it was answered with.</param>
/// <param name="IsQr">Whether the address was read from a QR code.</param>
/// <param name="Language">The primary tag of what is read first, in lower case; null: not said.</param>
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
    ClickTarget Target
);
