using Microsoft.Playwright;
using Signpost.Testing;
using Signpost.Tests.Providers;

namespace Signpost.BrowserTests;

/// <summary>The sign-in provider in a real browser, which judges by itself forms, redirects and cookies between two sites.</summary>
public sealed class ProviderTests(Chromium chromium)
{
    [Fact]
    public async Task A_person_connects_the_provider_signs_in_with_it_and_disconnects_it()
    {
        await using var provider = await TestProvider.StartAsync(TimeProvider.System);
        provider.Person = new("grace");
        // For the browser, localhost is another site than 127.0.0.1.
        var authority = provider.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_OIDC_AUTHORITY", authority),
            ("SIGNPOST_OIDC_CLIENT_ID", TestProvider.ClientId),
            ("SIGNPOST_OIDC_CLIENT_SECRET", TestProvider.ClientSecret),
            ("SIGNPOST_OIDC_NAME", "Example ID")
        );
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await view.GoAsync($"{server.Url}/dashboard/account/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await PressAsync(page, "Sign in");

        await page.Locator("#connect-current").FillAsync(TestServer.AdminPassword);
        await PressAsync(page, "Connect Example ID");
        await Assertions.Expect(page.GetByText("The sign-in provider is connected.")).ToBeVisibleAsync();
        await view.GoAsync($"{server.Url}/logout");
        await PressAsync(page, "Sign out");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example ID" }).ClickAsync();

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Links");
        await view.GoAsync($"{server.Url}/dashboard/account/sign-in");
        await Assertions.Expect(page.GetByText($"Connected with {authority}/ since")).ToBeVisibleAsync();
        await page.Locator("summary", new() { HasTextString = "Disconnect" }).ClickAsync();
        await page.Locator("#disconnect-current").FillAsync(TestServer.AdminPassword);
        await PressAsync(page, "Disconnect");
        await Assertions.Expect(page.GetByText("Connected with")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByText("is disconnected")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
    }

    private static Task PressAsync(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
