using System.Collections.Frozen;
using Signpost.Core.Visitors.Agents;

namespace Signpost.Core.Visitors;

/// <summary>
/// The client hints of a browser beside its User-Agent (https://wicg.github.io/ua-client-hints), as they were sent. Invalid hints
/// are ignored.
/// </summary>
public readonly record struct ClientHints(
    string? Brands,
    string? Mobile,
    string? Platform,
    string? PlatformVersion,
    string? FullVersions,
    string? Model = null
)
{
    /// <summary>Longer hints are ignored; a real list of full versions has some 120 characters.</summary>
    public const int LongestHint = 256;

    /// <summary>The brands that send Chrome's User-Agent, with the names of their families.</summary>
    private static readonly FrozenDictionary<string, string> Families = new Dictionary<string, string>
    {
        ["Google Chrome"] = "Chrome",
        ["Microsoft Edge"] = "Edge",
        ["Opera"] = "Opera",
        ["Opera Air"] = "Opera",
        ["Opera GX"] = "Opera",
        ["Opera Mobile"] = "Opera Mobile",
        ["OperaMobile"] = "Opera Mobile",
        ["Samsung Internet"] = "Samsung Internet",
        ["AVG Secure Browser"] = "AVG",
        ["Aloha Browser"] = "Aloha Browser",
        ["AlohaBrowser"] = "Aloha Browser",
        ["Amazon Silk"] = "Amazon Silk",
        ["Android WebView"] = "Chrome Mobile WebView",
        ["Avast Secure Browser"] = "Avast Secure Browser",
        ["Brave"] = "Brave",
        ["CCleaner Browser"] = "CCleaner",
        ["CocCoc"] = "Coc Coc",
        ["DuckDuckGo"] = "DuckDuckGo",
        ["Ecosia"] = "Ecosia Android",
        ["HeyTapBrowser"] = "HeyTap Browser",
        ["Huawei Browser"] = "Huawei Browser",
        ["HuaweiBrowser"] = "Huawei Browser",
        ["Mi Browser"] = "MiuiBrowser",
        ["Miui Browser"] = "MiuiBrowser",
        ["Norton Secure Browser"] = "Norton",
        ["Oculus Browser"] = "Oculus Browser",
        ["VivoBrowser"] = "VivoBrowser",
        ["Vivaldi"] = "Vivaldi",
        ["Whale"] = "Whale",
        ["YaBrowser"] = "Yandex Browser",
        ["Yandex"] = "Yandex Browser",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public bool SayNothing => (Brands ?? Mobile ?? Platform ?? PlatformVersion ?? FullVersions ?? Model) is null;

    /// <summary>Whether the brands name a browser without a window. Its User-Agent may be changed, its hints mostly are not.</summary>
    /// <param name="brands">The hint Sec-CH-UA as it was sent.</param>
    public static bool AreHeadless(ReadOnlySpan<char> brands) =>
        brands.Length <= LongestHint && brands.Contains("\"HeadlessChrome\"", StringComparison.Ordinal);

    /// <summary>The kind of device of a model that is no phone; null: the model is not known, or malformed.</summary>
    /// <param name="model">The hint Sec-CH-UA-Model as it was sent.</param>
    public static DeviceType? KindOf(string? model) =>
        Text(model) is { Length: > 0 } name ? OwnDevices.All.KindOf(name) : null;

    /// <summary>The facts from the User-Agent, corrected by the hints if they know better.</summary>
    public UserAgent Refine(UserAgent agent)
    {
        if (SayNothing)
            return agent;

        var (system, systemVersion) = System(agent);
        var (browser, browserVersion) = Browser(agent);
        return new(system, systemVersion, browser, browserVersion, Device(agent.Device, system));
    }

    private (string? Name, string? Version) System(UserAgent agent)
    {
        // The names are those of the standard; others are ignored.
        var name = Text(Platform) switch
        {
            "Windows" => "Windows",
            "macOS" => "OS X",
            "Android" => "Android",
            "iOS" => "iOS",
            "Chrome OS" or "Chromium OS" => "Chrome OS",
            "Linux" => "Linux",
            _ => null,
        };
        if (name is null)
            return (agent.SystemName, agent.SystemVersion);

        var version = Version(Text(PlatformVersion));
        var told = name == "Windows" ? WindowsOf(version) : Trimmed(version);
        return (name, told ?? (name == agent.SystemName ? agent.SystemVersion : null));
    }

    private (string? Name, string? Version) Browser(UserAgent agent)
    {
        foreach (var (brand, fullVersion) in BrandList.Read(Bounded(FullVersions)))
            if (IsBetter(brand, agent, out var name))
                return (name, Version(fullVersion) ?? OwnVersion(name, agent));

        foreach (var (brand, major) in BrandList.Read(Bounded(Brands)))
            if (IsBetter(brand, agent, out var name))
                return (name, OwnVersion(name, agent) ?? Version(major));

        return (agent.BrowserName, agent.BrowserVersion);
    }

    // Hints distinguish browsers that send Chrome's User-Agent. If the User-Agent has a name of its own, as apps have, it counts,
    // because the hints are those of the engine inside.
    private static bool IsBetter(string brand, UserAgent agent, out string name)
    {
        name = AgentNames.BrowserOf(Families.GetValueOrDefault(brand)) ?? "";
        // One brand for two editions.
        if (name is "DuckDuckGo" && agent.SystemName is "Android" or "iOS")
            name = "DuckDuckGo Mobile";
        return name.Length > 0 && (agent.BrowserName is null or "Chrome" || agent.BrowserName == name);
    }

    private static string? OwnVersion(string name, UserAgent agent) =>
        name == agent.BrowserName ? agent.BrowserVersion : null;

    private DeviceType Device(DeviceType device, string? system)
    {
        // Chrome's User-Agent has K for every model.
        if (system is "Android" && device is DeviceType.Mobile or DeviceType.Tablet)
            device = KindOf(Model) ?? device;

        return (Bounded(Mobile)?.Trim(), system) switch
        {
            // A tablet that is known by its name stays one, and so does a device that is none of the three.
            ("?1", "Android" or "iOS") when device is DeviceType.Desktop => DeviceType.Mobile,
            ("?1", null) when device is DeviceType.Unknown => DeviceType.Mobile,
            // Android asks for a desktop page: the User-Agent then names no device.
            ("?0", "Android") when device is DeviceType.Desktop => DeviceType.Tablet,
            _ => device,
        };
    }

    // https://learn.microsoft.com/microsoft-edge/web-platform/how-to-detect-win11
    private static string? WindowsOf(string? version) =>
        version?.Split('.') switch
        {
            ["0", "1", ..] => "7",
            ["0", "2", ..] => "8",
            ["0", "3", ..] => "8.1",
            [var major, ..] when int.TryParse(major, out var number) && number > 0 => number >= 13 ? "11" : "10",
            _ => null,
        };

    private static string? Trimmed(string? version)
    {
        while (version is not null && version.EndsWith(".0", StringComparison.Ordinal))
            version = version[..^2];
        return version;
    }

    private static string? Version(string? text) =>
        text is { Length: > 0 and <= 32 }
        && char.IsAsciiDigit(text[0])
        && text.All(c => char.IsAsciiDigit(c) || c == '.')
            ? text.TrimEnd('.')
            : null;

    private static string? Text(string? hint)
    {
        var at = 0;
        return
            Bounded(hint)?.Trim() is { } text && BrandList.TryReadText(text, ref at, out var value) && at == text.Length
            ? value
            : null;
    }

    private static string? Bounded(string? hint) => hint is { Length: <= LongestHint } ? hint : null;
}
