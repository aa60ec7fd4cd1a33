using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>The forms of the account page: errors stand at the top and at their fields, and a reload makes nothing again.</summary>
public sealed partial class AccountFormTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> WrongForms =>
        new()
        {
            { "profile", "name=a%01b&timezone=nowhere&language=xx", "profile-name profile-timezone profile-language" },
            { "email", "email=x&current=" + TestServer.AdminPassword, "email-email" },
            { "email", "email=x@example.org&current=wrong", "email-current" },
            { "password", "password=short&current=" + TestServer.AdminPassword, "password-password" },
            { "password", "password=short&current=wrong", "password-current" },
            { "keys", "scopes=links:read", "keys-name" },
            { "keys", "name=Laptop", "keys-scopes" },
            { "keys", "name=Laptop&scopes=links:read&expires=soon", "keys-expires" },
            { "keys", "name=Laptop&scopes=links:read&expires=2020-01-01", "keys-expires" },
            { "delete", "email=x@example.org&current=" + TestServer.AdminPassword, "delete-email" },
            { "delete", "email=" + TestServer.AdminEmail + "&current=wrong", "delete-current" },
            { "second-factor/start", "current=wrong", "factor-current" },
        };

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(_clock, null);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(WrongForms))]
    public async Task Each_error_is_listed_at_the_top_and_stands_at_its_field(string form, string sent, string fields)
    {
        using var ada = await SignedInAsync();

        var wrong = await ada.SendAsync("/dashboard/account", $"/dashboard/account/{form}", Cancel, Fields(sent));

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        AssertErrors(wrong.Body, fields.Split(' '));
    }

    [Fact]
    public async Task The_same_holds_for_the_forms_that_turn_the_second_factor_off_and_confirm_it()
    {
        using var ada = await SignedInAsync();
        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/start",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        var code = await ada.SendAsync(
            "/dashboard/account/second-factor",
            "/dashboard/account/second-factor",
            Cancel,
            ("code", "123")
        );
        await SecondFactorSteps.TurnOnAsync(ada);

        var codes = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/codes",
            Cancel,
            ("current", "wrong")
        );
        var off = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/off",
            Cancel,
            ("current", "wrong")
        );

        AssertErrors(code.Body, "code");
        AssertErrors(codes.Body, "codes-current");
        AssertErrors(off.Body, "off-current");
    }

    [Fact]
    public async Task The_same_holds_for_signing_in()
    {
        using var ada = new Person(_server);
        var wrong = await ada.SignInAsync(TestServer.AdminEmail, "wrong", Cancel);
        using var bob = await SignedInAsync();
        await SecondFactorSteps.TurnOnAsync(bob);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        var code = await SecondFactorSteps.CodeAsync(ada, "000000");

        AssertErrors(wrong.Body, "password");
        AssertErrors(code.Body, "code");
        Assert.Contains($"value=\"{TestServer.AdminEmail}\"", wrong.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_stays_but_no_password()
    {
        using var ada = await SignedInAsync();

        var key = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/keys",
            Cancel,
            ("name", "Laptop"),
            ("scopes", "stats:read"),
            ("expires", "x")
        );
        var email = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/email",
            Cancel,
            ("email", "new@example.org"),
            ("current", "wrong one")
        );

        Assert.Contains("value=\"Laptop\"", key.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"stats:read\" checked", key.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"links:read\" checked", key.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"new@example.org\"", email.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong one", email.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_shows_no_key_again_and_makes_none()
    {
        using var ada = await SignedInAsync();

        var sent = await SendKeyAsync(ada);
        var shown = await ada.GetAsync(sent.Location!, Cancel);
        var reloaded = await ada.GetAsync(sent.Location!, Cancel);

        Assert.Equal((HttpStatusCode.SeeOther, "/dashboard/account/keys"), (sent.Status, sent.Location));
        Assert.Matches(Key(), shown.Body);
        Assert.Contains("/api/links", shown.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, reloaded.Status);
        Assert.DoesNotMatch(Key(), reloaded.Body);
        Assert.Equal(1, reloaded.Body.Split("Laptop</strong>").Length - 1);
    }

    [Fact]
    public async Task The_notice_with_a_key_is_for_its_session_and_its_page_and_for_five_minutes()
    {
        using var ada = await SignedInAsync();
        using var eve = await SignedInAsync();
        var sent = await SendKeyAsync(ada);
        var notice = ada.Cookies.GetCookies(new Uri(_server.Url))["signpost_notice"]!.Value;
        eve.Cookies.Add(new Uri(_server.Url), new Cookie("signpost_notice", notice, "/"));

        var ofAnother = await eve.GetAsync("/dashboard/account/keys", Cancel);
        var elsewhere = await ada.GetAsync("/dashboard/account/second-factor/codes", Cancel);
        _clock.Advance(TimeSpan.FromMinutes(5));
        var late = await ada.GetAsync(sent.Location!, Cancel);

        Assert.All([ofAnother, elsewhere, late], one => Assert.DoesNotMatch(Key(), one.Body));
        Assert.Equal(HttpStatusCode.SeeOther, elsewhere.Status);
        Assert.DoesNotMatch(Key(), notice);
    }

    [Fact]
    public async Task The_address_of_a_form_leads_back_to_the_page()
    {
        using var ada = await SignedInAsync();
        var account = await ada.GetAccountAsync(Cancel);
        var forms = Action().Matches(account.Body).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.InRange(forms.Count, 5, 20);
        foreach (var form in forms.Where(one => one.StartsWith("/dashboard/account/", StringComparison.Ordinal)))
        {
            var back = await ada.GetAsync(form, Cancel);
            Assert.True(
                back.Status == HttpStatusCode.OK
                    || back.Location!.StartsWith("/dashboard/account", StringComparison.Ordinal),
                form
            );
        }

        var former = await ada.GetAsync("/account/keys/", Cancel);
        Assert.Equal((HttpStatusCode.Found, "/dashboard/account/keys"), (former.Status, former.Location));
    }

    private static void AssertErrors(string body, params string[] fields)
    {
        var summary = Summary().Match(body);
        Assert.True(summary.Success, body);
        Assert.Contains("role=\"alert\" tabindex=\"-1\" autofocus", summary.Value, StringComparison.Ordinal);
        Assert.Equal(fields, Link().Matches(summary.Value).Select(link => link.Groups[1].Value));
        foreach (var field in fields)
        {
            var element = Regex.Match(body, $"<(input|select|fieldset)[^>]* ?id=\"{field}\"[^>]*>").Value;
            var described = Described().Match(element).Groups[1].Value.Split(' ');
            Assert.Contains($"{field}-wrong", described);
            Assert.All(described, id => Assert.Contains($"id=\"{id}\"", body, StringComparison.Ordinal));
            Assert.True(
                element.Contains("<fieldset", StringComparison.Ordinal)
                    || element.Contains("aria-invalid=\"true\"", StringComparison.Ordinal),
                element
            );
        }
    }

    private static Task<Sight> SendKeyAsync(Person person) =>
        person.SendAsync(
            "/dashboard/account",
            "/dashboard/account/keys",
            Cancel,
            ("name", "Laptop"),
            ("scopes", "links:read")
        );

    private static (string, string)[] Fields(string sent) =>
        [
            .. sent.Split('&')
                .Select(field => field.Split('='))
                .Select(field => (field[0], Uri.UnescapeDataString(field[1]))),
        ];

    private async Task<Person> SignedInAsync()
    {
        var person = new Person(_server);
        await SecondFactorSteps.SignInAsync(person);
        return person;
    }

    [GeneratedRegex("<div class=\"problems\".*?</div>", RegexOptions.Singleline)]
    private static partial Regex Summary();

    [GeneratedRegex("<a href=\"#([^\"]+)\">")]
    private static partial Regex Link();

    [GeneratedRegex("aria-describedby=\"([^\"]+)\"")]
    private static partial Regex Described();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\"")]
    private static partial Regex Action();

    [GeneratedRegex("sp_[A-Za-z0-9_-]{43}")]
    private static partial Regex Key();
}
