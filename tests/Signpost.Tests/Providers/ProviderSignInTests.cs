using System.Net;
using System.Net.Http.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Signpost.Testing;

namespace Signpost.Tests.Providers;

/// <summary>Signing in through an OpenID Connect provider.</summary>
public sealed class ProviderSignInTests : IClassFixture<ProviderFixture>
{
    private const string People = "SELECT count(*) FROM people";

    private readonly ProviderFixture _all;

    public ProviderSignInTests(ProviderFixture all)
    {
        _all = all;
        all.Reset();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestServer Server => _all.Server;

    private TestProvider Provider => _all.Provider;

    [Fact]
    public async Task The_first_sign_in_makes_an_account_and_the_next_one_finds_it()
    {
        using var grace = new Person(Server);
        using var elsewhere = new Person(Server);
        Provider.Person = ProviderFixture.Unknown("Grace@example.net");

        var welcome = await _all.SignInAsync(grace);
        var account = await grace.GetAccountAsync(Cancel);
        Provider.Person = Provider.Person with { Email = "another@example.org" };
        await _all.SignInAsync(elsewhere);
        var again = await elsewhere.GetAccountAsync(Cancel);

        Assert.Equal((HttpStatusCode.SeeOther, "/dashboard/links"), (welcome.Status, welcome.Location));
        Assert.Contains(welcome.Cookies, cookie => cookie.StartsWith("signpost=", StringComparison.Ordinal));
        Assert.Contains("Grace@example.net, user", account.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"Grace Hopper\"", account.Body, StringComparison.Ordinal);
        Assert.Contains("Firefox on Linux", account.Body, StringComparison.Ordinal);
        Assert.Contains("The account was created", account.Body, StringComparison.Ordinal);
        Assert.Contains("Grace@example.net, user", again.Body, StringComparison.Ordinal);
        Assert.Equal(2, Count(again.Body, "Signed in: Firefox on Linux"));
        Assert.Equal(2, Count(again.Body, "<strong>Firefox on Linux</strong>"));
    }

    [Fact]
    public async Task An_invitation_lets_a_person_of_another_domain_in()
    {
        using var grace = new Person(Server);
        var email = $"{Guid.NewGuid():N}@elsewhere.example";
        Provider.Person = ProviderFixture.Unknown(email);
        using var name = new FormUrlEncodedContent([new("name", "Sales")]);
        using var team = await Server.Http.PostAsync("/api/teams", name, Cancel);
        var made = await team.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancel);
        using var body = new FormUrlEncodedContent([
            new("team_id", $"{made.GetProperty("data").GetProperty("id")}"),
            new("user_email", email),
        ]);

        var before = await _all.SignInAsync(grace);
        using var invited = await Server.Http.PostAsync("/api/team-members", body, Cancel);
        var invitation = await invited.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancel);
        var path = new Uri(invitation.GetProperty("data").GetProperty("invitation_url").GetString()!).AbsolutePath;
        var after = await _all.SignInAsync(grace, $"/login/provider?returnUrl={Uri.EscapeDataString(path)}");
        var page = await grace.GetAsync(path, Cancel);
        var account = await grace.GetAccountAsync(Cancel);

        Assert.Equal(HttpStatusCode.Created, invited.StatusCode);
        Assert.Equal(("/login?trouble=none", path), (before.Location, after.Location));
        Assert.Contains($"action=\"{path}/accept\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("Accept the invitation to Sales", account.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_is_made_for_the_public_address_with_PKCE_and_nonce()
    {
        using var grace = new Person(Server);

        var begun = await grace.GetAsync("/login/provider", Cancel);
        await Provider.VisitAsync(begun.Location!);

        Assert.Equal($"{Server.Url}/login/provider/callback", Provider.RedirectUri);
        var asked = Provider.Asked!;
        Assert.Equal(
            ("code", "query", "S256"),
            (asked.ResponseType, asked.ResponseMode ?? "query", asked.CodeChallengeMethod)
        );
        Assert.Equal("openid email profile", asked.Scope);
        Assert.All([asked.State, asked.Nonce, asked.CodeChallenge], value => Assert.InRange(value!.Length, 40, 4_000));
        Assert.DoesNotContain(
            TestProvider.ClientSecret,
            WebUtility.UrlDecode(begun.Location!),
            StringComparison.Ordinal
        );
        Assert.All(
            begun.Cookies.Where(cookie => cookie.Contains("/login/provider/callback", StringComparison.Ordinal)),
            cookie => Assert.Contains("samesite=lax; httponly", cookie, StringComparison.OrdinalIgnoreCase)
        );
        Assert.Equal(2, begun.Cookies.Count);
    }

    [Fact]
    public async Task A_person_goes_on_to_the_page_that_they_wanted_and_nowhere_else()
    {
        using var grace = new Person(Server);
        using var eve = new Person(Server);

        var wanted = await _all.SignInAsync(grace, "/login/provider?returnUrl=%2Fdashboard%2Faccount%3Fdone%3Dprofile");
        var foreign = await _all.SignInAsync(eve, "/login/provider?returnUrl=https%3A%2F%2Fevil.example%2F");

        Assert.Equal("/dashboard/account?done=profile", wanted.Location);
        Assert.Equal("/dashboard/links", foreign.Location);
    }

    [Fact]
    public async Task Claims_of_the_UserInfo_endpoint_count_too()
    {
        using var grace = new Person(Server);
        Provider.HasThinTokens = true;

        await _all.SignInAsync(grace);

        var account = await grace.GetAccountAsync(Cancel);
        Assert.Contains(Provider.Person.Email!, account.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "/dashboard/links")]
    [InlineData("false", "/login?trouble=none")]
    public async Task Entra_verifies_an_address_by_a_claim_of_its_own(string verified, string leads)
    {
        using var grace = new Person(Server);
        Provider.Person = ProviderFixture.Unknown() with { EmailVerified = null, DomainOwnerVerified = verified };

        Assert.Equal(leads, (await _all.SignInAsync(grace)).Location);
    }

    [Theory]
    [InlineData("somebody@example.org", "false")]
    [InlineData("somebody@example.org", null)]
    [InlineData("somebody@example.com", "true")]
    [InlineData("somebody@sub.example.org", "true")]
    [InlineData("somebody@notexample.org", "true")]
    [InlineData("not an address@example.org", "true")]
    [InlineData(null, "true")]
    public async Task No_account_is_made_without_a_verified_address_of_an_allowed_domain(
        string? email,
        string? verified
    )
    {
        using var eve = new Person(Server);
        Provider.Person = new Somebody("eve") { Email = email, EmailVerified = verified };
        var before = await _all.AskAsync<long>(People);

        var refused = await _all.SignInAsync(eve);

        await AssertRefusedAsync(eve, refused, "none");
        Assert.Equal(before, await _all.AskAsync<long>(People));
    }

    [Theory]
    [InlineData(TestServer.AdminEmail)]
    [InlineData("ADA@Example.org")]
    public async Task An_equal_address_joins_no_account_and_tells_nothing(string email)
    {
        using var eve = new Person(Server);
        Provider.Person = ProviderFixture.Unknown(email);
        var before = await _all.AskAsync<long>(People);

        var refused = await _all.SignInAsync(eve);

        await AssertRefusedAsync(eve, refused, "none");
        Assert.Equal(before, await _all.AskAsync<long>(People));
        Assert.Equal(0L, await _all.AskAsync<long>("SELECT count(*) FROM person_logins WHERE person_id = 1"));
    }

    [Fact]
    public async Task A_disabled_person_is_refused()
    {
        using var grace = new Person(Server);
        await _all.SignInAsync(grace);
        var id = await _all.AskAsync<long>("SELECT max(account_id) FROM people");
        using var body = new FormUrlEncodedContent([new("is_disabled", "1")]);
        (await Server.Http.PostAsync($"/api/users/{id}", body, Cancel)).EnsureSuccessStatusCode().Dispose();

        var refused = await _all.SignInAsync(grace);

        await AssertRefusedAsync(grace, refused, "none");
    }

    public static TheoryData<string> Forgeries =>
        ["expired", "foreign key", "unsigned", "without signature", "audience", "issuer", "replayed"];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_token_signs_nobody_in(string kind)
    {
        using var grace = new Person(Server);
        using var victim = new Person(Server);
        string? seen = null;
        Provider.Forgery = token => seen = Provider.Rewrite(token, _ => { });
        Assert.Equal("/dashboard/links", (await _all.SignInAsync(victim)).Location);
        var old = seen!;
        Provider.Forgery = token =>
            kind switch
            {
                "expired" => Provider.Rewrite(token, claims => claims["exp"] = (long)claims["exp"] - 86_400),
                "foreign key" => Provider.Rewrite(token, _ => { }, withForeignKey: true),
                "unsigned" => Unsigned(Provider.Rewrite(token, claims => claims.Remove("at_hash")), "none"),
                "without signature" => Unsigned(Provider.Rewrite(token, claims => claims.Remove("at_hash")), "RS256"),
                "audience" => Provider.Rewrite(token, claims => claims["aud"] = "another client"),
                "issuer" => Provider.Rewrite(token, claims => claims["iss"] = "https://another.example/"),
                _ => old,
            };
        var log = LogLines.Of(Server);

        var refused = await _all.SignInAsync(grace);

        await AssertRefusedAsync(grace, refused, "failed");
        Assert.Equal(1, log.Count("A sign-in through the provider failed: "));
        Assert.Equal(0, log.Count(old[..40]));
    }

    [Fact]
    public async Task A_callback_works_once_and_in_the_browser_that_began()
    {
        using var grace = new Person(Server);
        using var eve = new Person(Server);
        var begun = await grace.GetAsync("/login/provider", Cancel);
        var callback = await Provider.VisitAsync(begun.Location!);

        var stolen = await eve.GetAsync(callback, Cancel);
        var own = await grace.GetAsync(callback, Cancel);
        grace.Cookies.GetAllCookies().Single(cookie => cookie.Name == "signpost").Expired = true;
        var again = await grace.GetAsync(callback, Cancel);

        await AssertRefusedAsync(eve, stolen, "failed");
        Assert.Equal("/dashboard/links", own.Location);
        await AssertRefusedAsync(grace, again, "failed");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=x")]
    [InlineData("?code=x&state=x")]
    [InlineData("?error=x&error_description=x%0D%0Ax")]
    public async Task A_callback_without_a_state_of_ours_signs_nobody_in(string query)
    {
        using var eve = new Person(Server);

        var refused = await eve.GetAsync($"/login/provider/callback{query}", Cancel);

        await AssertRefusedAsync(eve, refused, "failed");
    }

    [Fact]
    public async Task A_state_with_another_code_signs_nobody_in()
    {
        using var grace = new Person(Server);
        using var eve = new Person(Server);
        var hers = await Provider.VisitAsync((await grace.GetAsync("/login/provider", Cancel)).Location!);
        var eves = await Provider.VisitAsync((await eve.GetAsync("/login/provider", Cancel)).Location!);

        var mixed = await grace.GetAsync(hers.Replace(CodeIn(hers), CodeIn(eves), StringComparison.Ordinal), Cancel);

        await AssertRefusedAsync(grace, mixed, "failed");
    }

    [Fact]
    public async Task A_form_is_no_callback()
    {
        using var eve = new Person(Server);

        var posted = await eve.PostAsync("/login/provider/callback", Cancel, ("code", "x"), ("state", "x"));

        Assert.Equal(HttpStatusCode.NotFound, posted.Status);
    }

    [Fact]
    public async Task A_person_who_cancels_there_is_told_so()
    {
        using var grace = new Person(Server);
        Provider.Refuses = true;

        var back = await _all.SignInAsync(grace);
        var page = await grace.GetAsync(back.Location!, Cancel);

        Assert.Equal("/login?trouble=refused", back.Location);
        Assert.Contains("The sign-in at Example ID was cancelled.", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_ends_the_session_that_the_browser_had()
    {
        using var grace = new Person(Server);
        var callback = await Provider.VisitAsync((await grace.GetAsync("/login/provider", Cancel)).Location!);
        await grace.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        using var copy = new Person(Server);
        copy.Cookies.Add(grace.Cookies.GetAllCookies());

        await grace.GetAsync(callback, Cancel);

        Assert.True(await grace.IsSignedInAsync(Cancel));
        Assert.False(await copy.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task Attempts_are_limited_by_address_and_leave_those_by_password()
    {
        using var eve = new Person(Server);
        using var grace = new Person(Server);
        // Pictures on any page can send a browser here.
        for (var i = 0; i < 30; i++)
            await eve.GetAsync("/login/provider/callback?state=x", Cancel);
        var byPassword = await eve.SignInAsync("nobody@example.org", "wrong", Cancel);

        var slowed = await _all.SignInAsync(grace);
        _all.Clock.Advance(TimeSpan.FromMinutes(1));
        var let = await _all.SignInAsync(grace);

        Assert.Equal(HttpStatusCode.BadRequest, byPassword.Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.Status);
        Assert.Equal("/dashboard/links", let.Location);
    }

    private static async Task AssertRefusedAsync(Person person, Sight refused, string trouble)
    {
        Assert.Equal((HttpStatusCode.SeeOther, $"/login?trouble={trouble}"), (refused.Status, refused.Location));
        Assert.DoesNotContain(refused.Cookies, cookie => cookie.StartsWith("signpost=", StringComparison.Ordinal));
        Assert.False(await person.IsSignedInAsync(Cancel));
        var page = await person.GetAsync(refused.Location!, Cancel);
        Assert.Contains("role=\"alert\"", page.Body, StringComparison.Ordinal);
        Assert.Contains(
            trouble is "none" ? "connected with yours at Example ID" : "This did not work with Example ID.",
            page.Body,
            StringComparison.Ordinal
        );
    }

    private static string Unsigned(string token, string algorithm) =>
        Base64($$"""{"alg":"{{algorithm}}","typ":"JWT"}""") + "." + new JsonWebToken(token).EncodedPayload + ".";

    private static string Base64(string text) =>
        System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(text));

    private static string CodeIn(string callback) =>
        callback.Split('?', '&').Single(part => part.StartsWith("code=", StringComparison.Ordinal));

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
