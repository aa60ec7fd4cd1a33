using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>Columns whose texts occur together, so that one code stands for all of them.</summary>
public enum ClickGroup : byte
{
    Place,
    Agent,
    Language,
    Referrer,
    Utm,
    Target,
    Host,

    /// <summary>Kind, status and whether it was a QR code.</summary>
    Outcome,
}

/// <summary>The end of a request: the meaning of the codes of <see cref="ClickGroup.Outcome"/>.</summary>
public readonly record struct ClickOutcome(ClickKind Kind, short Status, bool IsQr);

/// <summary>The column with the values of a dimension.</summary>
/// <param name="Text">The text of the group.</param>
/// <param name="Parents">The number of texts right before it that tell equal values apart: 0, 1 or 2.</param>
public readonly record struct DimensionColumn(ClickGroup Group, int Text, int Parents = 0)
{
    /// <summary>The number of groups.</summary>
    public const int Groups = 8;

    /// <summary>The number of groups that consist of texts; they come first.</summary>
    internal const int WordGroups = 7;

    /// <summary>The number of texts in an entry of each of those groups.</summary>
    internal static ReadOnlySpan<byte> Texts => [3, 3, 1, 2, 5, 2, 1];

    /// <summary>A column for each text of a group, in their order.</summary>
    internal static DimensionColumn[] AllOf(ClickGroup group) =>
        [
            .. Enum.GetValues<Dimension>()
                .Select(Of)
                .Where(column => column.Group == group)
                .OrderBy(column => column.Text),
        ];

    public static DimensionColumn Of(Dimension dimension) =>
        dimension switch
        {
            Dimension.ContinentCode => new(ClickGroup.Place, 0),
            Dimension.CountryCode => new(ClickGroup.Place, 1),
            Dimension.CityName => new(ClickGroup.Place, 2, Parents: 1),
            Dimension.OsName => new(ClickGroup.Agent, 0),
            Dimension.BrowserName => new(ClickGroup.Agent, 1),
            Dimension.DeviceType => new(ClickGroup.Agent, 2),
            Dimension.BrowserLanguage => new(ClickGroup.Language, 0),
            Dimension.ReferrerHost => new(ClickGroup.Referrer, 0),
            Dimension.ReferrerPath => new(ClickGroup.Referrer, 1, Parents: 1),
            Dimension.UtmSource => new(ClickGroup.Utm, 0),
            Dimension.UtmMedium => new(ClickGroup.Utm, 1, Parents: 1),
            Dimension.UtmCampaign => new(ClickGroup.Utm, 2, Parents: 2),
            Dimension.UtmTerm => new(ClickGroup.Utm, 3),
            Dimension.UtmContent => new(ClickGroup.Utm, 4),
            Dimension.Destination => new(ClickGroup.Target, 0),
            Dimension.Variant => new(ClickGroup.Target, 1),
            Dimension.Host => new(ClickGroup.Host, 0),
            Dimension.Kind => new(ClickGroup.Outcome, 0),
            Dimension.Trigger => new(ClickGroup.Outcome, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
        };
}
