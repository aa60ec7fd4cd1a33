using System.Globalization;
using System.Text.Json;
using Signpost.Core.Visitors;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

[Collection(MeasuresMemory.Name)]
public sealed class RobotTests
{
    private static readonly AgentReader Robots = new(TimeProvider.System);

    public static TheoryData<string> Browsers =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Visitors", "browsers.txt"))];

    [Theory]
    [MemberData(nameof(Browsers))]
    public void A_person_with_a_browser_is_a_person_also_inside_an_app(string userAgent) =>
        Assert.Equal(VisitorClass.Person, Robots.Classify(userAgent));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_request_without_an_agent_is_a_robot_s(string? userAgent) =>
        Assert.Equal(VisitorClass.Robot, Robots.Classify(userAgent));

    [Theory]
    [InlineData("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)")]
    [InlineData("facebookexternalhit/1.1;line-poker/1.0")]
    [InlineData("Facebot/1.0")]
    [InlineData("meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)")]
    [InlineData("Twitterbot/1.0")]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")]
    [InlineData("Slackbot 1.0 (+https://api.slack.com/robots)")]
    [InlineData("Slack-ImgProxy (+https://api.slack.com/robots)")]
    [InlineData("WhatsApp/2.23.20.0")]
    [InlineData("WhatsApp/2.24.20.88 i")]
    [InlineData("WhatsApp/2.2447.7 W")]
    [InlineData("TelegramBot (like TwitterBot)")]
    [InlineData("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)")]
    [InlineData("LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)")]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com")]
    [InlineData("Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)")]
    [InlineData("Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots")]
    [InlineData("Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)")]
    [InlineData("Iframely/1.3.1 (+https://iframely.com/docs/about) Atlassian")]
    [InlineData("http.rb/5.1.1 (Mastodon/4.2.8; +https://mastodon.example/) Bot")]
    [InlineData("Mattermost-Bot/1.1")]
    [InlineData("Viber")]
    [InlineData(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"
    )]
    public void A_robot_that_draws_link_previews_is_known_as_one(string userAgent) =>
        Assert.Equal(VisitorClass.Preview, Robots.Classify(userAgent));

    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.69 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    )]
    [InlineData(
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"
    )]
    [InlineData(
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)"
    )]
    [InlineData("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)")]
    [InlineData(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36"
    )]
    [InlineData("python-requests/2.32.3")]
    [InlineData("Go-http-client/2.0")]
    [InlineData("Wget/1.21.4")]
    [InlineData("okhttp/4.12.0")]
    [InlineData("Java/17.0.9")]
    [InlineData("SomethingNobodyKnowsBot/0.1")]
    public void Any_other_robot_is_a_robot(string userAgent) =>
        Assert.Equal(VisitorClass.Robot, Robots.Classify(userAgent));

    [Fact]
    public void Of_the_robots_in_the_package_ninety_nine_in_a_hundred_are_known()
    {
        using var crawlers = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Visitors", "crawler-user-agents.json"))
        );
        var agents = crawlers
            .RootElement.EnumerateArray()
            .SelectMany(crawler => crawler.GetProperty("instances").EnumerateArray())
            .Select(agent => agent.GetString()!)
            .ToList();

        var known = agents.Count(agent => Robots.Classify(agent) != VisitorClass.Person);

        Assert.True(agents.Count > 1000);
        Assert.InRange((double)known / agents.Count, 0.99, 1);
    }

    [Fact]
    public void What_stands_beyond_a_kibibyte_is_not_looked_at()
    {
        var padding = new string('x', 1024);

        Assert.Equal(VisitorClass.Person, Robots.Classify($"Mozilla/5.0 (Windows NT 10.0) {padding}"));
        Assert.Equal(VisitorClass.Person, Robots.Classify($"Mozilla/5.0 (Windows NT 10.0) {padding} Googlebot/2.1"));
        Assert.Equal(VisitorClass.Robot, Robots.Classify($"Mozilla/5.0 (compatible; Googlebot/2.1) {padding}"));
    }

    [Fact]
    public void An_agent_seen_before_is_answered_without_allocating()
    {
        var agent = Browsers.First().Data;
        Robots.Classify(agent);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Robots.Classify(agent);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_flood_of_invented_agents_does_not_make_memory_grow()
    {
        var robots = new AgentReader(TimeProvider.System);
        Flood(robots, "warm", 20_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        Flood(robots, "flood", 100_000);

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(grown, long.MinValue, 2 * 1024 * 1024);
        GC.KeepAlive(robots);
    }

    private static void Flood(AgentReader robots, string name, int agents)
    {
        for (var i = 0; i < agents; i++)
            robots.Classify(string.Create(CultureInfo.InvariantCulture, $"Mozilla/5.0 ({name} {i})"));
    }
}
