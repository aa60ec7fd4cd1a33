using System.Net;
using System.Net.Http.Json;
using Signpost.Testing;

namespace Signpost.Tests.Providers;

/// <summary>The provider on the account page: connect, disconnect, and confirm who somebody is.</summary>
public sealed class ProviderAccountTests : IClassFixture<ProviderFixture>
{
    private const string Connect = "/dashboard/account/provider/connect";
    private const string Confirm = "/dashboard/account/provider/confirm";
    private const string Disconnect = "/dashboard/account/provider/disconnect";

    private static readonly (string, string) Current = ("current", TestServer.AdminPassword);

    private readonly ProviderFixture _all;

    public ProviderAccountTests(ProviderFixture all)
    {
        _all = all;
        all.Reset();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestServer Server => _all.Server;

    private TestProvider Provider => _all.Provider;

    [Fact]
    public async Task A_person_connects_the_provider_and_signs_in_with_it_without_a_second_factor()
    {
        using var bob = await NewPersonAsync();
        using var copy = await SecondSessionAsync(bob);
        Provider.Person = ProviderFixture.Unknown("elsewhere@example.com");

        var connected = await _all.GoAsync(bob.Browser, Connect, Current);
        var account = await bob.Browser.GetAccountAsync(Cancel);
        await SecondFactorOnAsync(bob.Browser);
        using var other = new Person(Server);
        var welcome = await _all.SignInAsync(other);
        var page = await other.GetAccountAsync(Cancel);

        Assert.Equal("/dashboard/account/sign-in?done=connected", connected.Location);
        Assert.Contains($"Connected with {Provider.Url}/ since", account.Body, StringComparison.Ordinal);
        Assert.Contains("A sign-in provider was connected", account.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Connect, account.Body, StringComparison.Ordinal);
        Assert.False(await copy.IsSignedInAsync(Cancel));
        Assert.Equal("/dashboard/links", welcome.Location);
        Assert.Contains(bob.Email, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connecting_asks_for_the_password_also_right_after_the_sign_in()
    {
        using var bob = await NewPersonAsync();

        var none = await bob.Browser.SendAsync("/dashboard/account", Connect, Cancel);
        var wrong = await bob.Browser.SendAsync("/dashboard/account", Connect, Cancel, ("current", "wrong"));
        var connected = await _all.GoAsync(bob.Browser, Connect, Current);

        Assert.All([none, wrong], one => Assert.Equal(HttpStatusCode.BadRequest, one.Status));
        Assert.Contains("href=\"#connect-current\"", wrong.Body, StringComparison.Ordinal);
        Assert.Equal("/dashboard/account/sign-in?done=connected", connected.Location);
    }

    [Fact]
    public async Task An_account_there_is_connected_with_one_account_here()
    {
        using var bob = await NewPersonAsync();
        using var eve = await NewPersonAsync();
        await _all.GoAsync(bob.Browser, Connect, Current);

        var taken = await _all.GoAsync(eve.Browser, Connect, Current);
        var page = await eve.Browser.GetAsync(taken.Location!, Cancel);

        Assert.Equal("/dashboard/account/sign-in?trouble=taken", taken.Location);
        Assert.Contains("is already connected with another account here", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_session_that_began_connects()
    {
        using var bob = await NewPersonAsync();
        var step = await bob.Browser.SendAsync("/dashboard/account", Connect, Cancel, Current);
        var callback = await Provider.VisitAsync(ProviderFixture.AddressIn(step));
        await bob.Browser.SendAsync(
            "/dashboard/account",
            "/dashboard/account/password",
            Cancel,
            ("current", TestServer.AdminPassword),
            ("password", "a whole new password")
        );

        var late = await bob.Browser.GetAsync(callback, Cancel);

        Assert.Equal("/dashboard/account/sign-in?trouble=failed", late.Location);
        Assert.Equal(0L, await LoginsOfAsync(bob.Email));
    }

    [Fact]
    public async Task A_form_of_another_site_connects_nothing()
    {
        using var bob = await NewPersonAsync();

        var forged = await bob.Browser.PostAsync(Connect, Cancel);
        var followed = await bob.Browser.GetAsync(Connect, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.Equal("/dashboard/account/sign-in", followed.Location);
        Assert.DoesNotContain(forged.Cookies, cookie => cookie.Contains("Correlation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disconnecting_asks_for_the_password_and_ends_other_sessions()
    {
        using var bob = await NewPersonAsync();
        await _all.GoAsync(bob.Browser, Connect, Current);
        using var other = new Person(Server);
        await _all.SignInAsync(other);

        var wrong = await DisconnectAsync(bob.Browser, "wrong");
        var done = await DisconnectAsync(bob.Browser, TestServer.AdminPassword);
        var gone = await DisconnectAsync(bob.Browser, TestServer.AdminPassword);
        using var again = new Person(Server);
        var refused = await _all.SignInAsync(again);

        Assert.Contains("href=\"#disconnect-current\"", wrong.Body, StringComparison.Ordinal);
        Assert.Equal("/dashboard/account/sign-in?done=disconnected", done.Location);
        Assert.Null(gone.Location);
        Assert.True(await bob.Browser.IsSignedInAsync(Cancel));
        Assert.False(await other.IsSignedInAsync(Cancel));
        // The address of the person at the provider is free, so it would make a new account.
        Assert.Equal("/dashboard/links", refused.Location);
        Assert.DoesNotContain(bob.Email, (await again.GetAccountAsync(Cancel)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_way_to_sign_in_stays()
    {
        using var grace = new Person(Server);
        await _all.SignInAsync(grace);
        await _all.GoAsync(grace, Confirm);

        var last = await DisconnectAsync(grace, "");
        var password = await grace.SendAsync(
            "/dashboard/account",
            "/dashboard/account/password",
            Cancel,
            ("password", "a whole new one")
        );
        var done = await DisconnectAsync(grace, "a whole new one");

        Assert.Equal(HttpStatusCode.BadRequest, last.Status);
        Assert.Contains("This is your only way to sign in.", last.Body, StringComparison.Ordinal);
        Assert.Contains("id=\"disconnect-current\"", last.Body, StringComparison.Ordinal);
        Assert.Equal("/dashboard/account/sign-in?done=password", password.Location);
        Assert.Equal("/dashboard/account/sign-in?done=disconnected", done.Location);
    }

    public static TheoryData<string> Forms =>
        ["email", "password", "keys", "second-factor/start", "provider/disconnect", "delete"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Without_a_password_the_provider_confirms_for_ten_minutes(string form)
    {
        using var grace = new Person(Server);
        await _all.SignInAsync(grace);

        var before = await ChangeAsync(grace, form);
        Assert.Contains("formaction=\"/dashboard/account/provider/confirm\"", before.Body, StringComparison.Ordinal);
        var confirmed = await _all.GoAsync(grace, Confirm);
        Assert.Equal((0L, "login"), (Provider.Asked!.MaxAge, Provider.Asked.Prompt));
        var after = await ChangeAsync(grace, form);

        Assert.Equal(HttpStatusCode.BadRequest, before.Status);
        Assert.Contains("First confirm that it is you.", before.Body, StringComparison.Ordinal);
        Assert.Contains("-current\"", before.Body, StringComparison.Ordinal);
        Assert.Equal("/dashboard/account/sign-in?done=confirmed", confirmed.Location);
        Assert.DoesNotContain("First confirm that it is you.", after.Body, StringComparison.Ordinal);
        if (form is not "provider/disconnect")
            Assert.Equal(HttpStatusCode.SeeOther, after.Status);
    }

    [Fact]
    public async Task A_confirmation_ends_after_ten_minutes()
    {
        using var grace = new Person(Server);
        await _all.SignInAsync(grace);
        await _all.GoAsync(grace, Confirm);
        _all.Clock.Advance(TimeSpan.FromMinutes(10));

        var late = await ChangeAsync(grace, "email");

        Assert.Contains("First confirm that it is you.", late.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stale")]
    [InlineData("no time")]
    [InlineData("another person")]
    public async Task The_provider_must_say_that_this_person_gave_a_proof_just_now(string what)
    {
        using var grace = new Person(Server);
        Provider.IgnoresMaxAge = true;
        await _all.SignInAsync(grace);
        if (what is "stale")
            Provider.Person = Provider.Person with { SignedInAt = _all.Clock.GetUtcNow() - TimeSpan.FromMinutes(2) };
        if (what is "another person")
            (Provider.Person, Provider.IgnoresMaxAge) = (ProviderFixture.Unknown(), false);

        var refused = await _all.GoAsync(grace, Confirm);
        var page = await grace.GetAsync(refused.Location!, Cancel);
        var change = await ChangeAsync(grace, "email");

        Assert.Equal("/dashboard/account/sign-in?trouble=unconfirmed", refused.Location);
        Assert.Contains("Example ID did not confirm that it is you.", page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, change.Status);
    }

    [Fact]
    public async Task A_session_that_the_provider_opened_is_not_confirmed_by_its_age()
    {
        using var bob = await NewPersonAsync();
        await _all.GoAsync(bob.Browser, Connect, Current);
        using var other = new Person(Server);
        await _all.SignInAsync(other);

        var key = await other.SendAsync(
            "/dashboard/account",
            "/dashboard/account/keys",
            Cancel,
            ("name", "x"),
            ("scopes", "links:read")
        );

        Assert.Equal(HttpStatusCode.BadRequest, key.Status);
        Assert.Contains("href=\"#keys-current\"", key.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_by_a_one_time_address_names_the_other_ways_to_sign_in()
    {
        using var bob = await NewPersonAsync();
        await _all.GoAsync(bob.Browser, Connect, Current);
        var id = await _all.AskAsync<long>($"SELECT account_id FROM people WHERE email = '{bob.Email}'");
        using var reset = await Server.Http.PostAsync($"/api/users/{id}/password-reset", null, Cancel);
        var made = await reset.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancel);
        var path = new Uri(made.GetProperty("data").GetProperty("url").GetString()!).AbsolutePath;
        using var phone = new Person(Server);

        var done = await phone.SendAsync(path, path, Cancel, ("password", "a whole new password"));
        var again = await phone.SendAsync("/login", path, Cancel, ("password", "a whole new password"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Gone), (done.Status, again.Status));
        Assert.Contains("The password is changed.", done.Body, StringComparison.Ordinal);
        Assert.Contains($"<li>{Provider.Url}/</li>", done.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Passkeys", done.Body, StringComparison.Ordinal);
    }

    private Task<Sight> ChangeAsync(Person person, string form)
    {
        (string, string)[] fields = form switch
        {
            "email" => [("email", $"{Guid.NewGuid():N}@example.com")],
            "password" => [("password", "a whole new password")],
            "keys" => [("name", "Laptop"), ("scopes", "links:read")],
            "delete" => [("email", Provider.Person.Email!)],
            _ => [("issuer", "https://nobody.example")],
        };
        return person.SendAsync("/dashboard/account", $"/dashboard/account/{form}", Cancel, fields);
    }

    private Task<Sight> DisconnectAsync(Person person, string password) =>
        person.SendAsync(
            "/dashboard/account",
            Disconnect,
            Cancel,
            ("issuer", $"{Provider.Url}/"),
            ("current", password)
        );

    private static async Task SecondFactorOnAsync(Person person)
    {
        await person.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/start",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        var page = await person.GetAsync("/dashboard/account/second-factor", Cancel);
        var secret = Dashboard.SecondFactorSteps.Secret().Match(page.Body).Groups[1].Value;
        var done = await person.SendAsync(
            "/dashboard/account/second-factor",
            "/dashboard/account/second-factor",
            Cancel,
            ("code", Authenticator.Code(secret))
        );
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
    }

    private async Task<Member> NewPersonAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using var body = new FormUrlEncodedContent([new("email", email), new("password", TestServer.AdminPassword)]);
        (await Server.Http.PostAsync("/api/users", body, Cancel)).EnsureSuccessStatusCode().Dispose();
        var browser = new Person(Server);
        await browser.SignInAsync(email, TestServer.AdminPassword, Cancel);
        return new(email, browser);
    }

    private async Task<Person> SecondSessionAsync(Member bob)
    {
        var copy = new Person(Server);
        await copy.SignInAsync(bob.Email, TestServer.AdminPassword, Cancel);
        Assert.True(await copy.IsSignedInAsync(Cancel));
        return copy;
    }

    private Task<long> LoginsOfAsync(string email) =>
        _all.AskAsync<long>(
            $"SELECT count(*) FROM person_logins JOIN people ON account_id = person_id WHERE email = '{email}'"
        );

    private sealed record Member(string Email, Person Browser) : IDisposable
    {
        public void Dispose() => Browser.Dispose();
    }
}
