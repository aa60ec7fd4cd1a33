using Signpost.Core.Clicks;
using Signpost.Core.Links;
using Signpost.Core.Statistics;
using Signpost.Core.Visitors;

namespace Signpost.Statistics.Questions;

/// <summary>The API's names of the dimensions, and the stored spelling of their values.</summary>
internal static class DimensionNames
{
    private static readonly Dictionary<Dimension, string> Names = new()
    {
        [Dimension.ContinentCode] = "continent_code",
        [Dimension.CountryCode] = "country_code",
        [Dimension.CityName] = "city_name",
        [Dimension.OsName] = "os_name",
        [Dimension.BrowserName] = "browser_name",
        [Dimension.DeviceType] = "device_type",
        [Dimension.BrowserLanguage] = "browser_language",
        [Dimension.ReferrerHost] = "referrer_host",
        [Dimension.ReferrerPath] = "referrer_path",
        [Dimension.UtmSource] = "utm_source",
        [Dimension.UtmMedium] = "utm_medium",
        [Dimension.UtmCampaign] = "utm_campaign",
        [Dimension.UtmTerm] = "utm_term",
        [Dimension.UtmContent] = "utm_content",
        [Dimension.Destination] = "destination",
        [Dimension.Variant] = "variant",
        [Dimension.Kind] = "kind",
        [Dimension.Trigger] = "trigger",
        [Dimension.Host] = "host",
    };

    private const int LongestWord = 64;

    private static readonly string[] Kinds = [.. Enum.GetValues<ClickKind>().Select(KindNames.Of)];
    private static readonly string[] Triggers = [KindNames.Link, KindNames.Qr];
    private static readonly string[] Devices = ["desktop", "mobile", "tablet"];

    /// <summary>All dimensions, in the order to show them.</summary>
    public static IReadOnlyList<Dimension> All { get; } = [.. Names.Keys];

    /// <summary>The names of the dimensions whose rows also have a value of this name.</summary>
    public static IEnumerable<string> ChildrenOf(string name) =>
        All.Where(child => Dimensions.ParentsOf(child).Any(parent => parent.Name == name)).Select(child => child.Name);

    extension(Dimension dimension)
    {
        public string Name => Names[dimension];

        /// <summary>Whether every click has a value, so that a filter for null is an error.</summary>
        public bool IsNeverEmpty => dimension is Dimension.Kind or Dimension.Trigger;

        /// <summary>Converts a sent text to the stored spelling; null if it cannot be a value.</summary>
        public string? Spell(string sent) =>
            dimension switch
            {
                Dimension.Kind => OneOf(sent, Kinds),
                Dimension.Trigger => OneOf(sent, Triggers),
                Dimension.DeviceType => OneOf(sent, Devices),
                Dimension.ContinentCode => Countries.FindContinent(sent),
                Dimension.CountryCode => Countries.Find(sent),
                Dimension.OsName => AgentNames.FindSystem(sent) ?? sent,
                Dimension.BrowserName => AgentNames.FindBrowser(sent) ?? sent,
                Dimension.BrowserLanguage => AcceptLanguage.First(sent) ?? sent.ToLowerInvariant(),
                Dimension.ReferrerHost => sent.ToLowerInvariant(),
                Dimension.Host => DomainName.TryParse(sent, out var host, out _) ? host.Text : sent.ToLowerInvariant(),
                Dimension.Destination => TargetUrl.TryParse(sent, out var url, out _) ? url.Text : sent,
                _ => sent,
            };

        /// <summary>Whether a text that no click has could be a value: a code of two letters, or a short word.</summary>
        public bool IsWellFormed(string sent) =>
            dimension is Dimension.CountryCode or Dimension.ContinentCode
                ? sent.Length == 2 && sent.All(char.IsAsciiLetter)
                : sent.Length <= LongestWord
                    && sent.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

        /// <summary>The rule for values, for the message of an error.</summary>
        public string Expected =>
            dimension switch
            {
                Dimension.Kind => $"must be one of {string.Join(", ", Kinds)}",
                Dimension.Trigger => $"must be one of {string.Join(", ", Triggers)}",
                Dimension.DeviceType => $"must be one of {string.Join(", ", Devices)}, or null",
                Dimension.ContinentCode => "must be one of AF, AN, AS, EU, NA, OC, SA, or null",
                Dimension.CountryCode => "must be a country code of ISO 3166-1 alpha-2, or null",
                _ => "must be a text",
            };
    }

    private static string? OneOf(string sent, string[] words) =>
        Array.Find(words, word => word.Equals(sent, StringComparison.OrdinalIgnoreCase));
}
