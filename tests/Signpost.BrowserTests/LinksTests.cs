using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The list of links on the dashboard, in a real browser.</summary>
public sealed class LinksTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;

    // Each test begins without links.
    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string List => $"{_server.Url}/dashboard/links";

    [Fact]
    public async Task The_first_link_is_created_copied_found_switched_and_deleted_with_the_keyboard_and_the_mouse()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await SignInAsync(view);

        await Assertions.Expect(page.GetByText("Create your first link")).ToBeVisibleAsync();
        await page.AssertAccessibleAsync();
        await Assertions.Expect(page.GetByLabel("Destination")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("javascript:alert(1)");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Destination")).ToHaveValueAsync("javascript:alert(1)");
        await page.GetByLabel("Destination").FillAsync("example.com/<b>spring</b>");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Your link is ready")).ToBeVisibleAsync();
        await page.Locator(".made [data-copy-text]").ClickAsync();
        await Assertions.Expect(page.Locator(".made .copied")).ToBeVisibleAsync();
        var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Equal(await page.Locator(".made .address").GetAttributeAsync("href"), copied);
        await page.AssertAccessibleAsync();

        await _server.CreateLinkAsync(("url", "poster"), ("location_url", "https://poster.example/"));
        await page.GetByRole(AriaRole.Heading, new() { Name = "Links", Exact = true }).ClickAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("poster");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-row]")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Links", Exact = true }).ClickAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.Locator("[data-bulk]")).ToContainTextAsync("1 selected");
        // The open menu would cover a part of the bar.
        await page.Keyboard.PressAsync("x");
        await page.Locator("[data-row] .menu summary").ClickAsync();
        await page.AssertAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("[data-toast]")).ToContainTextAsync("is disabled.");
        await Assertions.Expect(page.Locator("[data-row] .badge")).ToHaveTextAsync("Disabled");
        await page.AssertAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-row] .badge")).ToHaveCountAsync(0);

        await page.Locator("[data-row] .menu summary").ClickAsync();
        await page.Locator("[data-row]").GetByRole(AriaRole.Button, new() { Name = "Move to trash" }).ClickAsync();
        await Assertions.Expect(page.GetByText("No links match")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-row]")).ToHaveCountAsync(1);
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task Without_script_on_a_phone_everything_works_in_a_language_from_right_to_left()
    {
        await using var view = await chromium.OpenAsync(Screen.Phone, script: false);
        var page = view.Page;
        await _server.CreateLinkAsync(
            ("url", "a-very-long-alias-that-does-not-fit-on-the-screen-of-a-phone"),
            ("location_url", $"https://example.com/{new string('x', 200)}")
        );
        await SignInAsync(view);

        await Assertions.Expect(page.Locator(".scripted").First).ToBeHiddenAsync();
        await page.Locator("[data-side=open]").ClickAsync();
        await Assertions
            .Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main navigation" }))
            .ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await page.Locator("[data-side=close]").ClickAsync();
        await page.Locator(".person summary").ClickAsync();
        await page.GetByLabel("Language").SelectOptionAsync("ar");
        await page.Locator(".person form:has(select) button").ClickAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("dir", "rtl");
        await view.AssertCalmAsync();
        await view.KeepAsync("links-phone-ar");
        await page.Locator(".person summary").ClickAsync();
        await page.Locator("button[value=dark]").ClickAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.Locator("[data-row] input").First.CheckAsync();
        await page.Locator("[data-bulk] [value=disable]").ClickAsync();
        await Assertions.Expect(page.Locator("[data-row] .badge").First).ToBeVisibleAsync();
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task All_links_that_match_get_a_tag_and_rows_are_chosen_with_the_keyboard()
    {
        for (var i = 0; i < 27; i++)
            await _server.CreateLinkAsync(("location_url", $"https://example.com/{i}"));
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await SignInAsync(view);

        var bar = page.Locator("[data-bulk]");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Links", Exact = true }).ClickAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Shift+X");
        await Assertions.Expect(bar).ToContainTextAsync("3 selected");
        await page.GetByLabel("Select all 27 that match").CheckAsync();
        await Assertions.Expect(bar).ToContainTextAsync("27 selected");
        await page.AssertAccessibleAsync();
        await view.KeepAsync("links-many");
        await bar.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();

        await Assertions
            .Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Change links (27)" }))
            .ToBeVisibleAsync();
        await page.AssertAccessibleAsync();
        await view.KeepAsync("links-change");
        await page.Locator("#tags_do").SelectOptionAsync("add");
        await page.Locator("#tag_names").FillAsync("Spring,");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change links (27)" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-toast]")).ToContainTextAsync("The change has begun. Links: 27");
        await Assertions
            .Expect(page.Locator("#progress"))
            .ToContainTextAsync("Changed links: 27 of 27", new() { Timeout = 30_000 });
        await page.AssertAccessibleAsync();
        await page.GetByText("Back to the list").ClickAsync();
        await Assertions.Expect(page.Locator("[data-row]").First).ToContainTextAsync("Spring");

        await page.GetByLabel("Tag").First.SelectOptionAsync("Spring");
        await page.Locator(".views .save summary").ClickAsync();
        await page.Locator("#view-name").FillAsync("Spring links");
        await page.AssertAccessibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".views [aria-current]")).ToHaveTextAsync("Spring links");
        await view.KeepAsync("links-view");
        await view.AssertCalmAsync();
    }

    private async Task SignInAsync(View view)
    {
        await view.GoAsync(List);
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
