using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Signpost.Testing;

namespace Signpost.Tests.Passkeys;

/// <summary>Passkeys on the account page.</summary>
public sealed class PasskeyAccountTests : IClassFixture<PasskeyFixture>
{
    private const string Add = "/dashboard/account/passkeys";
    private const string AddOptions = "/dashboard/account/passkeys/options";
    private const string Remove = "/dashboard/account/passkeys/remove";
    private const string Confirm = "/dashboard/account/passkeys/confirm";

    private readonly PasskeyFixture _all;

    public PasskeyAccountTests(PasskeyFixture all)
    {
        _all = all;
        // Attempts are limited by address.
        all.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Adding_asks_for_the_password_after_ten_minutes()
    {
        using var bob = await _all.NewPersonAsync();
        _all.Clock.Advance(TimeSpan.FromMinutes(10));

        var none = await bob.Browser.SendAsync("/dashboard/account", AddOptions, Cancel);
        var page = await bob.Browser.SendAsync("/dashboard/account", Add, Cancel, ("current", "wrong"));
        var options = await bob.Browser.SendAsync(
            "/dashboard/account",
            AddOptions,
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        using var passkey = new SoftPasskey(_all.Origin);
        var response = passkey.Create(options.Body);
        var added = await bob.Browser.SendAsync("/dashboard/account", Add, Cancel, ("credential", response));

        Assert.Equal(HttpStatusCode.Forbidden, none.Status);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("href=\"#passkey-current\"", page.Body, StringComparison.Ordinal);
        Assert.Equal("/dashboard/account/sign-in?done=passkey-added", added.Location);
    }

    [Fact]
    public async Task Adding_ends_other_sessions_and_belongs_to_the_session_that_began()
    {
        using var bob = await _all.NewPersonAsync();
        using var passkey = new SoftPasskey(_all.Origin);
        var options = await bob.Browser.SendAsync("/dashboard/account", AddOptions, Cancel);
        var response = passkey.Create(options.Body);
        await bob.Browser.SendAsync("/dashboard/account", "/logout", Cancel);
        await bob.Browser.SignInAsync(bob.Email, TestServer.AdminPassword, Cancel);

        var other = await bob.Browser.SendAsync("/dashboard/account", Add, Cancel, ("credential", response));
        var page = await bob.Browser.GetAsync(other.Location!, Cancel);
        using var second = new Person(_all.Url);
        await second.SignInAsync(bob.Email, TestServer.AdminPassword, Cancel);
        using var added = await _all.AddAsync(bob.Browser);

        Assert.Equal("/dashboard/account/sign-in?trouble=passkey", other.Location);
        Assert.Contains("The passkey did not work.", page.Body, StringComparison.Ordinal);
        Assert.False(await second.IsSignedInAsync(Cancel));
        Assert.True(await bob.Browser.IsSignedInAsync(Cancel));
        Assert.Equal(1, await CountAsync(bob));
    }

    [Fact]
    public async Task A_new_password_by_a_one_time_address_names_the_passkeys()
    {
        using var bob = await _all.NewPersonAsync();
        using var passkey = await _all.AddAsync(bob.Browser);
        using var reset = await _all.Server.Http.PostAsync($"/api/users/{bob.Id}/password-reset", null, Cancel);
        var made = await reset.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancel);
        var path = new Uri(made.GetProperty("data").GetProperty("url").GetString()!).AbsolutePath;

        var done = await bob.Browser.SendAsync(path, path, Cancel, ("password", "a whole new password"));

        Assert.Contains("The password is changed.", done.Body, StringComparison.Ordinal);
        Assert.Contains("<li>Firefox on Linux</li>", done.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_for_another_origin_or_without_verification_adds_nothing()
    {
        using var bob = await _all.NewPersonAsync();
        using var foreign = new SoftPasskey("https://evil.example");
        using var unverified = new SoftPasskey(_all.Origin) { Flags = 1 };

        var first = await PasskeyFixture.AddAsync(bob.Browser, foreign);
        var second = await PasskeyFixture.AddAsync(bob.Browser, unverified);

        Assert.All([first, second], one => Assert.Equal("/dashboard/account/sign-in?trouble=passkey", one.Location));
        Assert.Equal(0, await CountAsync(bob));
    }

    [Fact]
    public async Task A_passkey_belongs_to_one_person()
    {
        using var bob = await _all.NewPersonAsync();
        using var eve = await _all.NewPersonAsync();
        using var passkey = await _all.AddAsync(bob.Browser);

        var taken = await PasskeyFixture.AddAsync(eve.Browser, passkey);
        var foreign = await RemoveAsync(eve, passkey);

        Assert.Equal("/dashboard/account/sign-in?trouble=passkey", taken.Location);
        Assert.Equal(HttpStatusCode.OK, foreign.Status);
        Assert.Equal((1, 0), (await CountAsync(bob), await CountAsync(eve)));
    }

    [Fact]
    public async Task Removing_asks_for_the_password_and_leaves_the_last_way_to_sign_in()
    {
        using var bob = await _all.NewPersonAsync();
        using var first = await _all.AddAsync(bob.Browser);
        using var second = await _all.AddAsync(bob.Browser);

        var wrong = await RemoveAsync(bob, second, "wrong");
        await _all.TakePasswordAsync(bob);
        await ConfirmAsync(bob, first);
        var other = await RemoveAsync(bob, second);
        await ConfirmAsync(bob, first);
        var last = await RemoveAsync(bob, first);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("/dashboard/account/sign-in?done=passkey-removed", other.Location);
        Assert.Equal(HttpStatusCode.BadRequest, last.Status);
        Assert.Contains("This is your only way to sign in.", last.Body, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(bob));
    }

    [Fact]
    public async Task A_person_without_a_password_confirms_with_a_passkey_of_their_own()
    {
        using var bob = await _all.NewPersonAsync();
        using var eve = await _all.NewPersonAsync();
        using var passkey = await _all.AddAsync(bob.Browser);
        using var foreign = await _all.AddAsync(eve.Browser);
        await _all.TakePasswordAsync(bob);
        _all.Clock.Advance(TimeSpan.FromMinutes(10));

        var before = await ChangeAsync(bob);
        var refused = await ConfirmAsync(bob, foreign);
        var still = await ChangeAsync(bob);
        var confirmed = await ConfirmAsync(bob, passkey);
        var after = await ChangeAsync(bob);

        Assert.Contains($"formaction=\"{Confirm}\"", before.Body, StringComparison.Ordinal);
        Assert.Equal("/dashboard/account/sign-in?trouble=passkey", refused.Location);
        Assert.All([before, still], one => Assert.Equal(HttpStatusCode.BadRequest, one.Status));
        Assert.Equal("/dashboard/account/sign-in?done=confirmed", confirmed.Location);
        Assert.Equal("/dashboard/account/sign-in?done=password", after.Location);
    }

    [Fact]
    public async Task A_person_has_at_most_20_passkeys()
    {
        using var bob = await _all.NewPersonAsync();
        for (var i = 0; i < 20; i++)
            (await _all.AddAsync(bob.Browser)).Dispose();

        var options = await bob.Browser.SendAsync("/dashboard/account", AddOptions, Cancel);
        var page = await bob.Browser.SendAsync("/dashboard/account", Add, Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, options.Status);
        Assert.Contains("You have 20 passkeys.", page.Body, StringComparison.Ordinal);
        Assert.Equal(20, await CountAsync(bob));
    }

    private async Task<Sight> ConfirmAsync(PasskeyFixture.Somebody person, SoftPasskey passkey)
    {
        _all.Clock.Advance(TimeSpan.FromSeconds(1));
        var options = await person.Browser.SendAsync("/dashboard/account", $"{Confirm}/options", Cancel);
        return await person.Browser.SendAsync(
            "/dashboard/account",
            Confirm,
            Cancel,
            ("credential", passkey.Sign(options.Body))
        );
    }

    private static Task<Sight> RemoveAsync(
        PasskeyFixture.Somebody person,
        SoftPasskey passkey,
        string password = TestServer.AdminPassword
    ) => person.Browser.SendAsync("/dashboard/account", Remove, Cancel, ("id", passkey.IdText), ("current", password));

    private static Task<Sight> ChangeAsync(PasskeyFixture.Somebody person) =>
        person.Browser.SendAsync(
            "/dashboard/account",
            "/dashboard/account/password",
            Cancel,
            ("password", "a whole new password")
        );

    private async Task<int> CountAsync(PasskeyFixture.Somebody person)
    {
        await using var db = _all.Server.Database.Read();
        return await db.Passkeys.CountAsync(passkey => passkey.PersonId == person.Id, Cancel);
    }
}
