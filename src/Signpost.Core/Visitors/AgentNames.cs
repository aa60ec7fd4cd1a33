using System.Collections.Frozen;

namespace Signpost.Core.Visitors;

/// <summary>
/// The names of systems, browsers and devices: the result for a visitor, and the spellings that people may
/// write. docs/api.md has the same list.
/// </summary>
public static class AgentNames
{
    private static readonly Name[] SystemNames =
    [
        new("Windows", ["Windows"], ["win", "microsoft windows"]),
        new("OS X", ["Mac OS X"], ["macos", "mac os", "mac", "osx"]),
        new("iOS", ["iOS"], ["ipados", "iphone os"]),
        new("Android", ["Android"], []),
        new("Chrome OS", ["Chrome OS"], ["chromeos", "cros", "chromium os"]),
        new(
            "Linux",
            [
                "Linux",
                "Arch Linux",
                "BackTrack",
                "CentOS",
                "Debian",
                "Fedora",
                "Gentoo",
                "Kubuntu",
                "Linux Mint",
                "Lubuntu",
                "Mageia",
                "Mandriva",
                "PCLinuxOS",
                "Puppy",
                "Red Hat",
                "Slackware",
                "SUSE",
                "Ubuntu",
                "openSUSE",
            ],
            ["gnu/linux"]
        ),
    ];

    private static readonly Name[] BrowserNames =
    [
        new("Chrome", ["Chrome", "Chrome Mobile", "Chrome Mobile iOS"], ["google chrome", "chrome ios"]),
        new("Safari", ["Safari", "Mobile Safari"], ["apple safari", "safari mobile"]),
        new("Firefox", ["Firefox", "Firefox Mobile", "Firefox iOS"], ["mozilla firefox"]),
        new("Edge", ["Edge", "Edge Mobile"], ["microsoft edge", "ms edge", "msedge"]),
        new("Opera", ["Opera", "Opera Mobile", "Opera Tablet", "Opera Touch", "Opera GX"], []),
        new("Samsung Internet", ["Samsung Internet"], ["samsung browser", "samsungbrowser"]),
        new("Amazon Silk", ["Amazon Silk"], ["silk"]),
        new("Chrome Mobile WebView", ["Chrome Mobile WebView"], ["android webview", "chrome webview", "webview"]),
        new("DuckDuckGo", ["DuckDuckGo"], ["duck duck go", "duckduckgo browser"]),
        new("Facebook Messenger", ["Facebook Messenger"], ["messenger"]),
        new("Huawei Browser", ["Huawei Browser"], ["huawei", "huaweibrowser"]),
        new("IE", ["IE"], ["internet explorer", "microsoft internet explorer", "msie"]),
        new("KakaoTalk", ["KakaoTalk"], ["kakao", "kakao talk"]),
        new("MiuiBrowser", ["MiuiBrowser"], ["miui browser", "mi browser", "xiaomi browser"]),
        new("QQ Browser", ["QQ Browser"], ["qqbrowser"]),
        new("Twitter", ["Twitter"], ["x", "x (twitter)"]),
        new("UC Browser", ["UC Browser"], ["ucbrowser", "uc"]),
        new("WeChat", ["WeChat"], ["weixin", "micromessenger", "wechat browser"]),
        new("Yandex Browser", ["Yandex Browser"], ["yandex", "yabrowser", "yandexbrowser"]),
    ];

    // Names that stand for editions with names of their own.
    private static readonly FrozenDictionary<string, string[]> BrowserEditions = new Dictionary<string, string[]>
    {
        ["DuckDuckGo"] = ["DuckDuckGo Mobile"],
        ["Ecosia"] = ["Ecosia Android", "Ecosia iOS"],
        ["IE"] = ["IE Mobile", "IE Large Screen"],
        ["QQ Browser"] = ["QQ Browser Mobile", "QQ Browser Mini"],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of systems.</summary>
    public static IEnumerable<string> Systems => SystemNames.Select(name => name.Text);

    /// <summary>The names of the commonest browsers.</summary>
    public static IEnumerable<string> Browsers => BrowserNames.Select(name => name.Text);

    private static readonly FrozenDictionary<string, string> SystemFamilies = Families(SystemNames);
    private static readonly FrozenDictionary<string, string> SystemSpellings = Spellings(SystemNames);
    private static readonly FrozenDictionary<string, string> BrowserFamilies = Families(BrowserNames);
    private static readonly FrozenDictionary<string, string> BrowserSpellings = Spellings(BrowserNames);

    /// <summary>The name for uap-core's family of systems.</summary>
    public static string? SystemOf(string? family) => NameOf(family, SystemFamilies);

    /// <summary>The name for uap-core's family of browsers.</summary>
    public static string? BrowserOf(string? family) => NameOf(family, BrowserFamilies);

    /// <summary>The system for any of its spellings; null if it is unknown.</summary>
    public static string? FindSystem(string spelling) => SystemSpellings.GetValueOrDefault(spelling);

    /// <inheritdoc cref="FindSystem"/>
    public static string? FindBrowser(string spelling) => BrowserSpellings.GetValueOrDefault(spelling);

    /// <summary>The other names that a rule for this browser matches, too; mostly none.</summary>
    public static IReadOnlyList<string> EditionsOf(string browser) => BrowserEditions.GetValueOrDefault(browser) ?? [];

    public static string? Device(DeviceType device) =>
        device switch
        {
            DeviceType.Desktop => "desktop",
            DeviceType.Mobile => "mobile",
            DeviceType.Tablet => "tablet",
            _ => null,
        };

    private static string? NameOf(string? family, FrozenDictionary<string, string> names) =>
        family is null or "Other" ? null : names.GetValueOrDefault(family, family);

    private static FrozenDictionary<string, string> Families(Name[] names) =>
        names
            .SelectMany(name => name.Families.Select(family => (family, name.Text)))
            .ToFrozenDictionary(entry => entry.family, entry => entry.Text);

    private static FrozenDictionary<string, string> Spellings(Name[] names) =>
        names
            .SelectMany(name =>
                name.Families.Concat(name.Others).Append(name.Text).Select(spelling => (spelling, name.Text))
            )
            .DistinctBy(entry => entry.spelling, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(entry => entry.spelling, entry => entry.Text, StringComparer.OrdinalIgnoreCase);

    /// <param name="Text">Our name.</param>
    /// <param name="Families">The families of uap-core with this name.</param>
    /// <param name="Others">Other spellings.</param>
    private sealed record Name(string Text, string[] Families, string[] Others);
}
