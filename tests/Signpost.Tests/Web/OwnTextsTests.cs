using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Signpost.Accounts;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Api.Callers;
using Signpost.Testing;
using Signpost.Web.Languages;

namespace Signpost.Tests.Web;

/// <summary>The pages for people of the server, in the languages of these people.</summary>
public sealed partial class OwnTextsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly OwnLanguages Languages = new();

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Tags => [.. Languages.All.Select(texts => texts.Language)];

    [Fact]
    public void The_languages_are_those_that_an_account_may_have_and_those_of_the_visitors()
    {
        var tags = Languages.All.Select(texts => texts.Language).ToList();

        Assert.Equal(AccountRules.Languages.Order(StringComparer.Ordinal), tags);
        Assert.Contains("zh-Hant", tags);
        Assert.Empty(new PageLanguages().All.Select(texts => texts.Language).Except(tags));
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_language_says_everything_with_the_same_placeholders(string tag)
    {
        var english = PageLanguages.Read("en", OwnLanguages.Prefix);
        var texts = PageLanguages.Read(tag, OwnLanguages.Prefix);

        Assert.Equal(english.Keys, texts.Keys);
        Assert.Contains(texts["direction"], (string[])["ltr", "rtl"]);
        foreach (var (name, text) in texts)
        {
            Assert.False(string.IsNullOrWhiteSpace(text), name);
            Assert.Equal(text.Trim(), text);
            Assert.Equal(Placeholders(english[name]), Placeholders(text));
        }
    }

    [Fact]
    public void No_sentence_is_left_in_English()
    {
        var english = PageLanguages.Read("en", OwnLanguages.Prefix);

        var same =
            from tag in AccountRules.Languages
            where tag is not "en"
            from text in PageLanguages.Read(tag, OwnLanguages.Prefix)
            where text.Value == english[text.Key] && text.Value.Contains(' ', StringComparison.Ordinal)
            select text.Key;

        Assert.Equal(["docs.title"], same.Distinct());
    }

    [Fact]
    public void Every_event_and_every_scope_has_a_text()
    {
        var events = typeof(AuditEvent)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToList();

        Assert.InRange(events.Count, 20, 100);
        Assert.All(events, one => Assert.Contains($"log.event.{one}", In("en").All));
        Assert.All(ScopeNames.All, one => Assert.Contains($"scope.{one}", In("en").All));
    }

    [Fact]
    public void Every_error_that_a_form_can_have_is_in_the_tables()
    {
        string?[] sentences =
        [
            AccountRules.Email("x"),
            AccountRules.Password("short", null),
            AccountRules.Password("password", null),
            AccountRules.Password("ada@example.org", "ada@example.org"),
            AccountRules.Password(new string('x', 1025), null),
            AccountRules.Name("\n"),
            AccountRules.Name(new string('x', 129)),
            AccountRules.TimeZone("x"),
            "The current password is wrong.",
            Confirmation.NoPassword,
            "This is your only way to sign in. Set a password before you disconnect it.",
            OwnPasskeys.TooMany,
            OwnPasskeys.LastWay,
            "The code is wrong. The app shows a new code every 30 seconds: try the next one.",
            "An account with this e-mail address exists already.",
            "The scope admin is for accounts with the role admin.",
            "A key must expire in the future.",
            "This is not the e-mail address of your account.",
            "This is the last admin. The server needs at least one.",
            "This person is the only owner of Sales (3). Make another member an owner first, or delete the team.",
            "This account is receiving the links of another account. Try again later.",
            $"An account has at most {KeyEditor.MostKeys} keys: revoke one first.",
        ];

        Assert.All(sentences, sentence => Assert.NotEqual(sentence, Languages.Translate(sentence!, In("de"))));
        // People do not know the names of fields.
        Assert.All(
            In("en").All.Where(text => text.Key.StartsWith("error.", StringComparison.Ordinal)),
            text => Assert.True(char.IsUpper(text.Value[0]), text.Value)
        );
    }

    [Theory]
    [InlineData("de", "de", "ltr", "Anmelden")]
    [InlineData("fr-CA,en;q=0.5", "fr", "ltr", "Se connecter")]
    [InlineData("ar", "ar", "rtl", "تسجيل الدخول")]
    [InlineData("zh-Hant", "zh-Hant", "ltr", "登入")]
    [InlineData("zh-CN", "zh", "ltr", "登录")]
    [InlineData("tlh", "en", "ltr", "Sign in")]
    public async Task Before_somebody_signs_in_the_browser_says_the_language(
        string accepted,
        string language,
        string direction,
        string part
    )
    {
        using var response = await _server.FollowAsync("login", null, ("Accept-Language", accepted));
        var page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Cancel));

        Assert.Equal([language], response.Content.Headers.ContentLanguage);
        Assert.Contains($"<html lang=\"{language}\" dir=\"{direction}\">", page, StringComparison.Ordinal);
        Assert.Contains($"<h1>{part}</h1>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_of_the_account_counts_on_all_pages_of_people_who_are_signed_in()
    {
        await using var server = await TestServer.StartAsync();
        using var ada = new Person(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        (string Path, string German)[] pages =
        [
            ("/", "Ihre Links"),
            ("/docs", "Signpost-API"),
            ("/dashboard/account/activity", "Letzte Aktivität"),
            ("/dashboard/links", "Legen Sie Ihren ersten Link an"),
            ("/logout", "Abmelden?"),
            ("/dashboard/account/none", "Dieser Link führt nirgendwohin"),
            ("/setup/x", "Dieser Server hat einen Administrator"),
        ];

        var saved = await ada.SubmitAsync(
            "/dashboard/account",
            "/dashboard/account/profile",
            Cancel,
            ("timezone", "UTC"),
            ("language", "de")
        );

        Assert.Contains("<p>Gespeichert.</p>", saved.Body, StringComparison.Ordinal);
        foreach (var (path, german) in pages)
        {
            var page = await ada.GetAsync(path, Cancel);
            Assert.Contains("<html lang=\"de\"", page.Body, StringComparison.Ordinal);
            Assert.Contains(german, WebUtility.HtmlDecode(page.Body), StringComparison.Ordinal);
        }

        var wrong = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/password",
            Cancel,
            ("current", "x"),
            ("password", "y")
        );
        Assert.Contains("Das aktuelle Passwort ist falsch.", wrong.Body, StringComparison.Ordinal);
        var stale = await ada.PostAsync("/dashboard/account/password", Cancel, ("form_token", "x"));
        Assert.Contains("<html lang=\"de\"", stale.Body, StringComparison.Ordinal);
    }

    private static PageTexts In(string tag) => Languages.All.Single(texts => texts.Language == tag);

    private static IEnumerable<string> Placeholders(string text) =>
        Placeholder().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Placeholder();
}
