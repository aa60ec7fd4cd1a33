using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>Links with a splash page.</summary>
public sealed class SplashPageTests(SplashServer shared) : IClassFixture<SplashServer>
{
    private const string Secret = "https://secret.example/path?own=1";
    private const string Robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private const string Preview = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)";

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_holds_no_destination_and_its_button_counts_and_keeps_the_visitor_s_query()
    {
        var link = await LinkAsync(
            [("title", "<b>Doors</b>"), ("description", "At \"eight\""), ("link_unlock_button", "Go & see")],
            ("forward_query_parameters_is_enabled", "1")
        );
        var browser = new Browser(_server);

        var shown = await browser.GetAsync($"/{link.Alias}?token=mine&a=%C3%BC&b");
        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));
        var opened = await browser.GetAsync(Browser.WayOf(shown.Body));

        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.DoesNotContain("secret", shown.Body + shown.Headers, StringComparison.Ordinal);
        foreach (var text in (string[])["&lt;b&gt;Doors&lt;/b&gt;", "At &quot;eight&quot;", "Go &amp; see"])
            Assert.Contains(text, shown.Body, StringComparison.Ordinal);
        foreach (var header in (string[])["no-store", "default-src 'none'", "noindex", "nosniff"])
            Assert.Contains(header, shown.Headers, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", shown.Body, StringComparison.Ordinal);
        Assert.Contains($"Refresh: 10; url={Browser.WayOf(shown.Body)}", shown.Headers, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Found, $"{Secret}&token=mine&a=%C3%BC&b"), (opened.Status, opened.Location));
        Assert.Empty(browser.Cookies);
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));

        // Loading that address again is another visit.
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync(Browser.WayOf(shown.Body))).Status);
        Assert.Equal(2, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task Targeting_is_decided_when_the_visitor_continues()
    {
        var link = await LinkAsync(
            [],
            ("targeting_type", "browser_language"),
            ("targeting_browser_language_key[0]", "fr"),
            ("targeting_browser_language_value[0]", "https://secret.example/fr")
        );
        var shown = await new Browser(_server).GetAsync($"/{link.Alias}");

        var opened = await new Browser(_server).SendAsync(
            HttpMethod.Get,
            Browser.WayOf(shown.Body),
            null,
            ("Accept-Language", "fr")
        );

        Assert.Equal("https://secret.example/fr", opened.Location);
    }

    [Fact]
    public async Task The_button_works_from_the_end_of_the_wait_for_ten_minutes()
    {
        var link = await LinkAsync([("link_unlock_seconds", "5")]);
        var browser = new Browser(_server);
        var shown = await browser.GetAsync($"/{link.Alias}?x=y");
        var way = Browser.WayOf(shown.Body);

        Assert.Contains($"Refresh: 5; url={way}", shown.Headers, StringComparison.Ordinal);
        shared.Clock.Advance(TimeSpan.FromMilliseconds(4_999));
        var early = await browser.GetAsync(way);
        Assert.Equal((HttpStatusCode.OK, null), (early.Status, early.Location));
        Assert.EndsWith("&x=y", Browser.WayOf(early.Body), StringComparison.Ordinal);
        Assert.NotEqual(way, Browser.WayOf(early.Body));

        shared.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync(way)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Browser.WayOf(early.Body))).Status);
        shared.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(5_001));
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync(way)).Status);
        shared.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(way)).Status);
        Assert.Equal(2, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task A_forged_a_foreign_or_no_token_and_an_edited_link_show_the_page_again()
    {
        var (link, other) = (await LinkAsync([]), await LinkAsync([]));
        var browser = new Browser(_server);
        var way = Browser.WayOf((await browser.GetAsync($"/{link.Alias}")).Body);
        var foreign = Browser.WayOf((await browser.GetAsync($"/{other.Alias}")).Body).Split('?')[1];
        var path = way.Split('?')[0];
        List<string> wrong =
        [
            path,
            $"{path}?",
            $"{path}?token=",
            $"{path}?{foreign}",
            $"{path}?a=b&{way.Split('?')[1]}",
            $"{way}A",
        ];
        // Each byte is signed.
        var token = way.Split('=')[1];
        for (var at = 0; at < token.Length; at += 4)
            wrong.Add($"{path}?token={token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}");

        foreach (var address in wrong)
        {
            var again = await browser.GetAsync(address);
            Assert.True(again is { Status: HttpStatusCode.OK, Location: null }, address);
            Assert.StartsWith(path, Browser.WayOf(again.Body), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync(way)).Status);
        await _server.UpdateLinkAsync(link.Id, ("location_url", "https://secret.example/other"));
        var edited = await browser.GetAsync(way);

        Assert.Equal(HttpStatusCode.OK, edited.Status);
        Assert.Equal("https://secret.example/other", (await browser.GetAsync(Browser.WayOf(edited.Body))).Location);
        Assert.Equal(2, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task The_button_of_another_visitor_passes_no_password_and_no_warning()
    {
        var link = await LinkAsync([], ("password", "sesame"), ("sensitive_content", "1"));
        var browser = new Browser(_server);
        await browser.SubmitAsync($"/{link.Alias}", ("password", "sesame"));
        Assert.Equal("", Browser.WayOf((await browser.GetAsync($"/{link.Alias}")).Body));
        await browser.SubmitAsync($"/{link.Alias}");
        var way = Browser.WayOf((await browser.GetAsync($"/{link.Alias}")).Body);
        var other = new Browser(_server);

        var asked = await other.GetAsync(way);
        await other.SubmitAsync($"/{link.Alias}", ("password", "sesame"));
        var warned = await other.GetAsync(way);

        Assert.Equal((HttpStatusCode.Unauthorized, null), (asked.Status, asked.Location));
        Assert.Equal($"/_signpost/unlock/{link.Alias}", Browser.ActionOf(asked.Body));
        Assert.Equal((HttpStatusCode.OK, null), (warned.Status, warned.Location));
        Assert.Equal($"/_signpost/agree/{link.Alias}", Browser.ActionOf(warned.Body));
        Assert.Equal(Secret, (await browser.GetAsync(way)).Location);
    }

    [Fact]
    public async Task A_click_of_a_limit_is_consumed_when_the_visitor_continues()
    {
        var link = await LinkAsync([], ("clicks_limit", "1"));
        var browser = new Browser(_server);
        var first = Browser.WayOf((await browser.GetAsync($"/{link.Alias}")).Body);
        var second = Browser.WayOf((await browser.GetAsync($"/{link.Alias}")).Body);

        Assert.Equal(Secret, (await browser.GetAsync(first)).Location);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(second)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync($"/{link.Alias}")).Status);
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));
    }

    [Theory]
    [InlineData("GET", "User-Agent", Robot, HttpStatusCode.Found)]
    [InlineData("GET", "User-Agent", Preview, HttpStatusCode.Found)]
    [InlineData("HEAD", "User-Agent", "Mozilla/5.0", HttpStatusCode.Found)]
    [InlineData("GET", "Sec-Purpose", "prefetch", HttpStatusCode.ServiceUnavailable)]
    [InlineData("POST", "User-Agent", "Mozilla/5.0", HttpStatusCode.MethodNotAllowed)]
    public async Task Only_people_see_the_page_and_are_clicks(
        string method,
        string name,
        string value,
        HttpStatusCode status
    )
    {
        var link = await LinkAsync([]);
        var browser = new Browser(_server);
        var way = Browser.WayOf((await browser.GetAsync($"/{link.Alias}")).Body);

        foreach (var path in (string[])[$"/{link.Alias}", way])
            Assert.Equal(status, (await browser.SendAsync(new(method), path, null, (name, value))).Status);

        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task A_page_that_changes_or_goes_is_seen_by_the_very_next_visitor()
    {
        var page = await _server.CreateSplashPageAsync(("title", "Before"));
        var link = await _server.CreateLinkAsync(("splash_page_id", page));
        var browser = new Browser(_server);
        var way = Browser.WayOf((await browser.GetAsync($"/{link.Alias}?a=b")).Body);

        using var form = new FormUrlEncodedContent([new("title", "")]);
        using var changed = await _server.Http.PostAsync($"/api/splash-pages/{page}", form, Cancel);
        var after = await browser.GetAsync($"/{link.Alias}");
        using var deleted = await _server.Http.DeleteAsync($"/api/splash-pages/{page}", Cancel);
        var gone = await browser.GetAsync($"/{link.Alias}");
        var back = await browser.GetAsync(way);

        Assert.Contains("<h1 dir=\"auto\">Before you continue</h1>", after.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.Found, gone.Status);
        // Nothing is left to be continued: the link answers.
        Assert.Equal((HttpStatusCode.SeeOther, $"/{link.Alias}?a=b"), (back.Status, back.Location));
        var settings = (await _server.ReadLinkAsync(link.Id)).GetProperty("settings");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, settings.GetProperty("splash_page_id").ValueKind);
    }

    private async Task<MadeLink> LinkAsync((string, string)[] page, params (string, string)[] fields)
    {
        var id = await _server.CreateSplashPageAsync(page);
        return await _server.CreateLinkAsync([("splash_page_id", id), ("location_url", Secret), .. fields]);
    }
}

/// <summary>A server whose clock stands until a test moves it.</summary>
public sealed class SplashServer : SharedServer
{
    internal ManualClock Clock { get; } = new();

    private protected override Task<TestServer> StartAsync() => TestServer.StartAsync(Clock, null);
}
