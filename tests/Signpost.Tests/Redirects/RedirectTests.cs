using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Redirects;

public sealed class RedirectTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private const string WhatsApp = "WhatsApp/2.23.20.0";
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("301", HttpStatusCode.MovedPermanently)]
    [InlineData("302", HttpStatusCode.Found)]
    [InlineData("307", HttpStatusCode.TemporaryRedirect)]
    [InlineData("308", HttpStatusCode.PermanentRedirect)]
    public async Task A_link_redirects_with_its_status_and_nobody_may_keep_the_answer(
        string status,
        HttpStatusCode expected
    )
    {
        var link = await _server.CreateLinkAsync(
            ("location_url", "https://example.org/a?b=c#d"),
            ("http_status_code", status)
        );

        using var response = await _server.FollowAsync(link.Alias);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("https://example.org/a?b=c#d", response.Headers.Location?.OriginalString);
        Assert.Equal("max-age=0, no-store, private", Sorted(response.Headers.CacheControl!.ToString()));
        Assert.Equal("noindex", Assert.Single(response.Headers.GetValues("X-Robots-Tag")));
        Assert.Equal("no-referrer-when-downgrade", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_click_is_in_the_next_answer_of_the_api()
    {
        var link = await _server.CreateLinkAsync();

        await FollowAsync(link, Firefox);
        await FollowAsync(link, Firefox);

        Assert.Equal(2, await _server.ReadClicksAsync(link.Id));
    }

    [Theory]
    [InlineData("GET", Firefox, null, null, 302, 1)]
    [InlineData("GET", null, null, null, 302, 1)]
    [InlineData("GET", "", null, null, 302, 0)]
    [InlineData("GET", "curl/8.5.0", null, null, 302, 0)]
    [InlineData("GET", Firefox, "Sec-CH-UA", "\"HeadlessChrome\";v=\"129\", \"Chromium\";v=\"129\"", 302, 0)]
    [InlineData("GET", Firefox, "Sec-CH-UA", "", 302, 1)]
    [InlineData("HEAD", Firefox, null, null, 302, 0)]
    [InlineData("GET", Googlebot, null, null, 302, 0)]
    [InlineData("GET", WhatsApp, null, null, 302, 0)]
    [InlineData("GET", Firefox, "Sec-Purpose", "prefetch", 503, 0)]
    [InlineData("GET", Firefox, "Sec-Purpose", "prefetch;prerender", 503, 0)]
    [InlineData("GET", Firefox, "Purpose", "prefetch", 503, 0)]
    [InlineData("GET", Firefox, "Purpose", "preview", 503, 0)]
    [InlineData("GET", Firefox, "X-Purpose", "preview", 503, 0)]
    [InlineData("GET", Firefox, "X-Purpose", "prefetch", 503, 0)]
    [InlineData("GET", Firefox, "X-HTTP-Method-Override", "DELETE", 302, 1)]
    [InlineData("POST", Firefox, null, null, 405, 0)]
    [InlineData("PUT", Firefox, null, null, 405, 0)]
    [InlineData("OPTIONS", Firefox, null, null, 405, 0)]
    [InlineData("PROPFIND", Firefox, null, null, 405, 0)]
    [InlineData("TRACE", Firefox, null, null, 405, 0)]
    [InlineData("FOO", Firefox, null, null, 405, 0)]
    public async Task Only_a_person_who_is_sent_on_is_a_click(
        string method,
        string? agent,
        string? header,
        string? value,
        int status,
        long clicks
    )
    {
        var link = await _server.CreateLinkAsync();

        using var response = await _server.FollowAsync(link.Alias, new(method), Headers(agent, header, value));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(clicks, await _server.ReadClicksAsync(link.Id));
        if (status == 405)
            Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order());
        if (status == 503)
            Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("\"Chromium\";v=\"131\"", true)]
    [InlineData(null, false)]
    public async Task Browsers_that_know_hints_are_asked_for_more(string? brands, bool isAsked)
    {
        var link = await _server.CreateLinkAsync();

        using var response = await _server.FollowAsync(
            link.Alias,
            HttpMethod.Get,
            Headers(Firefox, brands is null ? null : "Sec-CH-UA", brands)
        );

        Assert.Equal(isAsked, response.Headers.TryGetValues("Accept-CH", out var hints));
        Assert.Equal(isAsked, hints?.Single().Contains("Sec-CH-UA-Model", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("307", "POST", 307)]
    [InlineData("308", "PUT", 308)]
    [InlineData("308", "DELETE", 308)]
    [InlineData("307", "FOO", 405)]
    public async Task A_307_or_308_takes_methods_with_a_body_and_they_are_clicks(
        string status,
        string method,
        int answer
    )
    {
        var link = await _server.CreateLinkAsync(("http_status_code", status));

        using var response = await _server.FollowAsync(link.Alias, new(method));

        Assert.Equal(answer, (int)response.StatusCode);
        Assert.Equal(answer == 405 ? 0 : 1, await _server.ReadClicksAsync(link.Id));
        if (answer == 405)
            Assert.Equal(
                ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"],
                response.Content.Headers.Allow.Order(StringComparer.Ordinal)
            );
    }

    [Fact]
    public async Task A_link_begins_and_ends_at_the_very_second()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, directory: null);
        var link = await server.CreateLinkAsync(
            ("start_date", "2026-03-01 12:00:10"),
            ("end_date", "2026-03-01 12:00:20"),
            ("expiration_url", "https://example.org/over")
        );

        Assert.Equal(404, await FollowAsync(server, link, Firefox));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(302, await FollowAsync(server, link, Firefox));
        clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(302, await FollowAsync(server, link, Firefox));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        using var over = await server.FollowAsync(link.Alias);

        Assert.Equal("https://example.org/over", over.Headers.Location?.OriginalString);
        Assert.Equal(2, await server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task Exactly_as_many_as_the_limit_says_get_through_of_ten_times_as_many_at_once()
    {
        const int Limit = 20;
        var link = await _server.CreateLinkAsync(("clicks_limit", $"{Limit}"));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 10 * Limit).Select(_ => FollowAsync(link, Firefox)));

        Assert.Equal(Limit, statuses.Count(status => status == 302));
        Assert.Equal(9 * Limit, statuses.Count(status => status == 410));
        Assert.Equal(Limit, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task Who_is_no_person_uses_nothing_of_a_limit_and_does_not_learn_the_destination()
    {
        var link = await _server.CreateLinkAsync(
            ("clicks_limit", "1"),
            ("location_url", "https://secret.example/"),
            ("cloaking_title", "Summer <sale>")
        );

        foreach (var agent in (string[])[Googlebot, WhatsApp])
        {
            using var preview = await _server.FollowAsync(link.Alias, null, ("User-Agent", agent));
            var page = await preview.Content.ReadAsStringAsync(Cancel);
            Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
            Assert.Contains("Summer &lt;sale&gt;", page, StringComparison.Ordinal);
            Assert.DoesNotContain("secret.example", page + preview.Headers, StringComparison.Ordinal);
        }
        using var head = await _server.FollowAsync(link.Alias, HttpMethod.Head);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(302, await FollowAsync(link, Firefox));
        Assert.Equal(410, await FollowAsync(link, Firefox));
    }

    [Fact]
    public async Task A_limit_counts_every_click_the_link_ever_had()
    {
        var link = await _server.CreateLinkAsync();
        await FollowAsync(link, Firefox);
        await FollowAsync(link, Firefox);

        await _server.UpdateLinkAsync(link.Id, ("clicks_limit", "3"));

        Assert.Equal(302, await FollowAsync(link, Firefox));
        Assert.Equal(410, await FollowAsync(link, Firefox));
        await _server.UpdateLinkAsync(link.Id, ("clicks_limit", "4"));
        Assert.Equal(302, await FollowAsync(link, Firefox));
        await _server.UpdateLinkAsync(link.Id, ("clicks_limit", ""));
        Assert.Equal(302, await FollowAsync(link, Firefox));
        Assert.Equal(5, await _server.ReadClicksAsync(link.Id));
    }

    [Theory]
    [InlineData("https://e.org/?a=1&b=2#f", "", "https://e.org/?a=1&b=2&utm_source=mail#f")]
    [InlineData("https://e.org/?a=1&b=2#f", "?b=3&c=4", "https://e.org/?a=1&utm_source=mail&b=3&c=4#f")]
    [InlineData("https://e.org/?utm_source=old", "?utm_source=mine", "https://e.org/?utm_source=mine")]
    [InlineData("https://e.org/", "?x=%0d%0aSet-Cookie:a", "https://e.org/?utm_source=mail&x=%0d%0aSet-Cookie:a")]
    [InlineData("https://e.org/p", "?//evil.example/", "https://e.org/p?utm_source=mail&//evil.example/")]
    public async Task The_visitor_s_query_comes_over_utm_and_both_over_the_destination_s(
        string destination,
        string query,
        string expected
    )
    {
        var link = await _server.CreateLinkAsync(
            ("location_url", destination),
            ("utm_source", "mail"),
            ("forward_query_parameters_is_enabled", "1")
        );

        using var response = await _server.FollowAsync(link.Alias + query);

        Assert.Equal(expected, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_query_that_is_not_forwarded_changes_nothing()
    {
        var link = await _server.CreateLinkAsync(("location_url", "https://e.org/?redir_url=1"));

        using var response = await _server.FollowAsync(link.Alias + "?redir_url=https://evil.example/");

        Assert.Equal("https://e.org/?redir_url=1", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task An_edit_is_seen_by_the_very_next_request()
    {
        var link = await _server.CreateLinkAsync();

        for (var i = 0; i < 50; i++)
        {
            await _server.UpdateLinkAsync(link.Id, ("location_url", $"https://example.org/{i}"));
            using var response = await _server.FollowAsync(link.Alias);
            Assert.Equal($"https://example.org/{i}", response.Headers.Location?.OriginalString);
        }

        await _server.UpdateLinkAsync(link.Id, ("is_enabled", "0"));
        Assert.Equal(404, await FollowAsync(link, Firefox));
        await _server.UpdateLinkAsync(link.Id, ("is_enabled", "1"), ("url", "renamed-one"));
        Assert.Equal(404, await FollowAsync(link, Firefox));
        Assert.Equal(302, await FollowAsync(link with { Alias = "renamed-one" }, Firefox));
        using var deleted = await _server.Http.DeleteAsync($"/api/links/{link.Id}", Cancel);
        Assert.Equal(404, await FollowAsync(link with { Alias = "renamed-one" }, Firefox));
    }

    [Fact]
    public async Task A_link_made_after_its_alias_was_asked_for_in_vain_is_found_at_once()
    {
        Assert.Equal(404, await FollowAsync(new(0, "soon-here"), Firefox));
        Assert.Equal(404, await FollowAsync(new(0, "soon-here"), Firefox));

        var link = await _server.CreateLinkAsync(("url", "soon-here"));

        Assert.Equal(302, await FollowAsync(link, Firefox));
    }

    [Theory]
    [InlineData("Spring-Sale", "spring-sale")]
    [InlineData("Spring-Sale", "SPRING-SALE")]
    [InlineData("Spring-Sale", "spring%2Dsale")]
    [InlineData("Spring-Sale", "spring-sale/")]
    [InlineData("caf\u00e9", "CAFE\u0301")]
    [InlineData("\u00dcn\u00efc\u00f6de", "%C3%BCn%C3%AFc%C3%B6de")]
    [InlineData("a/b.c", "A/B.C")]
    public async Task Every_spelling_of_an_alias_leads_to_its_link(string alias, string asked)
    {
        var link = await _server.CreateLinkAsync(("url", alias));

        Assert.Equal(302, await FollowAsync(new(0, asked), Firefox));
        using var deleted = await _server.Http.DeleteAsync($"/api/links/{link.Id}?permanent=1", Cancel);
    }

    [Theory]
    [InlineData("known/x")]
    [InlineData("known.x")]
    [InlineData("%256bnown")]
    [InlineData("known%00")]
    [InlineData("known%2f")]
    [InlineData("%ff%fe")]
    [InlineData("%c0%ae%c0%ae/")]
    [InlineData("%2f%2fevil.example")]
    [InlineData("wp-login.php")]
    [InlineData("appsettings.json")]
    [InlineData(".well-known/acme-challenge/x")]
    [InlineData("metrics")]
    [InlineData("undefined")]
    public async Task Anything_else_is_a_plain_404(string path)
    {
        using var made = await _server.Http.PostAsync(
            "/api/links",
            new FormUrlEncodedContent([new("url", "known"), new("location_url", "https://example.org/")]),
            Cancel
        );
        Assert.Equal(302, await FollowAsync(new(0, "known"), Firefox));

        using var response = await _server.FollowAsync(path);

        Assert.Contains((int)response.StatusCode, (int[])[400, 404]);
        if (response.StatusCode == HttpStatusCode.NotFound)
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    private static string Sorted(string list) => string.Join(", ", list.Split(", ").Order());

    private static (string, string)[] Headers(string? agent, string? header, string? value) =>
        [
            .. new[] { ("User-Agent", agent), (header!, value) }
                .Where(one => one.Item2 is not null)
                .Select(one => (one.Item1, one.Item2!)),
        ];

    private Task<int> FollowAsync(MadeLink link, string agent) => FollowAsync(_server, link, agent);

    private static async Task<int> FollowAsync(TestServer server, MadeLink link, string agent)
    {
        using var response = await server.FollowAsync(link.Alias, null, ("User-Agent", agent));
        return (int)response.StatusCode;
    }
}
