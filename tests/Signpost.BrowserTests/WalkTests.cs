using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The way of a new person from a link with rules to a printed QR code, in as few clicks as docs/dashboard.md says.</summary>
public sealed class WalkTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,::1"),
            ("SIGNPOST_GEO_HEADERS", "cloudflare")
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_link_with_three_countries_a_password_and_an_end_is_explained_by_three_clicks_and_printed_by_one()
    {
        await using var view = await chromium.OpenAsync();
        var (page, keys) = (view.Page, view.Page.Keyboard);
        await page.AddInitScriptAsync("window.print = () => { window.printed = true; };");
        await SignInAsync(view);

        await page.GetByRole(AriaRole.Link, new() { Name = "Create link" }).First.ClickAsync();
        await page.WaitForURLAsync("**/dashboard/links/new");
        await Assertions.Expect(page.Locator("#location_url")).ToBeFocusedAsync();
        await keys.TypeAsync("shop.example/spring");
        await page.Locator(".section > summary", new() { HasText = "Targeting" }).ClickAsync();
        await page.GetByLabel("Choose visitors by").SelectOptionAsync("country_code");
        var rules = page.Locator("[data-rules=country_code]");
        await rules.GetByRole(AriaRole.Combobox).First.ClickAsync();
        foreach (var country in (string[])["Spain", "France", "Germany"])
        {
            if (country is not "Spain")
                await rules.GetByRole(AriaRole.Button, new() { Name = "Add a rule" }).ClickAsync();
            await keys.TypeAsync(country);
            await keys.PressAsync("Enter");
            await keys.PressAsync("Tab");
            await keys.TypeAsync($"shop.example/{country}");
        }

        await page.Locator(".section > summary", new() { HasText = "Schedule" }).ClickAsync();
        await page.Locator("#end_date").FillAsync("2099-12-24T18:00");
        await page.Locator(".section > summary", new() { HasText = "Password" }).ClickAsync();
        await page.Locator("#password").FillAsync("secret");
        await view.KeepAsync("walk-form", isWhole: true);
        await page.Locator("main .actions").GetByText("Create link").ClickAsync();
        await Assertions.Expect(page.GetByText("Your link is ready")).ToBeVisibleAsync();
        await view.KeepAsync("walk-made");
        var link = await ReadLinkAsync();
        Assert.Equal(
            ("ES FR DE", true, "2099-12-24 18:00:00"),
            (
                string.Join(
                    ' ',
                    link.GetProperty("settings").GetProperty("targeting_country_code").EnumerateArray().Select(Key)
                ),
                link.GetProperty("settings").GetProperty("schedule").GetBoolean(),
                link.GetProperty("end_date").GetString()
            )
        );

        await VisitAsync(link);
        await page.Locator("[data-row] .short > a").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Clicks", Exact = true }).ClickAsync();
        await view.KeepAsync("walk-clicks");
        await page.Locator("tr", new() { HasText = "Spain" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(page.Locator(".decision .location")).ToContainTextAsync("shop.example/Spain");
        await view.KeepAsync("walk-why", isWhole: true);
        await page.GetByRole(AriaRole.Link, new() { Name = "Print the QR code" }).ClickAsync();

        await page.WaitForURLAsync("**/dashboard/links/print?ids=*");
        await Patience.UntilAsync(() => page.EvaluateAsync<bool>("window.printed === true"), "Printing");
        await Assertions.Expect(page.Locator(".sheet img")).ToHaveCountAsync(1);
        await view.KeepAsync("walk-print", isWhole: true);
        await page.ReloadAsync();
        Assert.False(await page.EvaluateAsync<bool>("window.printed === true"));
        await view.AssertCalmAsync();
    }

    // A visitor from Spain knows the password. Nobody answers at the destination.
    private async Task VisitAsync(JsonElement link)
    {
        await using var visitor = await chromium.OpenAsync(agent: DeliveryTests.Desktop);
        await visitor.Page.SetExtraHTTPHeadersAsync([new("CF-IPCountry", "ES")]);
        await visitor.GoAsync($"{_server.Url}/{link.GetProperty("url")}");
        await visitor.Page.Locator("#password").FillAsync("secret");
        await visitor.Page.Locator("main form button").ClickAsync();
        var clicks = $"/api/statistics/{link.GetProperty("id")}/clicks";
        await Patience.UntilAsync(
            async () =>
                (await _server.Http.GetStringAsync(clicks, TestContext.Current.CancellationToken)).Contains(
                    "\"status\":302",
                    StringComparison.Ordinal
                ),
            "The click of the visitor"
        );
    }

    private async Task<JsonElement> ReadLinkAsync() =>
        (await _server.Http.GetFromJsonAsync<JsonElement>("/api/links", TestContext.Current.CancellationToken))
            .GetProperty("data")
            .EnumerateArray()
            .Single();

    private static string? Key(JsonElement rule) => rule.GetProperty("key").GetString();

    private async Task SignInAsync(View view)
    {
        await view.GoAsync($"{_server.Url}/login");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(view.Page.Locator("h1")).ToHaveTextAsync("Links");
    }
}
