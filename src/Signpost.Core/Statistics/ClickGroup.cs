using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>Columns whose words come together, so that one code stands for all of them.</summary>
public enum ClickGroup : byte
{
    Place,
    Agent,
    Language,
    Referrer,
    Utm,
    Target,

    /// <summary>Kind, status and whether it was a QR code.</summary>
    Outcome,
}

/// <summary>How a request ended; what the codes of <see cref="ClickGroup.Outcome"/> stand for.</summary>
public readonly record struct ClickOutcome(ClickKind Kind, short Status, bool IsQr);

/// <summary>Where in the columns a dimension's values are.</summary>
/// <param name="Text">Which of the group's texts.</param>
public readonly record struct DimensionColumn(ClickGroup Group, int Text)
{
    /// <summary>How many groups there are.</summary>
    public const int Groups = 7;

    /// <summary>How many of them, the first, are made of words.</summary>
    internal const int WordGroups = 6;

    /// <summary>How many texts an entry of each of those has.</summary>
    internal static ReadOnlySpan<byte> Texts => [3, 3, 1, 2, 3, 2];

    /// <summary>How many dimensions a group has.</summary>
    internal static int TextsOf(ClickGroup group) => group == ClickGroup.Outcome ? 2 : Texts[(int)group];

    public static DimensionColumn Of(Dimension dimension) =>
        dimension switch
        {
            Dimension.ContinentCode => new(ClickGroup.Place, 0),
            Dimension.CountryCode => new(ClickGroup.Place, 1),
            Dimension.CityName => new(ClickGroup.Place, 2),
            Dimension.OsName => new(ClickGroup.Agent, 0),
            Dimension.BrowserName => new(ClickGroup.Agent, 1),
            Dimension.DeviceType => new(ClickGroup.Agent, 2),
            Dimension.BrowserLanguage => new(ClickGroup.Language, 0),
            Dimension.ReferrerHost => new(ClickGroup.Referrer, 0),
            Dimension.ReferrerPath => new(ClickGroup.Referrer, 1),
            Dimension.UtmSource => new(ClickGroup.Utm, 0),
            Dimension.UtmMedium => new(ClickGroup.Utm, 1),
            Dimension.UtmCampaign => new(ClickGroup.Utm, 2),
            Dimension.Destination => new(ClickGroup.Target, 0),
            Dimension.Variant => new(ClickGroup.Target, 1),
            Dimension.Kind => new(ClickGroup.Outcome, 0),
            Dimension.Trigger => new(ClickGroup.Outcome, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
        };
}
