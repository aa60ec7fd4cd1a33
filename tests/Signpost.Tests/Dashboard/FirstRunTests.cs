using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Accounts;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>The first run: the new admin is signed in, sees the first key once and says the public address.</summary>
public sealed partial class FirstRunTests
{
    private const string Welcome = "/dashboard/links";
    private static readonly (string, string)[] Empty =
    [
        ("SIGNPOST_ADMIN_EMAIL", ""),
        ("SIGNPOST_ADMIN_PASSWORD", ""),
        ("SIGNPOST_API_KEY", ""),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_new_admin_is_signed_in_and_sees_the_key_once()
    {
        await using var server = await TestServer.StartAsync(Empty);
        using var ada = new Person(server);
        var path = PathOf(server);

        var done = await SetUpAsync(ada, path);
        var welcome = await ada.GetAsync(Welcome, Cancel);
        var again = await ada.GetAsync(Welcome, Cancel);
        var closed = await ada.GetAsync(path, Cancel);
        using var client = server.NewClient(Key().Match(welcome.Body).Value);
        using var works = await client.GetAsync("/api/user", Cancel);

        Assert.Equal((HttpStatusCode.SeeOther, Welcome), (done.Status, done.Location));
        Assert.Equal(HttpStatusCode.OK, works.StatusCode);
        Assert.DoesNotMatch(Key(), again.Body);
        Assert.All(
            [welcome, again],
            page => Assert.Contains("Create your first link", page.Body, StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.Gone, closed.Status);
        Assert.Contains("First run is done", closed.Body, StringComparison.Ordinal);
        Assert.Contains("href=\"/login\"", closed.Body, StringComparison.Ordinal);
        Assert.True(await ada.IsSignedInAsync(Cancel));
        using var stranger = new Person(server);
        Assert.Equal(HttpStatusCode.Found, (await stranger.GetAsync(Welcome, Cancel)).Status);
    }

    [Fact]
    public async Task The_public_address_is_prefilled_kept_and_used_for_absolute_addresses()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-test-").FullName;
        try
        {
            string key;
            await using (var server = await TestServer.StartAsync(null, directory, Empty))
            {
                using var ada = new Person(server);
                var form = await ada.GetAsync(PathOf(server), Cancel);
                Assert.Contains($"value=\"{server.Url}\"", form.Body, StringComparison.Ordinal);

                await SetUpAsync(ada, PathOf(server), ("address", " https://go.example.org/ "));
                var welcome = await ada.GetAsync(Welcome, Cancel);
                key = Key().Match(welcome.Body).Value;

                Assert.Contains("https://go.example.org/api/links", welcome.Body, StringComparison.Ordinal);
                Assert.Equal("https://go.example.org/one", await ShortUrlAsync(server, key, "one"));
                // Only the setting switches host filtering on.
                using var elsewhere = await server.FollowAsync("login", null, ("Host", "other.example"));
                Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
            }

            await using (var server = await TestServer.StartAsync(null, directory, Empty))
                Assert.Equal("https://go.example.org/two", await ShortUrlAsync(server, key, "two"));
            await using (
                var server = await TestServer.StartAsync(
                    null,
                    directory,
                    [.. Empty, ("SIGNPOST_PUBLIC_URL", "http://127.0.0.1")]
                )
            )
                Assert.Equal("http://127.0.0.1/three", await ShortUrlAsync(server, key, "three"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ftp://go.example.org")]
    [InlineData("https://go.example.org/path?x=1")]
    [InlineData("https://go.example.org/?q")]
    [InlineData("https://ada:secret@go.example.org")]
    public async Task A_wrong_public_address_makes_nothing(string address)
    {
        await using var server = await TestServer.StartAsync(Empty);
        using var ada = new Person(server);

        var wrong = await SetUpAsync(ada, PathOf(server), ("address", address));

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("href=\"#address\"", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("id=\"address-wrong\"", wrong.Body, StringComparison.Ordinal);
        Assert.Contains($"value=\"{WebUtility.HtmlEncode(address)}\"", wrong.Body, StringComparison.Ordinal);
        Assert.NotNull(server.Services.GetRequiredService<SetUp>().Path);
    }

    [Fact]
    public async Task If_the_setting_says_the_public_address_nobody_is_asked()
    {
        await using var server = await TestServer.StartAsync([.. Empty, ("SIGNPOST_PUBLIC_URL", "http://127.0.0.1")]);
        using var ada = new Person(server);

        var form = await ada.GetAsync(PathOf(server), Cancel);
        await SetUpAsync(ada, PathOf(server), ("address", "https://go.example.org"));
        var welcome = await ada.GetAsync(Welcome, Cancel);

        Assert.DoesNotContain("name=\"address\"", form.Body, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1/api/links", welcome.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_and_its_first_key_have_the_language_in_which_the_form_was_read()
    {
        await using var server = await TestServer.StartAsync(Empty);
        using var client = server.NewClient(null);
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("ja");
        using var body = new FormUrlEncodedContent([
            new("email", TestServer.AdminEmail),
            new("password", TestServer.AdminPassword),
        ]);

        using var done = await client.PostAsync(PathOf(server), body, Cancel);
        using var ada = new Person(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var account = await ada.GetAccountAsync(Cancel);

        Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        Assert.Contains("<html lang=\"ja\"", account.Body, StringComparison.Ordinal);
        Assert.Contains("最初のキー", WebUtility.HtmlDecode(account.Body), StringComparison.Ordinal);
    }

    private static string PathOf(TestServer server) => server.Services.GetRequiredService<SetUp>().Path!;

    private static Task<Sight> SetUpAsync(Person person, string path, params (string, string)[] fields) =>
        person.PostAsync(
            path,
            Cancel,
            [("email", TestServer.AdminEmail), ("password", TestServer.AdminPassword), .. fields]
        );

    private static async Task<string> ShortUrlAsync(TestServer server, string key, string alias)
    {
        using var client = server.NewClient(key);
        using var body = new FormUrlEncodedContent([new("url", alias), new("location_url", "https://example.com/")]);
        using var made = await client.PostAsync("/api/links", body, Cancel);
        return ShortUrl().Match(await made.Content.ReadAsStringAsync(Cancel)).Groups[1].Value;
    }

    [GeneratedRegex("sp_[A-Za-z0-9_-]{43}")]
    private static partial Regex Key();

    [GeneratedRegex("\"short_url\":\"([^\"]+)\"")]
    private static partial Regex ShortUrl();
}
