using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>Signing in and the account page, in a real browser.</summary>
public sealed class AccountTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;

    public static MatrixTheoryData<string, Screen, ColorScheme> Screens => Looks.Of("");

    // Each test has its own server, because sign-ins are limited by address.
    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Without_script_somebody_signs_in_turns_on_the_second_factor_and_signs_out_everywhere()
    {
        await using var view = await chromium.OpenAsync(script: false);
        var page = view.Page;

        await SignInAsync(view);
        await page.GetByText("Turn it on").ClickAsync();
        await page.Locator("#factor-current").FillAsync(TestServer.AdminPassword);
        await PressAsync(page.Locator("#second-factor"), "Continue");
        var secret = await page.Locator("#secret").InnerTextAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "QR code" })).ToBeVisibleAsync();
        await page.Locator("#code").FillAsync(Authenticator.Code(secret));
        await PressAsync(page, "Turn it on");
        var codes = (await page.Locator("pre").InnerTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await page.GetByText("I have saved them").ClickAsync();
        await Assertions.Expect(page.GetByText("10 recovery codes are left")).ToBeVisibleAsync();
        await PressAsync(page, "Sign out everywhere");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await SignInAsync(view);
        await page.Locator("#code").FillAsync("000000");
        await PressAsync(page, "Continue");
        await Assertions.Expect(page.Locator("#code-wrong")).ToBeVisibleAsync();
        await page.Locator("#code").FillAsync(codes[0]);
        await PressAsync(page, "Continue");
        await Assertions.Expect(page.GetByText("9 recovery codes are left")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_key_is_made_shown_once_and_revoked()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await SignInAsync(view);

        await page.GetByText("Create a key").ClickAsync();
        await page.Locator("#key-name").FillAsync("Laptop");
        await PressAsync(page, "Create the key");
        var key = await page.Locator("pre").InnerTextAsync();
        using var client = _server.NewClient(key.Trim());
        using var works = await client.GetAsync("/api/links", TestContext.Current.CancellationToken);
        await page.GetByText("I have saved it").ClickAsync();
        var revoke = page.GetByRole(AriaRole.Button, new() { Name = "Revoke the key Laptop" });
        await revoke.ClickAsync();

        await Assertions.Expect(page.GetByText("The key is revoked.")).ToBeVisibleAsync();
        await Assertions.Expect(revoke).ToHaveCountAsync(0);
        using var ended = await client.GetAsync("/api/links", TestContext.Current.CancellationToken);
        Assert.Equal(
            (System.Net.HttpStatusCode.OK, System.Net.HttpStatusCode.Unauthorized),
            (works.StatusCode, ended.StatusCode)
        );
        await view.AssertCalmAsync();
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_pages_are_calm_on_every_screen(string _, Screen screen, ColorScheme scheme)
    {
        await using var view = await chromium.OpenAsync(screen, scheme);
        var page = view.Page;

        await view.GoAsync($"{_server.Url}/login");
        await view.AssertCalmAsync();
        await LookAsync(view, "login", screen, scheme);
        await SignInAsync(view);
        var summaries = await page.Locator("summary").AllAsync();
        Assert.NotEmpty(summaries);
        foreach (var closed in summaries)
            await closed.ClickAsync();
        await view.AssertCalmAsync();
        await LookAsync(view, "account", screen, scheme);
        await page.Locator("#factor-current").FillAsync("wrong");
        await PressAsync(page.Locator("#second-factor"), "Continue");
        await Assertions.Expect(page.Locator("#factor-current-wrong")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await page.Locator("#factor-current").FillAsync(TestServer.AdminPassword);
        await PressAsync(page.Locator("#second-factor"), "Continue");
        await Assertions.Expect(page.Locator("#secret")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await LookAsync(view, "second-factor", screen, scheme);
        await view.GoAsync($"{_server.Url}/logout");
        await view.AssertCalmAsync();
        await PressAsync(page, "Sign out");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    private async Task SignInAsync(View view)
    {
        await view.GoAsync($"{_server.Url}/login");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await PressAsync(view.Page, "Sign in");
        await Assertions.Expect(view.Page.Locator("h1")).Not.ToHaveTextAsync("Sign in");
    }

    private static Task PressAsync(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static Task PressAsync(ILocator part, string name) =>
        part.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    // For people: SIGNPOST_LOOKS=directory keeps a picture of each page.
    private static async Task LookAsync(View view, string name, Screen screen, ColorScheme scheme)
    {
        if (Environment.GetEnvironmentVariable("SIGNPOST_LOOKS") is { Length: > 0 } directory)
            await view.Page.ScreenshotAsync(
                new() { Path = Path.Combine(directory, $"{name}-{screen}-{scheme}.png"), FullPage = true }
            );
    }
}
