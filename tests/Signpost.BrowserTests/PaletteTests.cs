using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The palette and the keys of the dashboard, in a real browser.</summary>
public sealed class PaletteTests(Chromium chromium, SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Hostile = "<img src=x onerror=alert(1)> \"Ada's\" & Bo";

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task The_palette_leads_to_pages_links_and_actions_and_gives_the_focus_back()
    {
        var link = await _server.CreateLinkAsync(("url", "palette-poster"), ("title", Hostile));
        await using var view = await chromium.OpenAsync();
        var (page, dialog) = (view.Page, view.Page.Locator("#palette"));
        await SignInAsync(view);

        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Search and" })).ToBeFocusedAsync();
        await Assertions
            .Expect(dialog.GetByRole(AriaRole.Option, new() { Selected = true }))
            .ToContainTextAsync("Links");
        await page.AssertAccessibleAsync();
        await page.Keyboard.TypeAsync("CÓDES qr");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/dashboard/qr-codes");

        await page.Locator("[data-palette]").ClickAsync();
        await page.Keyboard.TypeAsync("palette-");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Option).Last).ToContainTextAsync(Hostile);
        await page.AssertAccessibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("[data-palette]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("palette-");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/dashboard/links/{link.Id}?account=*");

        // The link of an earlier text goes at once.
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("palette-");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync("sale & co");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/dashboard/links?account=*&search=sale+%26+co");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("dark");
        await dialog.GetByText("Theme: Dark").ClickAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task Keys_lead_to_pages_except_while_typing_and_can_be_turned_off()
    {
        await using var view = await chromium.OpenAsync();
        var (page, help) = (view.Page, view.Page.Locator("#shortcuts"));
        await SignInAsync(view);

        await page.Locator("main").FocusAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("p");
        await page.WaitForURLAsync("**/dashboard/projects");
        await page.Keyboard.PressAsync("c");
        await page.WaitForURLAsync("**/dashboard/links/new");
        var destination = page.Locator("[name=location_url]");
        await destination.FocusAsync();
        await page.Keyboard.TypeAsync("gd/c?");
        await Assertions.Expect(destination).ToHaveValueAsync("gd/c?");
        await Assertions.Expect(help).ToBeHiddenAsync();

        await view.GoAsync($"{_server.Url}/dashboard/tags");
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(help).ToContainTextAsync("Keyboard shortcuts");
        await Assertions.Expect(help).ToContainTextAsync("Domains");
        await page.AssertAccessibleAsync();
        await help.GetByRole(AriaRole.Switch).PressAsync("Space");
        await page.Keyboard.PressAsync("Escape");
        foreach (var _ in (bool[])[false, true])
        {
            await page.Keyboard.PressAsync("?");
            await page.Keyboard.PressAsync("c");
            await page.Keyboard.PressAsync("Control+k");
            await Assertions.Expect(page.Locator("dialog[open]")).ToHaveIdAsync("palette");
            Assert.EndsWith("/dashboard/tags", page.Url, StringComparison.Ordinal);
            await page.ReloadAsync();
        }

        await view.AssertCalmAsync();
    }

    private async Task SignInAsync(View view)
    {
        await view.GoAsync($"{_server.Url}/dashboard/links");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await view.Page.WaitForURLAsync("**/dashboard/links");
        await view.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }
}
