using System.Text.Json;
using Signpost.Core.Visitors.Agents;
using Signpost.Testing;
using Signpost.Tests.Visitors;
using Signpost.Visitors;

namespace Signpost.Tests.Links;

/// <summary>Rules for browsers.</summary>
public sealed class BrowserRuleTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Match = "https://example.org/match";

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Netscope", true)]
    [InlineData("DuckDuckGo", false)]
    [InlineData("Internet Explorer", false)]
    [InlineData("Vivaldi", false)]
    [InlineData("WeChat", false)]
    public async Task A_browser_that_nobody_has_is_a_warning(string browser, bool warns)
    {
        using var response = await _server.Http.PostAsync("/api/links", Rule(browser), Cancel);
        using var made = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        var data = made.RootElement.GetProperty("data");

        Assert.Equal(warns, data.TryGetProperty("warnings", out var warnings));
        if (warns)
            Assert.Contains("Netscope", warnings[0].GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "DuckDuckGo",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.6 Mobile/15E148 Safari/604.1 Ddg/26.6"
    )]
    [InlineData("Internet Explorer", "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko")]
    [InlineData(
        "Yandex",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 YaBrowser/24.7.0.0 Safari/537.36"
    )]
    public async Task A_usual_name_matches_all_editions(string browser, string agent)
    {
        using var response = await _server.Http.PostAsync("/api/links", Rule(browser), Cancel);
        using var made = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        var link = await _server.ReadLinkAsync(made.RootElement.GetProperty("data").GetProperty("id").GetInt64());

        using var visit = await _server.FollowAsync(link.GetProperty("url").GetString()!, null, ("User-Agent", agent));

        Assert.Equal(Match, visit.Headers.Location?.OriginalString);
    }

    [Fact]
    public void Every_browser_of_the_labelled_people_can_occur()
    {
        var known = new KnownBrowsers(AgentReader.Lines("agents.txt"));

        // The name of an app of Apple's network library is the app's own.
        var browsers = LabelledAgent
            .People.Where(one => !one.Agent.Contains("CFNetwork", StringComparison.Ordinal))
            .Select(one => one.Browser)
            .OfType<string>()
            .Distinct();

        Assert.All(browsers, browser => Assert.True(known.Has(browser), browser));
    }

    private static FormUrlEncodedContent Rule(string browser) =>
        new(
            new Dictionary<string, string>
            {
                ["location_url"] = "https://example.org/",
                ["targeting_type"] = "browser_name",
                ["targeting_browser_name_key[0]"] = browser,
                ["targeting_browser_name_value[0]"] = Match,
            }
        );
}
