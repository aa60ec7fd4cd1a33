using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The pages for a forgotten password, in a real browser.</summary>
public sealed class ResetTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Nobody listens at the mail server's port: the mails wait.
    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(
            ("SIGNPOST_SMTP_URL", "smtp://127.0.0.1:9?tls=none"),
            ("SIGNPOST_MAIL_FROM", "signpost@go.example"),
            ("SIGNPOST_PUBLIC_URL", "http://127.0.0.1")
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_browser_that_hides_the_address_sets_a_new_password()
    {
        await using var view = await chromium.OpenAsync(script: false);
        var path = await HandOverAsync();

        await view.GoAsync(_server.Url + path);
        await view.Page.Locator("#password").FillAsync("a whole new password");
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Set a new password" }).ClickAsync();

        await Assertions.Expect(view.Page.GetByText("The password is changed.")).ToBeVisibleAsync();
        using var grace = new Person(_server);
        var welcome = await grace.SignInAsync("grace@example.org", "a whole new password", Cancel);
        Assert.Equal("/dashboard/links", welcome.Location);
    }

    [Fact]
    public async Task The_pages_fit_a_phone_in_long_words_from_the_right_and_without_blanks()
    {
        var path = await HandOverAsync();
        foreach (var language in (string[])["de", "ar", "ja"])
        {
            await using var view = await chromium.OpenAsync(Screen.Phone, language: language);
            foreach (
                var (name, page) in new[]
                {
                    ("forgot", "/login/forgot"),
                    ("sent", "/login/forgot?sent=1"),
                    ("reset", path),
                }
            )
            {
                await view.GoAsync(_server.Url + page);
                await Assertions.Expect(view.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
                await view.AssertCalmAsync();
                await view.KeepAsync($"{name}-{language}");
            }
        }
    }

    private async Task<string> HandOverAsync()
    {
        using var form = new FormUrlEncodedContent([
            new("email", "grace@example.org"),
            new("password", TestServer.AdminPassword),
        ]);
        using var made = await _server.Http.PostAsync("/api/users", form, Cancel);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data").GetProperty("id");
        using var reset = await _server.Http.PostAsync($"/api/users/{id}/password-reset", null, Cancel);
        var data = (await reset.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
        return new Uri(data.GetProperty("url").GetString()!).AbsolutePath;
    }
}
