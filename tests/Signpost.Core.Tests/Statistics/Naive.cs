using Signpost.Core.Statistics;

namespace Signpost.Core.Tests.Statistics;

/// <summary>The plainest answers that are right, to compare with.</summary>
internal static class Naive
{
    public static string? ValueOf(ClickRow row, Dimension dimension) =>
        dimension switch
        {
            Dimension.Kind => KindWords.Of(row.Kind),
            Dimension.ContinentCode => row.Place.ContinentCode,
            Dimension.CountryCode => row.Place.CountryCode,
            Dimension.CityName => row.Place.CityName,
            Dimension.OsName => row.Agent.OsName,
            Dimension.BrowserName => row.Agent.BrowserName,
            Dimension.DeviceType => row.Agent.DeviceType,
            Dimension.BrowserLanguage => row.Language,
            Dimension.ReferrerHost => row.Referrer.Host,
            Dimension.ReferrerPath => row.Referrer.Path,
            Dimension.UtmSource => row.Utm.Source,
            Dimension.UtmMedium => row.Utm.Medium,
            Dimension.UtmCampaign => row.Utm.Campaign,
            Dimension.Destination => row.Target.Destination,
            Dimension.Variant => row.Target.Variant,
            Dimension.Trigger => row.IsQr ? "qr" : "link",
            _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
        };
}
