using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>Links that ask for a password.</summary>
public sealed class PasswordPageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Password = "open sesame";
    private const string Destination = "https://secret.example/treasure";

    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("301")]
    [InlineData("302")]
    [InlineData("307")]
    [InlineData("308")]
    public async Task The_right_password_opens_the_link_and_keeps_it_open(string status)
    {
        var link = await LockedAsync(("http_status_code", status));
        var browser = new Browser(_server);

        var asked = await browser.GetAsync($"/{link.Alias}");
        var posted = await browser.PostAsync(Browser.ActionOf(asked.Body), ("password", Password));
        var opened = await browser.GetAsync(posted.Location!);
        var again = await browser.GetAsync($"/{link.Alias.ToUpperInvariant()}/");

        Assert.Equal(HttpStatusCode.Unauthorized, asked.Status);
        Assert.Equal((HttpStatusCode.SeeOther, $"/{link.Alias}"), (posted.Status, posted.Location));
        Assert.Equal(status, $"{(int)opened.Status}");
        Assert.Equal(Destination, opened.Location);
        Assert.Equal(Destination, again.Location);
        Assert.Equal(2, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task A_wrong_password_asks_again_and_an_empty_one_is_told_so()
    {
        var link = await LockedAsync();
        var browser = new Browser(_server);

        var wrong = await browser.SubmitAsync($"/{link.Alias}", ("password", "Open Sesame"));
        var empty = await browser.SubmitAsync($"/{link.Alias}", ("password", ""));
        var absent = await browser.SubmitAsync($"/{link.Alias}");

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Contains("That is not the password", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", wrong.Body, StringComparison.Ordinal);
        foreach (var nothing in (Seen[])[empty, absent])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, nothing.Status);
            Assert.Contains("Type the password first", nothing.Body, StringComparison.Ordinal);
        }
        Assert.Empty(browser.Cookies);
        Assert.Equal(
            HttpStatusCode.SeeOther,
            (await browser.SubmitAsync($"/{link.Alias}", ("password", Password))).Status
        );
        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task What_the_visitor_s_query_said_is_still_said_behind_the_form()
    {
        var link = await LockedAsync(("forward_query_parameters_is_enabled", "1"));
        var browser = new Browser(_server);

        var posted = await browser.SubmitAsync(
            $"/{link.Alias}?a=1&b=%22%3E%3Cscript%3E&c=//evil.example",
            ("password", Password)
        );
        var opened = await browser.GetAsync(posted.Location!);

        Assert.Equal($"/{link.Alias}?a=1&b=%22%3E%3Cscript%3E&c=//evil.example", posted.Location);
        Assert.Equal($"{Destination}?a=1&b=%22%3E%3Cscript%3E&c=//evil.example", opened.Location);
    }

    [Fact]
    public async Task The_cookie_is_the_browser_s_own_affair()
    {
        var link = await LockedAsync();
        var browser = new Browser(_server);

        var posted = await browser.SubmitAsync($"/{link.Alias}", ("password", Password));

        Assert.Contains("signpost-grants=", posted.Headers, StringComparison.Ordinal);
        foreach (var attribute in (string[])["httponly", "samesite=lax", "path=/", "max-age="])
            Assert.Contains(attribute, posted.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", posted.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, posted.Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_https_the_cookie_is_secure_and_bound_to_the_host()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1"));
        var link = await server.CreateLinkAsync(("password", Password), ("location_url", Destination));
        var browser = new Browser(server);
        (string, string)[] https = [("X-Forwarded-Proto", "https")];

        var asked = await browser.SendAsync(HttpMethod.Get, $"/{link.Alias}", null, https);
        var posted = await browser.SendAsync(
            HttpMethod.Post,
            Browser.ActionOf(asked.Body),
            new FormUrlEncodedContent([new("password", Password)]),
            https
        );
        var opened = await browser.SendAsync(HttpMethod.Get, posted.Location!, null, https);

        Assert.Contains("__Host-signpost-grants=", posted.Headers, StringComparison.Ordinal);
        Assert.Contains("; secure", posted.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Destination, opened.Location);
    }

    [Fact]
    public async Task A_new_password_voids_what_the_old_one_opened()
    {
        var link = await LockedAsync();
        var browser = new Browser(_server);
        await browser.SubmitAsync($"/{link.Alias}", ("password", Password));
        Assert.Equal(Destination, (await browser.GetAsync($"/{link.Alias}")).Location);

        await _server.UpdateLinkAsync(link.Id, ("utm_source", "unrelated"));
        Assert.StartsWith(Destination, (await browser.GetAsync($"/{link.Alias}")).Location, StringComparison.Ordinal);
        await _server.UpdateLinkAsync(link.Id, ("password", "another"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync($"/{link.Alias}")).Status);
        await _server.UpdateLinkAsync(link.Id, ("password", Password));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync($"/{link.Alias}")).Status);
        await _server.UpdateLinkAsync(link.Id, ("password", ""));
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync($"/{link.Alias}")).Status);
    }

    [Fact]
    public async Task A_grant_is_for_one_link_and_cannot_be_made_up_or_moved()
    {
        var (mine, other) = (await LockedAsync(), await LockedAsync());
        var browser = new Browser(_server);
        await browser.SubmitAsync($"/{mine.Alias}", ("password", Password));
        var cookie = browser.Cookies["signpost-grants"];

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync($"/{other.Alias}")).Status);
        foreach (var forged in Forgeries(cookie))
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                (
                    await new Browser(_server).SendAsync(
                        HttpMethod.Get,
                        $"/{mine.Alias}",
                        null,
                        ("Cookie", $"signpost-grants={forged}")
                    )
                ).Status
            );
        var long_ = await new Browser(_server).SendAsync(
            HttpMethod.Get,
            $"/{mine.Alias}",
            null,
            ("Cookie", $"signpost-grants={new string('A', 40)}.{cookie}")
        );
        Assert.Equal(Destination, long_.Location);
    }

    [Fact]
    public async Task One_cookie_holds_the_access_to_many_links_and_forgets_the_oldest()
    {
        var links = new List<MadeLink>();
        for (var i = 0; i < 34; i++)
            links.Add(await _server.CreateLinkAsync(("sensitive_content", "1")));
        var browser = new Browser(_server);

        foreach (var link in links)
            await browser.SubmitAsync($"/{link.Alias}");

        Assert.Single(browser.Cookies);
        Assert.InRange(browser.Cookies["signpost-grants"].Length, 1, 32 * 41);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/{links[1].Alias}")).Status);
        foreach (var link in links[2..])
            Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync($"/{link.Alias}")).Status);
    }

    [Fact]
    public async Task A_grant_ends_after_a_day_and_outlives_a_restart()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch.AddYears(60));
        var directory = Directory.CreateTempSubdirectory("signpost-test-").FullName;
        try
        {
            MadeLink link;
            string cookie;
            await using (var server = await TestServer.StartAsync(clock, directory))
            {
                link = await server.CreateLinkAsync(("password", Password));
                var browser = new Browser(server);
                await browser.SubmitAsync($"/{link.Alias}", ("password", Password));
                cookie = $"signpost-grants={browser.Cookies["signpost-grants"]}";
            }

            await using var restarted = await TestServer.StartAsync(clock, directory);
            clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
            using var before = await restarted.FollowAsync(link.Alias, null, ("Cookie", cookie));
            clock.Advance(TimeSpan.FromSeconds(1));
            using var after = await restarted.FollowAsync(link.Alias, null, ("Cookie", cookie));

            Assert.Equal(HttpStatusCode.Found, before.StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task The_form_of_a_link_that_is_over_missing_or_open_leads_to_what_its_address_says()
    {
        var ended = await LockedAsync(("start_date", "2020-01-01 00:00:00"), ("end_date", "2020-01-02 00:00:00"));
        var disabled = await LockedAsync(("is_enabled", "0"));
        var open = await _server.CreateLinkAsync();
        var browser = new Browser(_server);

        var missing = await browser.PostAsync("/_signpost/unlock/no-such-link", ("password", Password));
        var hidden = await browser.PostAsync($"/_signpost/unlock/{disabled.Alias}", ("password", Password));
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
        Assert.Equal((missing.Status, missing.Body), (hidden.Status, hidden.Body));
        foreach (var link in (MadeLink[])[ended, open])
        {
            var posted = await browser.PostAsync($"/_signpost/unlock/{link.Alias}", ("password", Password));
            Assert.Equal((HttpStatusCode.SeeOther, $"/{link.Alias}"), (posted.Status, posted.Location));
        }
        Assert.Empty(browser.Cookies);
    }

    [Theory]
    [InlineData("/_signpost/unlock/known?a=b", "/known?a=b")]
    [InlineData("/_signpost/agree/a/b.c/", "/a/b.c/")]
    [InlineData("/_signpost/unlock/%C3%BC", "/%C3%BC")]
    [InlineData("/_signpost/unlock//evil.example", null)]
    [InlineData("/_signpost/unlock/%2Fevil.example", null)]
    [InlineData("/_signpost/unlock/%5Cevil.example", null)]
    [InlineData("/_signpost/unlock/", null)]
    [InlineData("/_signpost/unlock", null)]
    [InlineData("/_signpost", null)]
    [InlineData("/_signpost/other", null)]
    public async Task Who_opens_a_form_s_address_gets_to_the_link_and_nowhere_else(string path, string? location)
    {
        var seen = await new Browser(_server).GetAsync(path);

        Assert.Equal(location is null ? HttpStatusCode.NotFound : HttpStatusCode.SeeOther, seen.Status);
        Assert.Equal(location, seen.Location);
        var posted = await new Browser(_server).PostAsync(path, ("password", Password));
        Assert.Contains(posted.Status, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed]);
    }

    [Fact]
    public async Task Another_site_cannot_make_a_visitor_guess_or_agree()
    {
        var locked = await LockedAsync();
        var sensitive = await _server.CreateLinkAsync(("sensitive_content", "1"));
        var browser = new Browser(_server);

        foreach (var path in (string[])[$"/_signpost/unlock/{locked.Alias}", $"/_signpost/agree/{sensitive.Alias}"])
        {
            using var form = new FormUrlEncodedContent([new("password", Password)]);
            var posted = await browser.SendAsync(HttpMethod.Post, path, form, ("Sec-Fetch-Site", "cross-site"));
            Assert.Equal(HttpStatusCode.SeeOther, posted.Status);
        }

        Assert.Empty(browser.Cookies);
    }

    [Theory]
    [InlineData("text/plain", "password=open sesame", 401)]
    [InlineData("application/json", "{\"password\":\"open sesame\"}", 401)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\ngarbage", 401)]
    [InlineData("application/x-www-form-urlencoded", "password=%ff%fe%00", 401)]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "password=a", 401)]
    [InlineData("application/x-www-form-urlencoded", "password=wrong&password=open+sesame", 401)]
    public async Task Strange_forms_open_nothing(string type, string body, int status)
    {
        var link = await LockedAsync();
        using var content = new ByteArrayContent(System.Text.Encoding.Latin1.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var seen = await new Browser(_server).SendAsync(HttpMethod.Post, $"/_signpost/unlock/{link.Alias}", content);

        Assert.Equal(status, (int)seen.Status);
    }

    [Fact]
    public async Task A_form_too_large_is_refused_unread()
    {
        var link = await LockedAsync();

        var seen = await new Browser(_server).PostAsync(
            $"/_signpost/unlock/{link.Alias}",
            ("password", new string('a', 20_000))
        );

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, seen.Status);
    }

    [Theory]
    [InlineData("_signpost")]
    [InlineData("_SIGNPOST/unlock/x")]
    public async Task Nobody_can_have_the_form_s_address_as_an_alias(string alias)
    {
        using var form = new FormUrlEncodedContent([new("url", alias), new("location_url", Destination)]);
        using var response = await _server.Http.PostAsync("/api/links", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private Task<MadeLink> LockedAsync(params (string, string)[] fields) =>
        _server.CreateLinkAsync([("password", Password), ("location_url", Destination), .. fields]);

    private static IEnumerable<string> Forgeries(string cookie)
    {
        yield return "";
        yield return cookie[..^1];
        yield return "." + cookie;
        yield return new string('A', 40);
        for (var at = 0; at < cookie.Length; at++)
            yield return cookie[..at] + (cookie[at] == 'A' ? 'B' : 'A') + cookie[(at + 1)..];
    }
}
