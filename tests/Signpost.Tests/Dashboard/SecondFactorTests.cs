using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Testing;
using static Signpost.Tests.Dashboard.SecondFactorSteps;

namespace Signpost.Tests.Dashboard;

/// <summary>Six digits beside the password.</summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(_clock, null);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Signing_in_asks_for_a_code_and_each_code_works_once()
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

        Assert.Equal("/login/code?returnUrl=%2Fdashboard%2Flinks", first.Location);
        Assert.False(without);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal((HttpStatusCode.SeeOther, "/dashboard/links"), (right.Status, right.Location));
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
            "/dashboard/account",
            "/dashboard/account/second-factor/start",
            Cancel,
            ("current", "wrong")
        );
        var nothingYet = await ada.GetAsync("/dashboard/account/second-factor", Cancel);
        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/start",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        var wrongCode = await ada.SendAsync(
            "/dashboard/account/second-factor",
            "/dashboard/account/second-factor",
            Cancel,
            ("code", "123")
        );
        var stillOff = await ada.GetAccountAsync(Cancel);
        var (_, codes) = await TurnOnAsync(ada);

        Assert.Equal(HttpStatusCode.BadRequest, wrongPassword.Status);
        Assert.Equal(HttpStatusCode.SeeOther, nothingYet.Status);
        Assert.Equal(HttpStatusCode.BadRequest, wrongCode.Status);
        Assert.Contains("/dashboard/account/second-factor/start", stillOff.Body, StringComparison.Ordinal);
        Assert.Equal(10, codes.Distinct().Count());
        Assert.True(await ada.IsSignedInAsync(Cancel));
        Assert.False(await other.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task Attempts_at_codes_are_limited_by_account_for_a_time()
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
    public async Task An_old_secret_cannot_be_turned_on()
    {
        using var ada = new Person(_server);
        await SignInAsync(ada);
        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/start",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        var page = await ada.GetAsync("/dashboard/account/second-factor", Cancel);

        _clock.Advance(TimeSpan.FromMinutes(15));
        var late = await ada.PostAsync(
            "/dashboard/account/second-factor",
            Cancel,
            ("form_token", page.Token),
            ("code", Authenticator.Code(Secret().Match(page.Body).Groups[1].Value))
        );

        Assert.Equal(
            (HttpStatusCode.SeeOther, "/dashboard/account/sign-in#second-factor"),
            (late.Status, late.Location)
        );
        Assert.Contains("second-factor/start", (await ada.GetAccountAsync(Cancel)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_admin_can_turn_it_off_for_others_but_not_on()
    {
        using var grace = new Person(_server);
        using var body = new FormUrlEncodedContent([
            new("email", "grace@example.org"),
            new("password", TestServer.AdminPassword),
        ]);
        (await _server.Http.PostAsync("/api/users", body, Cancel)).Dispose();
        await grace.SignInAsync("grace@example.org", TestServer.AdminPassword, Cancel);
        await TurnOnAsync(grace);
        using var on = new FormUrlEncodedContent([new("two_factor_is_enabled", "1")]);
        using var off = new FormUrlEncodedContent([new("two_factor_is_enabled", "0")]);

        using var refused = await _server.Http.PostAsync("/api/users/2", on, Cancel);
        using var done = await _server.Http.PostAsync("/api/users/2", off, Cancel);
        var signedOut = !await grace.IsSignedInAsync(Cancel);
        var welcome = await grace.SignInAsync("grace@example.org", TestServer.AdminPassword, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, done.StatusCode));
        Assert.True(signedOut);
        Assert.Equal("/dashboard/links", welcome.Location);
    }

    [Fact]
    public async Task Attempts_at_a_code_stay_counted_however_many_others_are_counted()
    {
        using var ada = new Person(_server);
        var (secret, _) = await TurnOnAsync(ada);
        using var eve = new Person(_server);
        await SignInAsync(eve);
        for (var i = 0; i < 10; i++)
        {
            // Not more in a minute than one address may send.
            if (i == 5)
                _clock.Advance(TimeSpan.FromMinutes(1.1));
            await CodeAsync(eve, "000000");
        }

        var limiter = _server.Services.GetRequiredService<Signpost.Accounts.AttemptLimiter>();
        for (var i = 0; i < 120_000; i++)
            limiter.Take($"sign-in {i}", new(10, TimeSpan.FromHours(1)));

        var slowed = await CodeAsync(eve, Authenticator.Code(secret, 1));

        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.Status);
    }

    [Fact]
    public async Task After_it_is_turned_off_signing_in_asks_for_no_code()
    {
        using var ada = new Person(_server);
        await TurnOnAsync(ada);

        var wrong = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/off",
            Cancel,
            ("current", "wrong")
        );
        var right = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/off",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        using var other = new Person(_server);
        var welcome = await SignInAsync(other);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.SeeOther), (wrong.Status, right.Status));
        Assert.Equal("/dashboard/links", welcome.Location);
    }

    [Fact]
    public async Task A_person_who_is_deleted_leaves_no_session_and_no_secret()
    {
        using var grace = new Person(_server);
        using var body = new FormUrlEncodedContent([
            new("email", "grace@example.org"),
            new("password", TestServer.AdminPassword),
        ]);
        (await _server.Http.PostAsync("/api/users", body, Cancel)).Dispose();
        await grace.SignInAsync("grace@example.org", TestServer.AdminPassword, Cancel);
        await TurnOnAsync(grace);
        var before = await RowsAsync(2);

        using var deleted = await _server.Http.DeleteAsync("/api/users/2", Cancel);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.All(before, rows => Assert.NotEqual(0, rows));
        Assert.All(await RowsAsync(2), rows => Assert.Equal(0, rows));
    }

    private async Task<long[]> RowsAsync(long personId)
    {
        await using var db = _server.Database.Read();
        return
        [
            await db.Accounts.LongCountAsync(account => account.Id == personId, Cancel),
            await db.People.LongCountAsync(person => person.Id == personId, Cancel),
            await db.Sessions.LongCountAsync(session => session.PersonId == personId, Cancel),
            await db.PersonTokens.LongCountAsync(token => token.UserId == personId, Cancel),
        ];
    }
}
