using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>Passkeys in a real browser, with an authenticator that Chromium plays.</summary>
public sealed class PasskeyTests(Chromium chromium)
{
    [Fact]
    public async Task A_passkey_is_added_signs_in_and_is_removed()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_PUBLIC_URL", "http://localhost"));
        var url = new UriBuilder(server.Url) { Host = "localhost" }.Uri.GetLeftPart(UriPartial.Authority);
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await AddAuthenticatorAsync(page);
        await view.GoAsync($"{url}/dashboard/account/sign-in");
        await view.KeepAsync("passkey-login");
        await page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await PressAsync(page, "Sign in");

        await PressAsync(page, "Add a passkey");
        await Assertions.Expect(page.GetByText("The passkey is added.")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await view.KeepAsync("passkey-account", isWhole: true);
        await view.GoAsync($"{url}/logout");
        await PressAsync(page, "Sign out");
        await PressAsync(page, "Sign in with a passkey");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Links");
        await view.GoAsync($"{url}/dashboard/account/sign-in");
        await page.Locator("summary", new() { HasTextString = "Remove a passkey" }).ClickAsync();
        await page.Locator("#passkey-remove-current").FillAsync(TestServer.AdminPassword);
        await PressAsync(page, "Remove a passkey");
        await Assertions.Expect(page.GetByText("The passkey is removed.")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await view.GoAsync($"{url}/logout");
        await PressAsync(page, "Sign out");
        await PressAsync(page, "Sign in with a passkey");

        await Assertions.Expect(page.GetByText("The passkey did not work.")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task A_person_without_a_password_confirms_with_a_passkey()
    {
        ManualClock clock = new(TimeProvider.System.GetUtcNow());
        await using var server = await TestServer.StartAsync(clock, null, ("SIGNPOST_PUBLIC_URL", "http://localhost"));
        var url = new UriBuilder(server.Url) { Host = "localhost" }.Uri.GetLeftPart(UriPartial.Authority);
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await AddAuthenticatorAsync(page);
        await view.GoAsync($"{url}/dashboard/account/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await PressAsync(page, "Sign in");
        await PressAsync(page, "Add a passkey");
        await Assertions.Expect(page.GetByText("The passkey is added.")).ToBeVisibleAsync();
        await server.Database.WriteAsync(
            db => db.People.ExecuteUpdateAsync(all => all.SetProperty(one => one.PasswordHash, (string?)null)),
            TestContext.Current.CancellationToken
        );
        // A person who signed in a moment ago is asked nothing.
        clock.Advance(TimeSpan.FromMinutes(11));

        await view.GoAsync($"{url}/dashboard/account/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm with a passkey" }).First.ClickAsync();

        await Assertions.Expect(page.GetByText("You are confirmed for the next 10 minutes.")).ToBeVisibleAsync();
        await Assertions
            .Expect(page.GetByRole(AriaRole.Button, new() { Name = "Confirm with a passkey" }))
            .ToHaveCountAsync(0);
        await view.AssertCalmAsync();
    }

    private static async Task AddAuthenticatorAsync(IPage page)
    {
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new()
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
    }

    private static Task PressAsync(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
