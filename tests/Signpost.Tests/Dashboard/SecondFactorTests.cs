using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Signpost.Storage;
using Signpost.Testing;
using Person = Signpost.Testing.Person;

namespace Signpost.Tests.Dashboard;

/// <summary>Six digits beside the password.</summary>
public sealed partial class SecondFactorTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(_clock, null);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Turned_on_it_is_asked_for_and_a_code_is_good_once()
    {
        using var ada = new Person(_server);
        var (secret, _) = await TurnOnAsync(ada);
        using var phone = new Person(_server);
        using var eve = new Person(_server);

        var first = await SignInAsync(phone);
        var without = await phone.IsSignedInAsync(Cancel);
        var wrong = await CodeAsync(phone, "000000");
        var code = Authenticator.Code(secret, 1);
        var right = await CodeAsync(phone, $"{code[..3]} {code[3..]}");
        await SignInAsync(eve);
        var again = await CodeAsync(eve, code);

        Assert.Equal("/login/code?returnUrl=%2Faccount", first.Location);
        Assert.False(without);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (right.Status, right.Location));
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.True(await phone.IsSignedInAsync(Cancel));
        Assert.False(await eve.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task Turning_it_on_ends_every_other_session_and_asks_for_the_password_and_a_code()
    {
        using var ada = new Person(_server);
        using var other = new Person(_server);
        await SignInAsync(other);
        await SignInAsync(ada);

        var wrongPassword = await ada.SendAsync(
            "/account",
            "/account/second-factor/start",
            Cancel,
            ("current", "wrong")
        );
        var nothingYet = await ada.GetAsync("/account/second-factor", Cancel);
        await ada.SendAsync("/account", "/account/second-factor/start", Cancel, ("current", TestServer.AdminPassword));
        var wrongCode = await ada.SendAsync(
            "/account/second-factor",
            "/account/second-factor",
            Cancel,
            ("code", "123")
        );
        var stillOff = await ada.GetAsync("/account", Cancel);
        var (_, codes) = await TurnOnAsync(ada);

        Assert.Equal(HttpStatusCode.BadRequest, wrongPassword.Status);
        Assert.Equal(HttpStatusCode.SeeOther, nothingYet.Status);
        Assert.Equal(HttpStatusCode.BadRequest, wrongCode.Status);
        Assert.Contains("/account/second-factor/start", stillOff.Body, StringComparison.Ordinal);
        Assert.Equal(10, codes.Distinct().Count());
        Assert.True(await ada.IsSignedInAsync(Cancel));
        Assert.False(await other.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task A_recovery_code_lets_in_once_and_is_stored_as_a_hash()
    {
        using var ada = new Person(_server);
        var (_, codes) = await TurnOnAsync(ada);
        using var lost = new Person(_server);

        await SignInAsync(lost);
        var right = await CodeAsync(lost, codes[3].ToLowerInvariant());
        var account = await lost.GetAsync("/account", Cancel);
        using var eve = new Person(_server);
        await SignInAsync(eve);
        var again = await CodeAsync(eve, codes[3]);

        Assert.Equal(HttpStatusCode.SeeOther, right.Status);
        Assert.Contains("9 recovery codes are left", account.Body, StringComparison.Ordinal);
        Assert.Contains("A recovery code was used", account.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        var stored = await File.ReadAllBytesAsync(_server.Database.Path, Cancel);
        Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.ASCII.GetBytes(codes[5])));
    }

    [Fact]
    public async Task Each_recovery_code_lets_in_once_one_after_the_other()
    {
        using var ada = new Person(_server);
        var (_, codes) = await TurnOnAsync(ada);

        var first = await LetInAsync(codes[4]);
        var again = await LetInAsync(codes[4]);
        var second = await LetInAsync(codes[0]);
        var third = await LetInAsync(codes[9]);

        Assert.Equal((true, false, true, true), (first, again, second, third));
    }

    [Fact]
    public async Task Recovery_codes_that_were_hashed_twice_let_in_once()
    {
        using var ada = new Person(_server);
        var (_, codes) = await TurnOnAsync(ada);
        await HashRecoveryCodesAgainAsync();

        var first = await LetInAsync(codes[4]);
        var again = await LetInAsync(codes[4]);
        var second = await LetInAsync(codes[0]);

        Assert.Equal((true, false, true), (first, again, second));
    }

    [Fact]
    public async Task Guessing_codes_is_slowed_for_the_account_and_never_for_good()
    {
        using var ada = new Person(_server);
        var (secret, _) = await TurnOnAsync(ada);
        using var eve = new Person(_server);
        for (var i = 0; i < 10; i++)
        {
            await SignInAsync(eve);
            await CodeAsync(eve, "000000");
            _clock.Advance(TimeSpan.FromSeconds(61));
        }

        await SignInAsync(eve);
        var slowed = await CodeAsync(eve, Authenticator.Code(secret, 1));
        _clock.Advance(TimeSpan.FromMinutes(15));
        await SignInAsync(eve);
        var let = await CodeAsync(eve, Authenticator.Code(secret, 1));

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.SeeOther), (slowed.Status, let.Status));
    }

    [Fact]
    public async Task The_first_step_is_good_for_five_minutes()
    {
        using var ada = new Person(_server);
        var (secret, _) = await TurnOnAsync(ada);
        using var slow = new Person(_server);
        await SignInAsync(slow);
        var page = await slow.GetAsync("/login/code", Cancel);

        _clock.Advance(TimeSpan.FromMinutes(5));
        var late = await slow.PostAsync(
            "/login/code",
            Cancel,
            ("form_token", page.Token),
            ("code", Authenticator.Code(secret, 1))
        );

        Assert.Equal((HttpStatusCode.SeeOther, "/login"), (late.Status, late.Location));
        Assert.False(await slow.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task A_secret_that_was_asked_for_long_ago_is_turned_on_by_nobody()
    {
        using var ada = new Person(_server);
        await SignInAsync(ada);
        await ada.SendAsync("/account", "/account/second-factor/start", Cancel, ("current", TestServer.AdminPassword));
        var page = await ada.GetAsync("/account/second-factor", Cancel);

        _clock.Advance(TimeSpan.FromMinutes(15));
        var late = await ada.PostAsync(
            "/account/second-factor",
            Cancel,
            ("form_token", page.Token),
            ("code", Authenticator.Code(Secret().Match(page.Body).Groups[1].Value))
        );

        Assert.Equal((HttpStatusCode.SeeOther, "/account#second-factor"), (late.Status, late.Location));
        Assert.Contains("second-factor/start", (await ada.GetAsync("/account", Cancel)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_admin_turns_it_off_for_who_lost_the_phone_but_on_for_nobody()
    {
        using var ada = new Person(_server);
        await TurnOnAsync(ada);
        using var on = new FormUrlEncodedContent([new("two_factor_is_enabled", "1")]);
        using var off = new FormUrlEncodedContent([new("two_factor_is_enabled", "0")]);

        using var refused = await _server.Http.PostAsync("/api/users/1", on, Cancel);
        using var done = await _server.Http.PostAsync("/api/users/1", off, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, done.StatusCode));
        Assert.False(await ada.IsSignedInAsync(Cancel));
        Assert.Equal("/account", (await SignInAsync(ada)).Location);
    }

    [Fact]
    public async Task Turned_off_with_the_password_it_is_asked_for_no_more()
    {
        using var ada = new Person(_server);
        await TurnOnAsync(ada);

        var wrong = await ada.SendAsync("/account", "/account/second-factor/off", Cancel, ("current", "wrong"));
        var right = await ada.SendAsync(
            "/account",
            "/account/second-factor/off",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        using var other = new Person(_server);
        var welcome = await SignInAsync(other);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.SeeOther), (wrong.Status, right.Status));
        Assert.Equal("/account", welcome.Location);
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones()
    {
        using var ada = new Person(_server);
        var (_, old) = await TurnOnAsync(ada);

        var made = await ada.SendAsync(
            "/account",
            "/account/second-factor/codes",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        var fresh = RecoveryCode().Matches(made.Body).Select(match => match.Value).ToArray();
        using var other = new Person(_server);
        await SignInAsync(other);

        Assert.Equal(10, fresh.Length);
        Assert.Equal(HttpStatusCode.BadRequest, (await CodeAsync(other, old[0])).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await CodeAsync(other, fresh[0])).Status);
    }

    private static async Task<(string Secret, string[] Codes)> TurnOnAsync(Person ada)
    {
        if (!await ada.IsSignedInAsync(Cancel))
            await SignInAsync(ada);
        await ada.SendAsync("/account", "/account/second-factor/start", Cancel, ("current", TestServer.AdminPassword));
        var page = await ada.GetAsync("/account/second-factor", Cancel);
        var secret = Secret().Match(page.Body).Groups[1].Value;
        var done = await ada.PostAsync(
            "/account/second-factor",
            Cancel,
            ("form_token", page.Token),
            ("code", Authenticator.Code(secret))
        );
        Assert.True(done.Status == HttpStatusCode.OK, done.Body);
        return (secret, [.. RecoveryCode().Matches(done.Body).Select(match => match.Value)]);
    }

    private async Task<bool> LetInAsync(string code)
    {
        using var person = new Person(_server);
        await SignInAsync(person);
        return (await CodeAsync(person, code)).Status == HttpStatusCode.SeeOther;
    }

    private async Task HashRecoveryCodesAgainAsync()
    {
        var rows = await _server.Database.WriteRawAsync(
            (connection, transaction) =>
            {
                using var select = connection.Command(
                    transaction,
                    "SELECT value FROM person_tokens WHERE name = 'RecoveryCodes'"
                );
                var again = ((string)select.ExecuteScalar()!)
                    .Split(';')
                    .Select(hash => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(hash))));
                return connection.Run(
                    transaction,
                    "UPDATE person_tokens SET value = $again WHERE name = 'RecoveryCodes'",
                    ("$again", string.Join(';', again))
                );
            },
            Cancel
        );
        Assert.Equal(1, rows);
    }

    private static Task<Sight> SignInAsync(Person person) =>
        person.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

    private static Task<Sight> CodeAsync(Person person, string code) =>
        person.SendAsync("/login/code", "/login/code", Cancel, ("code", code));

    [GeneratedRegex("id=\"secret\">([A-Z2-7 ]+)<")]
    private static partial Regex Secret();

    [GeneratedRegex("[2-9B-Z]{5}-[2-9B-Z]{5}")]
    private static partial Regex RecoveryCode();
}
