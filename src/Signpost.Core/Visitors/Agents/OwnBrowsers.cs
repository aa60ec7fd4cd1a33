using System.Buffers;

namespace Signpost.Core.Visitors.Agents;

/// <summary>
/// Browsers and apps that uap-core does not know, or knows in older spellings only. They are found by a text in the User-Agent.
/// The names are those of uap-core where it has one.
/// </summary>
internal sealed class OwnBrowsers
{
    /// <summary>One browser or app.</summary>
    /// <param name="Name">The name as a family of uap-core.</param>
    /// <param name="Text">It begins a word of the User-Agent; case does not matter. The version is behind it.</param>
    /// <param name="With">Another text that must be there; null: none.</param>
    /// <param name="Version">The version is behind this text instead.</param>
    public sealed record Row(string Name, string Text, string? With = null, string? Version = null);

    /// <summary>The first row that fits counts: apps stand before the browsers whose texts they also send.</summary>
    public static readonly Row[] Table =
    [
        new("TikTok", "musical_ly"),
        new("TikTok", "trill_"),
        new("TikTok", "BytedanceWebview/"),
        new("Toutiao", "NewsArticle/"),
        new("Douyin", "aweme_"),
        new("Telegram", "Telegram-Android/"),
        new("KakaoTalk", "KAKAOTALK"),
        new("WeChat", "MicroMessenger/"),
        new("WeChat", "WindowsWechat"),
        new("Taobao", "AliApp(TB/"),
        new("Lazada", "AliApp(LA/"),
        new("Lazada", "AliApp(LZD/"),
        new("Alipay", "AlipayClient/"),
        new("DingTalk", "DingTalk/"),
        new("Lark", "Lark/"),
        new("Weibo", "weibo__"),
        new("Weibo", "WeiboliteiOS"),
        new("Weibo", "WeiboIntliOS"),
        new("QQ", "QQ/"),
        new("Xiaohongshu", "xhsdiscover"),
        new("Facebook Messenger", "MessengerForiOS", Version: "FBAV/"),
        new("Facebook Messenger", "MessengerLiteForiOS", Version: "FBAV/"),
        new("Facebook Messenger", "FB_IAB/Orca", Version: "FBAV/"),
        new("Threads", "Barcelona "),
        new("Instagram", "Instagram "),
        new("Snapchat", "Snapchat/"),
        new("LinkedIn", "LinkedInApp", Version: "LinkedInApp/"),
        new("Zalo", "Zalo"),
        new("imo", "imoAndroid/"),
        new("Grab", "Grab/"),
        new("NAVER", "NAVER(inapp"),
        new("Daum", "DaumApps/"),
        new("Baidu Explorer", "baiduboxapp/"),
        new("Sogou Explorer", "SogouMobileBrowser/"),
        new("Sogou Explorer", "SogouSearch"),
        new("Yandex Browser", "YaApp_Android/"),
        new("Yandex Browser", "YaApp_iOS/"),
        new("Yandex Browser", "YaSearchBrowser/"),
        new("DuckDuckGo", "Ddg/", With: "Macintosh"),
        new("DuckDuckGo", "Ddg/", With: "Windows"),
        new("DuckDuckGo", "DuckDuckGo/", With: "Macintosh"),
        new("DuckDuckGo Mobile", "Ddg/"),
        new("Ecosia Android", "Ecosia android@"),
        new("Ecosia iOS", "Ecosia ios@"),
        new("Brave", "Brave", With: "Mac OS X"),
        new("Opera GX", "OPX/"),
        new("Opera Touch", "OPT/"),
        new("UC Browser", "UCBrowser/"),
        new("Huawei Browser", "HuaweiBrowser/"),
        new("Honor Browser", "HonorBrowser/"),
        new("Honor Browser", "bdhonorbrowser/"),
        new("HeyTap Browser", "HeyTapBrowser/"),
        new("VivoBrowser", "VivoBrowser/"),
        new("HiBrowser", "HiBrowser/"),
        new("Phoenix Browser", "PHX/"),
        new("Quark", "Quark/"),
        new("Quark PC", "QuarkPC/"),
        new("Aloha Browser", "AlohaBrowser/"),
        new("Avast Secure Browser", "AvastSecureBrowser/"),
        new("Avast Secure Browser", "Avast/"),
        new("AVG", "AVG/"),
        new("Avira", "Avira/"),
        new("CCleaner", "CCleaner/"),
        new("Norton", "Norton/"),
        new("Instabridge", "Instabridge/"),
        new("115 Browser", "115Browser/"),
        new("360 Secure Browser", "QIHU 360"),
        new("Smart Lenovo Browser", "SLBrowser/"),
        new("Atom Browser", "Atom/"),
        new("Sber Browser", "SberBrowser/"),
        new("Sparrow Browser", "Sparrow"),
        new("Hola Browser", "Hola/"),
        new("Wolvic Browser", "Wolvic/"),
        new("AOL Shield Browser", "AOLShield/"),
        new("AOL Desktop Gold Browser", "ADG/"),
        new("QAX Browser", "Qaxbrowser"),
        new("Odin", "Odin/"),
        new("Mypal Browser", "Mypal/"),
        // An iPad that asks for desktop pages sends versions that uap-core's expressions do not fit.
        new("Firefox iOS", "FxiOS/"),
        new("Chrome Mobile iOS", "CriOS/"),
        new("Edge Mobile", "EdgiOS/"),
    ];

    /// <summary>The table, ready to search.</summary>
    public static readonly OwnBrowsers All = new(Table);

    private static readonly SearchValues<char> OfVersions = SearchValues.Create("0123456789.");

    private readonly Row[] _rows;
    private readonly TextAutomaton _automaton;

    public OwnBrowsers(IEnumerable<Row> rows)
    {
        _rows = [.. rows];
        _automaton = new([.. _rows.Select(row => row.Text.ToLowerInvariant())]);
    }

    /// <summary>The browser of the first row that fits; null: none fits.</summary>
    public AgentFamily? Find(string agent)
    {
        Span<ulong> found = stackalloc ulong[(_rows.Length + 63) / 64];
        found.Clear();
        _automaton.Find(agent, found);

        for (var index = 0; index < _rows.Length; index++)
        {
            if ((found[index >> 6] & (1UL << index)) == 0)
                continue;
            var row = _rows[index];
            if (EndOf(row.Text, agent) is { } end && (row.With is null || EndOf(row.With, agent) is not null))
                return new(row.Name, Version(agent, row.Version is null ? end : EndOf(row.Version, agent)));
        }

        return null;
    }

    // The end of the text where it begins a word.
    private static int? EndOf(string text, string agent)
    {
        for (var at = 0; ; at++)
        {
            at = agent.IndexOf(text, at, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return null;
            if (at == 0 || !char.IsAsciiLetterOrDigit(agent[at - 1]))
                return at + text.Length;
        }
    }

    // Digits and points, perhaps after a separator.
    private static string? Version(string agent, int? from)
    {
        if (from is not { } at)
            return null;
        if (at < agent.Length && agent[at] is ' ' or '/')
            at++;
        if (at < agent.Length && agent[at] is 'v')
            at++;
        var rest = agent.AsSpan(at);
        var length = rest.IndexOfAnyExcept(OfVersions) is >= 0 and var end ? end : rest.Length;
        var version = rest[..length].Trim('.');
        return version.IsEmpty ? null : version.ToString();
    }
}
