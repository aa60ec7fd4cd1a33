using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Redirects;

/// <summary>The pages that send visitors on: apps, frames and pixels.</summary>
public sealed partial class DeliveryTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private const string IPhone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
    private const string Android =
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";
    private const string InInstagram =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 355.0.0.33.90 (iPhone15,2; iOS 18_1; en_US)";
    private const string Video = "https://www.youtube.com/watch?v=abc";

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(IPhone, "youtube://www.youtube.com/watch?v=abc")]
    [InlineData(InInstagram, "youtube://www.youtube.com/watch?v=abc")]
    [InlineData(
        Android,
        "intent://www.youtube.com/watch?v=abc#Intent;scheme=https;package=com.google.android.youtube;S.browser_fallback_url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dabc;end"
    )]
    public async Task A_phone_gets_a_page_that_opens_the_app_and_holds_the_web_address(string agent, string app)
    {
        var link = await _server.CreateLinkAsync(("location_url", Video), ("app_linking_is_enabled", "1"));

        var (response, page) = await ReadAsync(link.Alias, agent);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains($"id=\"app\" class=\"button\" href=\"{app}\"", page, StringComparison.Ordinal);
        Assert.Contains($"id=\"way\" href=\"{Video}\"", page, StringComparison.Ordinal);
        Assert.Equal(agent != InInstagram, page.Contains("<script>", StringComparison.Ordinal));
        Assert.Equal(agent != InInstagram, page.Contains($"content=\"1;url={Video}\"", StringComparison.Ordinal));
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));
    }

    [Theory]
    [InlineData(Firefox)]
    [InlineData(Firefox, "cloaking_is_enabled")]
    [InlineData(IPhone, "app_linking_is_enabled")]
    [InlineData(Firefox, "sensitive_content")]
    public async Task The_mark_of_a_scan_is_counted_and_not_forwarded(string agent, params string[] switches)
    {
        var link = await _server.CreateLinkAsync([
            ("location_url", Video),
            ("forward_query_parameters_is_enabled", "1"),
            .. switches.Select(name => (name, "1")),
        ]);
        using var person = new Person(_server, agent);

        var seen = await person.GetAsync($"/{link.Alias}?qr=1&a=1", Cancel);
        if (switches is ["sensitive_content"])
        {
            var agreed = await person.PostAsync($"/_signpost/agree/{link.Alias}?qr=1&a=1", Cancel);
            seen = await person.GetAsync(agreed.Location!, Cancel);
        }

        Assert.Contains("v=abc&a=1", WebUtility.HtmlDecode(seen.Location ?? seen.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("qr=1", seen.Location ?? seen.Body, StringComparison.Ordinal);
        await Patience.UntilAsync(
            async () =>
                (await _server.Http.GetStringAsync($"/api/statistics/{link.Id}?type=trigger", Cancel)).Contains(
                    "\"qr\"",
                    StringComparison.Ordinal
                ),
            "The scan is counted"
        );
    }

    [Theory]
    [InlineData(Firefox, Video)]
    [InlineData(Googlebot, Video)]
    [InlineData(IPhone, "https://example.org/")]
    [InlineData(InInstagram, "https://www.instagram.com/ada")]
    public async Task Who_has_no_app_to_open_is_redirected(string agent, string location)
    {
        var link = await _server.CreateLinkAsync(
            ("location_url", location),
            ("app_linking_is_enabled", "1"),
            ("http_status_code", "301")
        );

        var (response, _) = await ReadAsync(link.Alias, agent);

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal(location, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task An_app_is_told_the_visitor_s_query_too()
    {
        var link = await _server.CreateLinkAsync(
            ("location_url", Video),
            ("app_linking_is_enabled", "1"),
            ("forward_query_parameters_is_enabled", "1")
        );

        var (_, page) = await ReadAsync(link.Alias + "?t=1&x=\"><script>", IPhone);

        Assert.Contains(
            "href=\"youtube://www.youtube.com/watch?v=abc&t=1&x=%22%3E%3Cscript%3E\"",
            page,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_cloaked_link_is_a_frame_with_the_owner_s_texts_and_nothing_else_may_load()
    {
        var link = await _server.CreateLinkAsync(
            ("location_url", "https://framed.example/a?b=1&c=2"),
            ("cloaking_is_enabled", "1"),
            ("cloaking_title", "A <b>title</b>"),
            ("cloaking_meta_description", "\"Described\"")
        );

        var (response, page) = await ReadAsync(link.Alias, Firefox);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("<title>A <b>title</b></title>", page, StringComparison.Ordinal);
        Assert.Contains(
            "<iframe class=\"whole\" src=\"https://framed.example/a?b=1&c=2\"",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("class=\"out\" href=\"https://framed.example/a?b=1&c=2\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"description\" content=\"\"Described\"\"", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("connect-src", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer-when-downgrade", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("noindex", Assert.Single(response.Headers.GetValues("X-Robots-Tag")));
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task The_owner_s_script_stands_in_a_sandbox_and_gets_out_of_no_quotes()
    {
        const string Script = "if (1 < 2 && \"a\" != '\"') { } </iframe></script><img src=x onerror=alert(1)>";
        var link = await _server.CreateLinkAsync(
            ("location_url", "https://framed.example/"),
            ("cloaking_is_enabled", "1"),
            ("cloaking_custom_js", Script)
        );

        using var response = await _server.FollowAsync(link.Alias, null, ("User-Agent", Firefox));
        var page = await response.Content.ReadAsStringAsync(Cancel);
        var document = WebUtility.HtmlDecode(SourceDocument().Match(page).Groups["document"].Value);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));

        Assert.Contains(Script, document, StringComparison.Ordinal);
        Assert.DoesNotContain("onerror=alert", SourceDocument().Replace(page, ""), StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", page, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", SourceDocument().Replace(page, ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_anybody_says_becomes_markup()
    {
        const string Hostile = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
        var pixel = await _server.CreatePixelAsync("facebook", "123456789");
        var cloaked = await _server.CreateLinkAsync(
            ("location_url", "https://framed.example/?a=\"onload=alert(1)//'><script>"),
            ("cloaking_is_enabled", "1"),
            ("cloaking_title", Hostile),
            ("cloaking_meta_description", Hostile),
            ("forward_query_parameters_is_enabled", "1"),
            ("pixels_ids[]", pixel)
        );
        var opening = await _server.CreateLinkAsync(
            ("location_url", "https://www.youtube.com/\"onclick=alert(1)//'><script>"),
            ("app_linking_is_enabled", "1"),
            ("pixels_ids[]", pixel)
        );

        foreach (
            var (alias, agent) in new[] { (cloaked.Alias, Firefox), (opening.Alias, IPhone), (opening.Alias, Android) }
        )
        {
            using var response = await _server.FollowAsync(
                $"{alias}?<script>=\"'><script>",
                null,
                ("User-Agent", agent),
                ("Accept-Language", Hostile)
            );
            var page = OwnScript().Replace(await response.Content.ReadAsStringAsync(Cancel), "");

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
            Assert.DoesNotContain("\"onload", page, StringComparison.Ordinal);
            Assert.DoesNotContain("\"onclick", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_nonce_is_never_given_twice()
    {
        var link = await _server.CreateLinkAsync(("cloaking_is_enabled", "1"), ("cloaking_custom_js", "1"));

        var (first, _) = await ReadAsync(link.Alias, Firefox);
        var (second, _) = await ReadAsync(link.Alias, Firefox);

        Assert.NotEqual(
            Assert.Single(first.Headers.GetValues("Content-Security-Policy")),
            Assert.Single(second.Headers.GetValues("Content-Security-Policy"))
        );
    }

    [Fact]
    public async Task Robots_and_HEAD_see_the_cloak_and_fire_no_pixels()
    {
        var pixel = await _server.CreatePixelAsync("facebook", "123456789");
        var link = await _server.CreateLinkAsync(
            ("location_url", "https://framed.example/"),
            ("cloaking_is_enabled", "1"),
            ("pixels_ids[]", pixel)
        );

        var (robot, page) = await ReadAsync(link.Alias, Googlebot);
        using var head = await _server.FollowAsync(link.Alias, HttpMethod.Head);

        Assert.Equal(HttpStatusCode.OK, robot.StatusCode);
        Assert.Contains("framed.example", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-pixel", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task A_limited_link_shows_its_page_exactly_as_often_as_its_limit_says()
    {
        var link = await _server.CreateLinkAsync(("cloaking_is_enabled", "1"), ("clicks_limit", "2"));

        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(link.Alias, Firefox)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(link.Alias, Firefox)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await ReadAsync(link.Alias, Firefox)).Response.StatusCode);
    }

    [Theory]
    [InlineData("facebook", "123456789", "https://www.facebook.com")]
    [InlineData("google_analytics", "G-ABC1234567", "https://www.google-analytics.com")]
    [InlineData("google_tag_manager", "GTM-ABC1234", "https://www.googletagmanager.com")]
    [InlineData("linkedin", "1234567", "https://px.ads.linkedin.com")]
    [InlineData("pinterest", "1234567890123", "https://ct.pinterest.com")]
    [InlineData("twitter", "o1abc", "https://t.co")]
    [InlineData("quora", "0123456789abcdef0123456789abcdef", "https://q.quora.com")]
    [InlineData("tiktok", "C4A1B2C3D4E5F6G7H8I9", "https://analytics.tiktok.com")]
    [InlineData("snapchat", "01234567-89ab-cdef-0123-456789abcdef", "https://sc-static.net")]
    public async Task A_pixel_is_fired_from_its_own_hosts_and_the_page_goes_on_without_script(
        string type,
        string id,
        string host
    )
    {
        var pixel = await _server.CreatePixelAsync(type, id);
        var link = await _server.CreateLinkAsync(("location_url", "https://on.example/"), ("pixels_ids[]", pixel));

        var (response, page) = await ReadAsync(link.Alias, Firefox);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(id, page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(host, page, StringComparison.Ordinal);
        Assert.Contains(host, policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'self'", policy, StringComparison.Ordinal);
        Assert.Contains(
            "<noscript><meta http-equiv=\"refresh\" content=\"1;url=https://on.example/\" /></noscript>",
            page,
            StringComparison.Ordinal
        );
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task A_pixel_that_changes_or_goes_is_seen_by_the_very_next_visitor()
    {
        var pixel = await _server.CreatePixelAsync("facebook", "123456789");
        var link = await _server.CreateLinkAsync(("pixels_ids[]", pixel));
        var (_, before) = await ReadAsync(link.Alias, Firefox);

        using var changed = await _server.Http.PostAsync(
            $"/api/pixels/{pixel}",
            new FormUrlEncodedContent([new("pixel", "987654321")]),
            Cancel
        );
        var (_, after) = await ReadAsync(link.Alias, Firefox);
        using var deleted = await _server.Http.DeleteAsync($"/api/pixels/{pixel}", Cancel);
        var (gone, _) = await ReadAsync(link.Alias, Firefox);

        Assert.Contains("123456789", before, StringComparison.Ordinal);
        Assert.Contains("987654321", after, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, gone.StatusCode);
    }

    [Fact]
    public async Task What_is_sent_on_with_a_body_is_redirected()
    {
        var link = await _server.CreateLinkAsync(("cloaking_is_enabled", "1"), ("http_status_code", "307"));

        using var response = await _server.FollowAsync(link.Alias, HttpMethod.Post);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
    }

    private async Task<(HttpResponseMessage Response, string Page)> ReadAsync(string alias, string agent)
    {
        var response = await _server.FollowAsync(alias, null, ("User-Agent", agent));
        return (response, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Cancel)));
    }

    [GeneratedRegex("<script>\"use strict\";.*?</script>", RegexOptions.Singleline)]
    private static partial Regex OwnScript();

    [GeneratedRegex("srcdoc=\"(?<document>[^\"]*)\"")]
    private static partial Regex SourceDocument();
}
