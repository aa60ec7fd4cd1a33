using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>A stranger finds a session that was left open, or a key. Neither is a way to keep the account.</summary>
public sealed partial class OpenSessionTests : IAsyncLifetime
{
    private const string AllKeys = "SELECT count(*) FROM api_keys";

    private readonly ManualClock _clock = new();
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(_clock, null);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Ten_minutes_after_the_password_was_given_a_new_key_asks_for_it()
    {
        using var ada = new Person(_server);
        await SecondFactorSteps.SignInAsync(ada);
        _clock.Advance(TimeSpan.FromMinutes(9));
        var soon = await MakeKeyAsync(ada);
        _clock.Advance(TimeSpan.FromMinutes(1));

        var none = await MakeKeyAsync(ada);
        var wrong = await MakeKeyAsync(ada, ("current", "wrong"));
        var page = await ada.GetAccountAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, soon.Status);
        Assert.All([none, wrong], one => Assert.Equal(HttpStatusCode.BadRequest, one.Status));
        Assert.Contains("The current password is wrong.", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("id=\"keys-current\"", page.Body, StringComparison.Ordinal);
        Assert.Equal(2L, await ScalarAsync(AllKeys));
    }

    [Fact]
    public async Task A_password_given_for_a_key_holds_for_the_next_ten_minutes_and_in_this_session_only()
    {
        using var ada = new Person(_server);
        using var other = new Person(_server);
        await SecondFactorSteps.SignInAsync(ada);
        await SecondFactorSteps.SignInAsync(other);
        using var copy = new Person(_server);
        copy.Cookies.Add(ada.Cookies.GetAllCookies());
        _clock.Advance(TimeSpan.FromHours(1));

        var given = await MakeKeyAsync(ada, ("current", TestServer.AdminPassword));
        var page = await ada.GetAccountAsync(Cancel);
        var again = await MakeKeyAsync(ada);
        var elsewhere = await MakeKeyAsync(other);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (given.Status, again.Status));
        Assert.DoesNotContain("id=\"keys-current\"", page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.Status);
        Assert.False(await copy.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task Passwords_guessed_at_the_form_for_keys_are_slowed()
    {
        using var ada = new Person(_server);
        await SecondFactorSteps.SignInAsync(ada);
        _clock.Advance(TimeSpan.FromMinutes(10));
        for (var i = 0; i < 10; i++)
            await MakeKeyAsync(ada, ("current", $"wrong {i}"));

        var slowed = await MakeKeyAsync(ada, ("current", TestServer.AdminPassword));

        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.Status);
    }

    [Theory]
    [InlineData("password", "a whole new password")]
    [InlineData("two_factor_is_enabled", "0")]
    public async Task A_key_changes_no_credential_of_its_own_account(string field, string value)
    {
        using var ada = new Person(_server);
        await SecondFactorSteps.TurnOnAsync(ada);
        using var body = new FormUrlEncodedContent([new(field, value)]);

        using var reply = await _server.Http.PostAsync("/api/users/1", body, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains(field, await reply.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.True(await ada.IsSignedInAsync(Cancel));
        using var other = new Person(_server);
        Assert.StartsWith(
            "/login/code",
            (await SecondFactorSteps.SignInAsync(other)).Location,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/dashboard/account/sessions/end-all", false)]
    [InlineData("/dashboard/account/sessions/end-all", true)]
    [InlineData("/dashboard/account/password", false)]
    [InlineData("/dashboard/account/password", true)]
    public async Task Keys_go_too_when_that_is_ticked(string action, bool isTicked)
    {
        await NewUserWithKeyAsync();
        using var ada = new Person(_server);
        await SecondFactorSteps.SignInAsync(ada);
        var key = KeyText().Match((await MakeKeyAsync(ada)).Body).Value;
        using var client = _server.NewClient(key);
        List<(string, string)> fields = [("current", TestServer.AdminPassword), ("password", "a whole new password")];
        if (isTicked)
            fields.Add(("revoke_keys", "1"));

        var done = await ada.SendAsync("/dashboard/account", action, Cancel, [.. fields]);
        using var reply = await client.GetAsync("/api/user", Cancel);

        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        Assert.Equal(isTicked ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(isTicked ? 1L : 3L, await ScalarAsync(AllKeys));
        Assert.Equal(
            isTicked ? 2L : 0L,
            await ScalarAsync("SELECT count(*) FROM audit_log WHERE event = 'key_revoked'")
        );
    }

    private static async Task<Sight> MakeKeyAsync(Person person, params (string Name, string Value)[] fields) =>
        await person.SubmitAsync(
            "/dashboard/account",
            "/dashboard/account/keys",
            Cancel,
            [("name", "Laptop"), ("scopes", "account:read"), .. fields]
        );

    private async Task<string> NewUserWithKeyAsync()
    {
        const string Email = "grace@example.org";
        using var body = new FormUrlEncodedContent([new("email", Email), new("password", TestServer.AdminPassword)]);
        (await _server.Http.PostAsync("/api/users", body, Cancel)).EnsureSuccessStatusCode().Dispose();
        (await _server.Http.PostAsync("/api/users/2/api-keys", null, Cancel)).EnsureSuccessStatusCode().Dispose();
        return Email;
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = _server.Database.OpenRead();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    [GeneratedRegex("sp_[A-Za-z0-9_-]{43}")]
    private static partial Regex KeyText();
}
