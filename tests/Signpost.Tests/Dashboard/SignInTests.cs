using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>Signing in, sessions and signing out, in a browser without script.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(_clock, null);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_right_password_leads_to_the_links_and_the_cookie_is_for_this_host_only()
    {
        using var ada = new Person(_server);

        var welcome = await SignInAsync(ada);
        var account = await ada.GetAccountAsync(Cancel);

        Assert.Equal((HttpStatusCode.SeeOther, "/dashboard/links"), (welcome.Status, welcome.Location));
        var cookie = Assert.Single(welcome.Cookies, one => one.StartsWith("signpost=", StringComparison.Ordinal));
        Assert.Contains("; path=/", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("; secure", cookie, StringComparison.Ordinal);
        Assert.Contains(TestServer.AdminEmail, account.Body, StringComparison.Ordinal);
        Assert.Contains("Firefox on Linux", account.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_opens_no_API_and_a_key_opens_no_page()
    {
        using var ada = new Person(_server);
        await SignInAsync(ada);

        var api = await ada.GetAsync("/api/user", Cancel);
        using var page = await _server.Http.GetAsync("/dashboard/account", Cancel);

        Assert.True(await ada.IsSignedInAsync(Cancel));
        Assert.Equal(HttpStatusCode.Unauthorized, api.Status);
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.StartsWith("/login", page.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_HTTPS_the_cookie_bears_the_name_that_only_this_host_can_set()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1"));
        using var http = server.NewClient(null);
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var form = await http.GetAsync("/login", Cancel);
        var seen = await Sight.OfAsync(form, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login")
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["form_token"] = seen.Token,
                    ["email"] = TestServer.AdminEmail,
                    ["password"] = TestServer.AdminPassword,
                }
            ),
        };
        request.Headers.Add("Cookie", seen.Cookies.Select(cookie => cookie.Split(';')[0]));

        using var answer = await http.SendAsync(request, Cancel);

        var cookie = Assert.Single(
            answer.Headers.GetValues("Set-Cookie"),
            one => one.StartsWith("__Host-signpost=", StringComparison.Ordinal)
        );
        Assert.Contains("; secure", cookie, StringComparison.Ordinal);
        Assert.Equal(["same-origin"], form.Headers.GetValues("Cross-Origin-Opener-Policy"));
    }

    [Fact]
    public async Task A_wrong_password_an_unknown_account_and_a_disabled_one_are_told_the_same()
    {
        var disabled = await NewUserAsync("off@example.org", ("is_disabled", "1"));
        using var person = new Person(_server);
        List<Sight> seen = [];

        foreach (
            var (email, password) in new[]
            {
                (TestServer.AdminEmail, "wrong horse"),
                ("nobody@example.org", TestServer.AdminPassword),
                (disabled, TestServer.AdminPassword),
                (TestServer.AdminEmail, new string('x', 3000)),
                ("", ""),
            }
        )
            seen.Add(await person.SignInAsync(email, password, Cancel));

        Assert.All(seen, one => Assert.Equal(HttpStatusCode.BadRequest, one.Status));
        Assert.All(
            seen,
            one => Assert.Contains("The e-mail address or the password is wrong.", one.Body, StringComparison.Ordinal)
        );
        Assert.False(await person.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task Attempts_are_limited_by_address_for_a_time()
    {
        using var person = new Person(_server);
        for (var i = 0; i < 10; i++)
            await person.SignInAsync($"{i}@example.org", "wrong", Cancel);

        var slowed = await person.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var let = await person.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.Status);
        Assert.Equal(HttpStatusCode.SeeOther, let.Status);
    }

    [Fact]
    public async Task Attempts_at_one_account_are_limited_for_a_time()
    {
        using var person = new Person(_server);
        for (var i = 0; i < 10; i++)
        {
            await person.SignInAsync(TestServer.AdminEmail, "wrong", Cancel);
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        _clock.Advance(TimeSpan.FromMinutes(2));
        var slowed = await person.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        _clock.Advance(TimeSpan.FromMinutes(15));
        var let = await person.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.SeeOther), (slowed.Status, let.Status));
    }

    [Theory]
    [InlineData("/account?done=x", "/account?done=x")]
    [InlineData("//evil.example", "/dashboard/links")]
    [InlineData("/\\evil.example", "/dashboard/links")]
    [InlineData("\\\\evil.example", "/dashboard/links")]
    [InlineData("https://evil.example", "/dashboard/links")]
    [InlineData("/a\r\nX: y", "/dashboard/links")]
    [InlineData("/\tevil", "/dashboard/links")]
    [InlineData("javascript:alert(1)", "/dashboard/links")]
    [InlineData("/account/keys#new", "/account/keys#new")]
    [InlineData("/alias", "/dashboard/links")]
    [InlineData("/accountx", "/dashboard/links")]
    [InlineData("/account%2fx", "/dashboard/links")]
    [InlineData("/account/../alias", "/dashboard/links")]
    [InlineData("/account/%2e%2E/alias", "/dashboard/links")]
    [InlineData("/account/..", "/dashboard/links")]
    [InlineData("/.//evil.example", "/dashboard/links")]
    [InlineData("/_signpost/agree/alias", "/dashboard/links")]
    [InlineData("/docs/../alias", "/dashboard/links")]
    [InlineData("/", "/dashboard/links")]
    public async Task The_way_back_stays_on_this_server(string returnUrl, string expected)
    {
        using var ada = new Person(_server);

        var welcome = await ada.SendAsync(
            $"/login?returnUrl={Uri.EscapeDataString(returnUrl)}",
            "/login",
            Cancel,
            ("email", TestServer.AdminEmail),
            ("password", TestServer.AdminPassword),
            ("returnUrl", returnUrl)
        );

        Assert.Equal(expected, welcome.Location);
    }

    [Fact]
    public async Task People_without_a_session_sign_in_and_return_to_the_page()
    {
        using var person = new Person(_server);

        var sent = await person.GetAsync("/dashboard/account?x=1", Cancel);

        Assert.Equal(
            (HttpStatusCode.Found, "/login?returnUrl=%2Fdashboard%2Faccount%3Fx%3D1"),
            (sent.Status, sent.Location)
        );
    }

    [Fact]
    public async Task A_form_that_is_not_from_our_page_does_nothing()
    {
        using var ada = new Person(_server);
        using var eve = new Person(_server);
        await SignInAsync(ada);
        var eves = (await eve.GetAsync("/login", Cancel)).Token;

        var without = await ada.PostAsync("/dashboard/account/sessions/end-all", Cancel);
        var foreign = await ada.PostAsync("/dashboard/account/sessions/end-all", Cancel, ("form_token", eves));
        var login = await eve.PostAsync(
            "/login",
            Cancel,
            ("email", TestServer.AdminEmail),
            ("password", TestServer.AdminPassword)
        );

        Assert.All([without, foreign, login], one => Assert.Equal(HttpStatusCode.BadRequest, one.Status));
        Assert.True(await ada.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task A_cookie_means_nothing_to_the_API()
    {
        using var ada = new Person(_server);
        await SignInAsync(ada);

        var api = await ada.GetAsync("/api/user", Cancel);

        Assert.True(await ada.IsSignedInAsync(Cancel));
        Assert.Equal(HttpStatusCode.Unauthorized, api.Status);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_a_look_at_the_page_alone_does_not()
    {
        using var ada = new Person(_server);
        await SignInAsync(ada);
        using var copy = new Person(_server);
        copy.Cookies.Add(ada.Cookies.GetAllCookies());

        await ada.GetAsync("/logout", Cancel);
        var still = await ada.IsSignedInAsync(Cancel);
        var left = await ada.SendAsync("/logout", "/logout", Cancel);

        Assert.True(still);
        Assert.Equal("/login", left.Location);
        Assert.False(await copy.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task A_session_ends_after_three_days_without_a_request()
    {
        using var ada = new Person(_server);
        await SignInAsync(ada);

        _clock.Advance(TimeSpan.FromDays(2.9));
        Assert.True(await ada.IsSignedInAsync(Cancel));
        _clock.Advance(TimeSpan.FromDays(2.9));
        Assert.True(await ada.IsSignedInAsync(Cancel));
        _clock.Advance(TimeSpan.FromDays(3));
        Assert.False(await ada.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task A_session_ends_after_thirty_days_in_any_case()
    {
        using var ada = new Person(_server);
        await SignInAsync(ada);

        for (var i = 0; i < 14; i++)
        {
            _clock.Advance(TimeSpan.FromDays(2));
            Assert.True(await ada.IsSignedInAsync(Cancel));
        }

        _clock.Advance(TimeSpan.FromDays(2));
        Assert.False(await ada.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task One_session_is_ended_from_another_and_all_at_once()
    {
        using var desk = new Person(_server);
        using var phone = new Person(_server, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1");
        await SignInAsync(desk);
        await SignInAsync(phone);
        var list = await desk.GetAccountAsync(Cancel);
        var id = System
            .Text.RegularExpressions.Regex.Match(list.Body, "name=\"id\" value=\"(\\d+)\" aria-label=\"End")
            .Groups[1];

        await desk.SendAsync("/dashboard/account", "/dashboard/account/sessions/end", Cancel, ("id", id.Value));
        Assert.False(await phone.IsSignedInAsync(Cancel));
        Assert.True(await desk.IsSignedInAsync(Cancel));

        await SignInAsync(phone);
        var left = await phone.SendAsync("/dashboard/account", "/dashboard/account/sessions/end-all", Cancel);
        Assert.Equal("/login", left.Location);
        Assert.False(await desk.IsSignedInAsync(Cancel));
        Assert.False(await phone.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task Nobody_ends_a_stranger_s_session()
    {
        using var ada = new Person(_server);
        using var grace = new Person(_server);
        await SignInAsync(ada);
        var id = await ScalarAsync("SELECT max(id) FROM sessions");
        await grace.SignInAsync(await NewUserAsync("grace@example.org"), TestServer.AdminPassword, Cancel);

        await grace.SendAsync("/dashboard/account", "/dashboard/account/sessions/end", Cancel, ("id", $"{id}"));
        await grace.SendAsync(
            "/dashboard/account",
            "/dashboard/account/keys/revoke",
            Cancel,
            ("id", $"{await ScalarAsync("SELECT min(id) FROM api_keys")}")
        );

        Assert.True(await ada.IsSignedInAsync(Cancel));
        using var key = await _server.Http.GetAsync("/api/user", Cancel);
        Assert.Equal(HttpStatusCode.OK, key.StatusCode);
    }

    [Fact]
    public async Task A_new_password_ends_every_other_session_and_renews_this_one()
    {
        using var ada = new Person(_server);
        using var other = new Person(_server);
        await SignInAsync(ada);
        await SignInAsync(other);
        using var copy = new Person(_server);
        copy.Cookies.Add(ada.Cookies.GetAllCookies());

        var wrong = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/password",
            Cancel,
            ("current", "wrong"),
            ("password", "a whole new password")
        );
        var right = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/password",
            Cancel,
            ("current", TestServer.AdminPassword),
            ("password", "a whole new password")
        );

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("/dashboard/account/sign-in?done=password", right.Location);
        Assert.True(await ada.IsSignedInAsync(Cancel));
        Assert.False(await other.IsSignedInAsync(Cancel));
        Assert.False(await copy.IsSignedInAsync(Cancel));
        Assert.Equal(HttpStatusCode.BadRequest, (await SignInAsync(other)).Status);
        Assert.Equal(
            HttpStatusCode.SeeOther,
            (await other.SignInAsync(TestServer.AdminEmail, "a whole new password", Cancel)).Status
        );
    }

    [Fact]
    public async Task A_disabled_account_is_signed_out_at_once()
    {
        using var grace = new Person(_server);
        await grace.SignInAsync(await NewUserAsync("grace@example.org"), TestServer.AdminPassword, Cancel);
        var id = await ScalarAsync("SELECT max(id) FROM accounts");

        using var body = new FormUrlEncodedContent([new("is_disabled", "1")]);
        (await _server.Http.PostAsync($"/api/users/{id}", body, Cancel)).Dispose();

        Assert.False(await grace.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task People_stay_signed_in_after_a_restart()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-test-").FullName;
        System.Net.Cookie[] kept;
        string token;
        await using (var first = await TestServer.StartAsync(null, directory))
        {
            using var ada = new Person(first);
            await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
            token = (await ada.GetAccountAsync(Cancel)).Token;
            kept = [.. ada.Cookies.GetAllCookies().OfType<System.Net.Cookie>()];
        }

        await using (var second = await TestServer.StartAsync(null, directory))
        {
            using var ada = new Person(second);
            foreach (var cookie in kept)
                ada.Cookies.Add(new Uri(second.Url), new Cookie(cookie.Name, cookie.Value));

            Assert.True(await ada.IsSignedInAsync(Cancel));
            // A form from before the restart is still valid: the keys that protect it are in the database.
            var left = await ada.PostAsync("/logout", Cancel, ("form_token", token));
            Assert.Equal(HttpStatusCode.SeeOther, left.Status);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Names_and_zones_are_saved_and_a_wrong_one_is_told()
    {
        using var ada = new Person(_server);
        await SignInAsync(ada);

        var saved = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/profile",
            Cancel,
            ("name", "<b>Ada</b>"),
            ("timezone", "Asia/Tokyo"),
            ("language", "ja")
        );
        var wrong = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/profile",
            Cancel,
            ("name", "<i>Ada</i>"),
            ("timezone", "../../etc/passwd"),
            ("language", "ja")
        );

        var page = await ada.GetAccountAsync(Cancel);

        Assert.Equal("/dashboard/account?done=profile", saved.Location);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("&lt;i&gt;Ada&lt;/i&gt;", wrong.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>Ada", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Ada&lt;/b&gt;", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_shows_sign_ins_and_failed_attempts()
    {
        using var ada = new Person(_server);
        await ada.SignInAsync(TestServer.AdminEmail, "wrong", Cancel);
        await SignInAsync(ada);

        var account = await ada.GetAccountAsync(Cancel);

        Assert.Contains("A sign-in with a wrong password failed", account.Body, StringComparison.Ordinal);
        Assert.Contains("Signed in: Firefox on Linux", account.Body, StringComparison.Ordinal);
        Assert.Contains("127.0.0.0/24", account.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_created_on_the_page_is_shown_once_and_has_the_selected_scopes()
    {
        using var ada = new Person(_server);
        await SignInAsync(ada);

        var made = await ada.SubmitAsync(
            "/dashboard/account",
            "/dashboard/account/keys",
            Cancel,
            ("name", "Laptop"),
            ("scopes", "links:read"),
            ("expires", "2026-12-31")
        );
        var key = System.Text.RegularExpressions.Regex.Match(made.Body, "sp_[A-Za-z0-9_-]{43}").Value;
        using var client = _server.NewClient(key);
        using var reads = await client.GetAsync("/api/links", Cancel);
        using var writes = await client.PostAsync("/api/links", null, Cancel);
        var account = await ada.GetAccountAsync(Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (reads.StatusCode, writes.StatusCode));
        Assert.Contains("Laptop", account.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(key, account.Body, StringComparison.Ordinal);
        Assert.Contains("2026-12-31 00:00", account.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("scopes", "nothing")]
    [InlineData("expires", "soon")]
    [InlineData("expires", "2020-01-01")]
    [InlineData("expires", "0001-01-01")]
    public async Task A_key_with_a_wrong_field_is_not_created(string field, string value)
    {
        // East of UTC, where the first midnight of the calendar is before the calendar's start in UTC.
        using var zone = new FormUrlEncodedContent([new("timezone", "Asia/Tokyo")]);
        using var inTokyo = await _server.Http.PostAsync("/api/user", zone, Cancel);
        using var ada = new Person(_server);
        await SignInAsync(ada);
        var fields = new Dictionary<string, string>
        {
            ["name"] = "Key",
            ["scopes"] = "links:read",
            [field] = value,
        };

        var reply = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/keys",
            Cancel,
            [.. fields.Select(pair => (pair.Key, pair.Value))]
        );

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM api_keys"));
    }

    private static Task<Sight> SignInAsync(Person person) =>
        person.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

    private async Task<string> NewUserAsync(string email, params (string Name, string Value)[] fields)
    {
        using var body = new FormUrlEncodedContent([
            new("email", email),
            new("password", TestServer.AdminPassword),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
        ]);
        using var made = await _server.Http.PostAsync("/api/users", body, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return email;
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = _server.Database.OpenRead();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
