using Microsoft.Extensions.DependencyInjection;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Testing;

namespace Signpost.Tests.Clicks;

/// <summary>The values that statistics keep of real requests.</summary>
public sealed class ClassifiedClickTests(ClassifiedClickTests.BehindProxy shared)
    : IClassFixture<ClassifiedClickTests.BehindProxy>
{
    private const string Safari =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
        + "Mobile/15E148 Safari/604.1";

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Tests say by X-Forwarded-For where visitors are.</summary>
    public sealed class BehindProxy : SharedServer
    {
        private protected override Task<TestServer> StartAsync() =>
            TestServer.StartAsync(("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1,::1"));
    }

    [Fact]
    public async Task All_that_a_visitor_comes_with_is_told()
    {
        var link = await _server.CreateLinkAsync(
            ("location_url", "https://example.org/here?a=b#c"),
            ("utm_medium", "print"),
            ("utm_source", "own")
        );

        await _server.FollowAsync(
            link.Alias + "?qr=1&utm_source=visitor%27s+own&utm_campaign=&utm_content=top",
            null,
            ("User-Agent", Safari),
            ("X-Forwarded-For", "2001:4860:4860::8888"),
            ("Accept-Language", "en;q=0.5, de-AT"),
            ("Referer", "https://WWW.news.example:444/a%20b?secret=1")
        );

        var row = await _server.RowAsync(link);
        Assert.Equal((ClickKind.Person, 302, true, "de"), (row.Kind, (int)row.Status, row.IsQr, row.Language));
        Assert.Equal(new ClickPlace("NA", "US", null), row.Place);
        Assert.Equal(new ClickAgent("iOS", "Safari", "mobile"), row.Agent);
        Assert.Equal(new ClickReferrer("www.news.example", "/a%20b"), row.Referrer);
        Assert.Equal(new ClickUtm("visitor's own", "print", null, null, "top"), row.Utm);
        Assert.Equal(new ClickTarget("https://example.org/here?a=b#c", null), row.Target);
        Assert.InRange(row.Visitor, 1ul, (1ul << 48) - 1);
        Assert.InRange(
            row.AtSeconds,
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 60,
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()
        );
    }

    [Fact]
    public async Task Who_says_nothing_is_counted_all_the_same()
    {
        var link = await _server.CreateLinkAsync();

        await _server.FollowAsync(link.Alias);

        var row = await _server.RowAsync(link);
        Assert.Equal((ClickKind.Person, false, null), (row.Kind, row.IsQr, row.Language));
        Assert.Equal(ClickPlace.Unknown, row.Place);
        Assert.Same(ClickAgent.Unknown, row.Agent);
        Assert.Same(ClickReferrer.None, row.Referrer);
        Assert.Same(ClickUtm.None, row.Utm);
    }

    [Fact]
    public async Task A_rule_is_stored_with_its_own_destination()
    {
        var link = await _server.CreateLinkAsync(
            ("utm_source", "own"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", "https://example.org/fr"),
            ("targeting_country_code_key[1]", "US"),
            ("targeting_country_code_value[1]", "https://example.org/us?utm_source=rule")
        );

        await _server.FollowAsync(link.Alias, null, ("X-Forwarded-For", "8.8.8.8"));

        Assert.Equal(
            new ClickTarget("https://example.org/us?utm_source=rule", "targeting_country_code[1]"),
            (await _server.RowAsync(link)).Target
        );
    }

    [Fact]
    public async Task Client_hints_are_heard_as_targeting_hears_them()
    {
        var link = await _server.CreateLinkAsync();

        await _server.FollowAsync(
            link.Alias,
            null,
            (
                "User-Agent",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
            ),
            ("Sec-CH-UA", "\"Brave\";v=\"131\", \"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\""),
            ("Sec-CH-UA-Mobile", "?0"),
            ("Sec-CH-UA-Platform", "\"Linux\"")
        );

        Assert.Equal(new ClickAgent("Linux", "Brave", "desktop"), (await _server.RowAsync(link)).Agent);
    }

    [Fact]
    public async Task Each_kind_tells_whether_somebody_was_sent_on()
    {
        var link = await _server.CreateLinkAsync(("location_url", "https://example.org/x"));
        await _server.FollowAsync(link.Alias, HttpMethod.Head);
        await _server.FollowAsync(link.Alias, HttpMethod.Delete);
        await _server.FollowAsync(link.Alias, null, ("Sec-Purpose", "prefetch"));
        await _server.FollowAsync(link.Alias, null, ("User-Agent", "Googlebot/2.1"));
        await _server.UpdateLinkAsync(link.Id, ("password", "secret"));
        await _server.FollowAsync(link.Alias);
        await _server.UpdateLinkAsync(
            link.Id,
            ("password", ""),
            ("end_date", "2020-01-01 00:00:00"),
            ("expiration_url", "https://example.org/over")
        );
        await _server.FollowAsync(link.Alias);
        await _server.UpdateLinkAsync(link.Id, ("is_enabled", "0"));
        await _server.FollowAsync(link.Alias);

        Assert.Equal(
            [
                (ClickKind.Head, 302, true),
                (ClickKind.Refused, 405, false),
                (ClickKind.Prefetch, 503, false),
                (ClickKind.Robot, 302, true),
                (ClickKind.Locked, 401, false),
                (ClickKind.Expired, 302, false),
                (ClickKind.Disabled, 404, false),
            ],
            (await _server.RowsAsync(link)).Select(row =>
                (row.Kind, (int)row.Status, row.Target.Destination == "https://example.org/x")
            )
        );
    }

    [Fact]
    public async Task Our_own_page_is_no_source_when_a_visit_takes_two_steps()
    {
        var link = await _server.CreateLinkAsync(("sensitive_content", "1"));
        using var person = new Person(_server);
        await person.GetAsync("/" + link.Alias, Cancel);
        var agreed = await person.PostAsync("/_signpost/agree/" + link.Alias, Cancel);
        Assert.Equal("/" + link.Alias, agreed.Location);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/" + link.Alias);
        request.Headers.TryAddWithoutValidation("Referer", _server.Url + "/" + link.Alias);
        request.Headers.TryAddWithoutValidation("Cookie", person.Cookies.GetCookieHeader(new Uri(_server.Url)));
        await _server.Anonymous.SendAsync(request, Cancel);

        Assert.Equal(
            [(ClickKind.Warned, ClickReferrer.None), (ClickKind.Person, ClickReferrer.None)],
            (await _server.RowsAsync(link)).Select(row => (row.Kind, row.Referrer))
        );
    }

    [Fact]
    public async Task Visitors_are_told_apart_by_address_and_browser()
    {
        var link = await _server.CreateLinkAsync();
        foreach (
            var (address, agent) in new[]
            {
                ("192.0.2.1", "A"),
                ("192.0.2.1", "A"),
                ("192.0.2.1", "B"),
                ("192.0.2.2", "A"),
            }
        )
            await _server.FollowAsync(link.Alias, null, ("X-Forwarded-For", address), ("User-Agent", agent));

        var visitors = (await _server.RowsAsync(link)).Select(row => row.Visitor).ToList();

        Assert.Equal(visitors[0], visitors[1]);
        Assert.Equal(3, visitors.Distinct().Count());
        Assert.DoesNotContain(0ul, visitors);
    }

    [Fact]
    public async Task Hostile_headers_are_kept_within_bounds_and_without_control_characters()
    {
        var link = await _server.CreateLinkAsync();
        var flood = new string('x', 4_000);

        await _server.FollowAsync(
            $"{link.Alias}?utm_source=%00%0D%0A%E2%80%A8&utm_medium=%F0%9F%98%80{flood}&utm_campaign={flood}&qr",
            null,
            ("User-Agent", flood),
            ("Accept-Language", flood),
            ("Sec-CH-UA", flood),
            ("Referer", "https://" + flood)
        );

        var row = await _server.RowAsync(link);
        Assert.Equal((true, null, ClickReferrer.None), (row.IsQr, row.Language, row.Referrer));
        Assert.Null(row.Utm.Source);
        Assert.StartsWith("😀x", row.Utm.Medium, StringComparison.Ordinal);
        Assert.Equal((256, 256), (row.Utm.Medium!.Length, row.Utm.Campaign!.Length));
    }

    [Fact]
    public async Task A_click_is_told_live_after_it_was_stored()
    {
        var link = await _server.CreateLinkAsync(("location_url", "https://example.org/live"));
        var feed = _server.Services.GetRequiredService<LiveFeed>();
        await using var clicks = feed.FollowAsync(null, Cancel).GetAsyncEnumerator(Cancel);
        var next = clicks.MoveNextAsync();
        await _server.FollowAsync(link.Alias);

        while (await next.AsTask().OrFail("A click in the feed") && clicks.Current.Row.LinkId != link.Id)
            next = clicks.MoveNextAsync();

        Assert.Equal("https://example.org/live", clicks.Current.Row.Target.Destination);
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));
    }
}
