using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>The parser with all the expressions that are built in.</summary>
public sealed class AgentParserTests
{
    private static readonly AgentParser Parser = AgentReader.MakeParser();

    [Theory]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
        "Windows",
        "10"
    )]
    [InlineData(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15",
        "OS X",
        "10.15.7"
    )]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15", "iOS", "17.4.1")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 18_2 like Mac OS X) AppleWebKit/605.1.15", "iOS", "18.2")]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/127.0.0.0 Mobile Safari/537.36",
        "Android",
        "14"
    )]
    [InlineData(
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/119.0.0.0 Safari/537.36",
        "Chrome OS",
        "14541.0.0"
    )]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/119.0.0.0 Safari/537.36", "Linux", null)]
    [InlineData("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Linux", null)]
    [InlineData("Mozilla/5.0 (X11; Fedora; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Linux", null)]
    [InlineData("Mozilla/5.0 (X11; FreeBSD amd64; rv:122.0) Gecko/20100101 Firefox/122.0", "FreeBSD", null)]
    [InlineData("AppleCoreMedia/1.0.0.20K71 (Apple TV; U; CPU OS 16_1 like Mac OS X; en_us)", "ATV OS X", null)]
    [InlineData("Mozilla/4.0 (compatible; MSIE 5.17; Mac_PowerPC)", "Mac OS", null)]
    [InlineData("SomeThing nobody knows", null, null)]
    public void A_system_has_our_name_and_its_version(string agent, string? system, string? version)
    {
        var read = Read(agent);

        Assert.Equal((system, version), (read.SystemName, read.SystemVersion));
    }

    [Theory]
    [InlineData(
        "Chrome",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
    )]
    [InlineData(
        "Chrome",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
    )]
    [InlineData(
        "Chrome",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1"
    )]
    [InlineData(
        "Safari",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
    )]
    [InlineData(
        "Safari",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15"
    )]
    [InlineData("Firefox", "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0")]
    [InlineData(
        "Firefox",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/133.0 Mobile/15E148 Safari/605.1.15"
    )]
    [InlineData(
        "Edge",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
    )]
    [InlineData(
        "Edge",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0"
    )]
    [InlineData(
        "Opera",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0"
    )]
    [InlineData(
        "Opera",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 OPR/86.0.0.0"
    )]
    [InlineData(
        "Opera",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 OPT/4.6.2"
    )]
    [InlineData(
        "Opera",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 OPX/2.3.0"
    )]
    [InlineData(
        "Opera Mini",
        "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16"
    )]
    [InlineData(
        "Samsung Internet",
        "Mozilla/5.0 (Linux; Android 14; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36"
    )]
    [InlineData(
        "Chrome Mobile WebView",
        "Mozilla/5.0 (Linux; Android 10; MI 8 Build/QKQ1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/96.0.4664.104 Mobile Safari/537.36"
    )]
    [InlineData(
        "Mobile Safari UI/WKWebView",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 15_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
    )]
    [InlineData("IE", "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko")]
    [InlineData("Googlebot", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData(null, "SomeThing nobody knows")]
    public void A_browser_has_one_name_on_every_device(string? browser, string agent) =>
        Assert.Equal(browser, Read(agent).BrowserName);

    [Fact]
    public void Of_the_labelled_agents_ninety_eight_in_a_hundred_are_told_right()
    {
        AssertMost("device", one => (one.Device, Read(one.Agent).DeviceName));
        AssertMost("system", one => (one.System, Read(one.Agent).SystemName));
        AssertMost("browser", one => (one.Browser, Read(one.Agent).BrowserName));
    }

    [Fact]
    public void Of_the_labelled_tablets_nine_in_ten_are_tablets_and_few_phones_are()
    {
        var tablets = LabelledAgent.People.Where(one => one.Device is "tablet").ToList();
        var phones = LabelledAgent.People.Where(one => one.Device is "mobile").ToList();

        Assert.True(tablets.Count(one => Read(one.Agent).DeviceName is "tablet") >= tablets.Count * 0.9);
        Assert.DoesNotContain(phones, one => Read(one.Agent).DeviceName is "tablet");
    }

    [Fact]
    public void What_stands_beyond_a_kibibyte_is_not_looked_at_and_names_are_short()
    {
        Assert.Equal(
            UserAgent.Unknown,
            Read(new string('x', 1024) + " Chrome/131.0.0.0 Safari/537.36 (Windows NT 10.0)")
        );

        var name = Read($"{new string('n', 150)}/1 CFNetwork/1410.0.3 Darwin/22.6.0").BrowserName!;
        Assert.Equal(new string('n', 64), name);
    }

    private static UserAgent Read(string agent)
    {
        var steps = AgentParser.MostSteps;
        return Parser.Read(agent, ref steps)!;
    }

    private static void AssertMost(string what, Func<LabelledAgent, (string? Label, string? Found)> compare)
    {
        var misses = LabelledAgent
            .People.Select(one => (one.Agent, Names: compare(one)))
            .Where(one => one.Names.Label != one.Names.Found)
            .Select(one => $"{what} {one.Names.Label ?? "none"}, found {one.Names.Found ?? "none"}: {one.Agent}")
            .ToList();
        foreach (var miss in misses)
            TestContext.Current.TestOutputHelper!.WriteLine(miss);

        Assert.True(misses.Count <= LabelledAgent.People.Count() * 0.02, string.Join('\n', misses));
    }
}
