using System.Net;
using System.Text;
using Signpost.Testing;
using Signpost.Tests.Providers;

namespace Signpost.Tests.Passkeys;

/// <summary>Signing in by a passkey.</summary>
public sealed class PasskeySignInTests : IClassFixture<PasskeyFixture>
{
    private const string Refused = "/login?trouble=passkey&returnUrl=%2Fdashboard%2Flinks";

    private readonly PasskeyFixture _all;

    public PasskeySignInTests(PasskeyFixture all)
    {
        _all = all;
        // Attempts are limited by address.
        all.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_passkey_signs_in_without_a_second_factor_until_it_is_removed()
    {
        using var bob = await _all.NewPersonAsync();
        using var passkey = await _all.AddAsync(bob.Browser);
        await PasskeyFixture.SecondFactorOnAsync(bob.Browser);
        using var other = new Person(_all.Url);

        var welcome = await _all.SignInAsync(other, passkey);
        var account = await other.GetAccountAsync(Cancel);
        var removed = await other.SendAsync(
            "/dashboard/account",
            "/dashboard/account/passkeys/remove",
            Cancel,
            ("id", passkey.IdText),
            ("current", TestServer.AdminPassword)
        );
        using var late = new Person(_all.Url);
        var refused = await _all.SignInAsync(late, passkey);

        Assert.Equal("/dashboard/links", welcome.Location);
        Assert.Contains(bob.Email, account.Body, StringComparison.Ordinal);
        Assert.Contains("A passkey was added", account.Body, StringComparison.Ordinal);
        Assert.Equal("/dashboard/account/sign-in?done=passkey-removed", removed.Location);
        Assert.Contains("A passkey was removed", (await other.GetAccountAsync(Cancel)).Body, StringComparison.Ordinal);
        Assert.Equal(Refused, refused.Location);
    }

    [Fact]
    public async Task A_response_works_once()
    {
        using var bob = await _all.NewPersonAsync();
        using var passkey = await _all.AddAsync(bob.Browser);
        using var victim = new Person(_all.Url);
        using var thief = new Person(_all.Url);
        var response = passkey.Sign(await _all.BeginAsync(victim));
        thief.Cookies.Add(victim.Cookies.GetAllCookies());

        var first = await PasskeyFixture.EndAsync(victim, response);
        var again = await PasskeyFixture.EndAsync(thief, response);

        Assert.Equal(("/dashboard/links", Refused), (first.Location, again.Location));
        Assert.False(await thief.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task A_challenge_works_in_its_browser_for_five_minutes_and_for_one_response()
    {
        using var bob = await _all.NewPersonAsync();
        using var passkey = await _all.AddAsync(bob.Browser);
        using var grace = new Person(_all.Url);
        using var eve = new Person(_all.Url);
        var stolen = await PasskeyFixture.EndAsync(eve, passkey.Sign(await _all.BeginAsync(grace)));
        var begun = await _all.BeginAsync(grace);
        var wrong = await PasskeyFixture.EndAsync(grace, "{}");
        var second = await PasskeyFixture.EndAsync(grace, passkey.Sign(begun));
        begun = await _all.BeginAsync(grace);
        _all.Clock.Advance(TimeSpan.FromMinutes(5));
        var late = await PasskeyFixture.EndAsync(grace, passkey.Sign(begun));
        var welcome = await _all.SignInAsync(grace, passkey);

        Assert.All([stolen, wrong, second, late], one => Assert.Equal(Refused, one.Location));
        Assert.Equal("/dashboard/links", welcome.Location);
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("port")]
    [InlineData("frame")]
    [InlineData("domain")]
    [InlineData("unverified")]
    [InlineData("absent")]
    [InlineData("key")]
    [InlineData("type")]
    [InlineData("counter")]
    [InlineData("person")]
    [InlineData("long")]
    public async Task A_false_response_signs_nobody_in(string kind)
    {
        using var bob = await _all.NewPersonAsync();
        using var eve = await _all.NewPersonAsync();
        using var passkey = await _all.AddAsync(bob.Browser);
        using var evil = new SoftPasskey(_all.Origin) { Id = passkey.Id, Handle = passkey.Handle };
        using var browser = new Person(_all.Url);
        if (kind is "counter")
        {
            using var before = new Person(_all.Url);
            Assert.Equal("/dashboard/links", (await _all.SignInAsync(before, passkey)).Location);
            passkey.Count = 0;
        }

        var honest = (passkey.Origin, passkey.Domain, passkey.Flags, passkey.Handle);
        passkey.Origin = kind switch
        {
            "origin" => "https://evil.example",
            "port" => "http://localhost:1",
            _ => passkey.Origin,
        };
        passkey.CrossOrigin = kind is "frame";
        passkey.Domain = kind is "domain" ? "evil.example" : passkey.Domain;
        passkey.Flags = kind switch
        {
            "unverified" => 1,
            "absent" => 4,
            _ => passkey.Flags,
        };
        if (kind is "person")
            passkey.Handle = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{eve.Id}")).TrimEnd('=');
        var options = await _all.BeginAsync(browser);
        var response = (kind is "key" ? evil : passkey).Sign(
            options,
            kind is "type" ? "webauthn.create" : "webauthn.get"
        );
        if (kind is "long")
            response += new string(' ', 20_000);

        var refused = await PasskeyFixture.EndAsync(browser, response);
        (passkey.Origin, passkey.Domain, passkey.Flags, passkey.Handle) = honest;
        passkey.CrossOrigin = false;
        passkey.Count = 10;
        var right = await _all.SignInAsync(browser, passkey);

        Assert.Equal(Refused, refused.Location);
        Assert.Equal("/dashboard/links", right.Location);
    }

    [Fact]
    public async Task A_disabled_person_is_refused()
    {
        using var bob = await _all.NewPersonAsync();
        using var passkey = await _all.AddAsync(bob.Browser);
        using var body = new FormUrlEncodedContent([new("is_disabled", "1")]);
        (await _all.Server.Http.PostAsync($"/api/users/{bob.Id}", body, Cancel)).EnsureSuccessStatusCode().Dispose();
        using var other = new Person(_all.Url);

        var refused = await _all.SignInAsync(other, passkey);
        var page = await other.GetAsync(refused.Location!, Cancel);

        Assert.Equal(Refused, refused.Location);
        Assert.Contains("The passkey did not work.", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempts_are_limited_by_address_together_with_those_by_password()
    {
        using var bob = await _all.NewPersonAsync();
        using var passkey = await _all.AddAsync(bob.Browser);
        using var other = new Person(_all.Url);
        _all.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 9; i++)
            await PasskeyFixture.EndAsync(other, "");
        await other.SignInAsync("nobody@example.org", "wrong", Cancel);

        var slowed = await _all.SignInAsync(other, passkey);
        _all.Clock.Advance(TimeSpan.FromMinutes(1));
        var let = await _all.SignInAsync(other, passkey);

        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.Status);
        Assert.Equal("/dashboard/links", let.Location);
    }

    [Fact]
    public async Task The_button_is_hidden_without_script_and_absent_where_passkeys_do_not_work()
    {
        await using var required = await ProviderFixture.StartServerAsync(
            _all.Clock,
            "http://127.0.0.1:9/",
            ("SIGNPOST_PUBLIC_URL", "http://localhost"),
            ("SIGNPOST_OIDC_REQUIRED", "1")
        );
        await using var numeric = await TestServer.StartAsync();
        using var here = new Person(_all.Url);
        using var there = new Person(new UriBuilder(required.Url) { Host = "localhost" }.Uri);
        using var elsewhere = new Person(numeric);

        var shown = await here.GetAsync("/login", Cancel);
        var refused = await there.SendAsync("/login", "/login/passkey/options", Cancel);
        var off = await elsewhere.SendAsync("/login", "/login/passkey/options", Cancel);

        Assert.Contains("data-passkey hidden>Sign in with a passkey", shown.Body, StringComparison.Ordinal);
        foreach (var person in (Person[])[there, elsewhere])
            Assert.DoesNotContain(
                "data-passkey",
                (await person.GetAsync("/login", Cancel)).Body,
                StringComparison.Ordinal
            );
        Assert.NotEqual(HttpStatusCode.OK, refused.Status);
        Assert.Equal((HttpStatusCode.Forbidden, "null"), (off.Status, off.Body));
    }

    [Fact]
    public async Task The_button_leads_below_the_base_path()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_PUBLIC_URL", "http://localhost/go"));
        using var browser = new Person(new UriBuilder(server.Url) { Host = "localhost" }.Uri);

        var page = await browser.GetAsync("/go/login", Cancel);

        Assert.Contains("formaction=\"/go/login/passkey\"", page.Body, StringComparison.Ordinal);
    }
}
