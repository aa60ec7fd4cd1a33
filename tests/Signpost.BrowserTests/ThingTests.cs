using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The pages of projects, tags, pixels, splash pages and domains, in a real browser.</summary>
public sealed class ThingTests(Chromium chromium, SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Hostile = "<img src=x onerror=alert(1)> \"Ada's\" & Bo";

    private static readonly string[] Paths = ["projects", "tags", "pixels", "splash-pages", "domains"];

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task With_script_a_question_opens_above_the_list_and_hostile_names_are_texts()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await SignInAsync(view);

        foreach (var path in Paths[..^1])
        {
            await view.GoAsync($"{_server.Url}/dashboard/{path}?edit=new");
            await Assertions.Expect(page.Locator("#name")).ToBeFocusedAsync();
            await page.Locator("#name").FillAsync(Hostile);
            if (path is "pixels")
                await page.Locator("#pixel").FillAsync("123456789");
            await PressAsync(page, "Create");
            await Assertions.Expect(page.Locator(".data strong")).ToHaveTextAsync(Hostile);
            await Assertions.Expect(page.Locator(".toast")).ToBeVisibleAsync();

            await page.GetByRole(AriaRole.Link, new() { Name = $"Edit {Hostile}" }).ClickAsync();
            await page.Locator("tr.editing #name").FillAsync("Harbour");
            await PressAsync(page, "Save");
            await page.GetByRole(AriaRole.Link, new() { Name = "Delete Harbour" }).ClickAsync();
            var dialog = page.Locator("dialog[open]");
            await Assertions.Expect(dialog).ToContainTextAsync("Harbour");
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(dialog).ToHaveCountAsync(0);
            await page.GetByRole(AriaRole.Link, new() { Name = "Delete Harbour" }).ClickAsync();
            await PressAsync(dialog, "Delete");
            await Assertions.Expect(page.Locator(".empty")).ToBeVisibleAsync();
            await view.AssertCalmAsync();
        }
    }

    [Fact]
    public async Task Without_script_a_project_is_created_edited_and_deleted_on_a_phone()
    {
        await using var view = await chromium.OpenAsync(Screen.Phone, ColorScheme.Dark, script: false);
        var page = view.Page;
        await SignInAsync(view);

        await view.GoAsync($"{_server.Url}/dashboard/projects?edit=new");
        await PressAsync(page, "Create");
        await Assertions.Expect(page.Locator("#name-wrong")).ToBeVisibleAsync();
        await page.Locator("#name").FillAsync("Poster");
        await PressAsync(page, "Create");
        await view.AssertCalmAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit Poster" }).ClickAsync();
        await view.AssertCalmAsync();
        await page.Locator("#name").FillAsync("Posters");
        await PressAsync(page, "Save");
        await page.GetByRole(AriaRole.Link, new() { Name = "Delete Posters" }).ClickAsync();
        await PressAsync(page, "Delete");

        await Assertions.Expect(page.GetByText("“Posters” is deleted.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_form_with_an_old_token_is_shown_again_with_labels_and_saved_by_its_button()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await SignInAsync(view);
        await view.GoAsync($"{_server.Url}/dashboard/tags?edit=new");
        await page.Locator("#name").FillAsync("Kept");
        await page.EvaluateAsync("for (const one of document.getElementsByName('form_token')) one.value = 'old'");

        await PressAsync(page, "Create");

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Your form is still here");
        await Assertions.Expect(page.Locator(".facts div").First).ToHaveTextAsync(new Regex("^Name\\s*Kept$"));
        await page.AssertAccessibleAsync();
        await view.KeepAsync("kept-form", isWhole: true);
        await PressAsync(page, "Save");
        await Assertions.Expect(page.Locator(".data strong")).ToHaveTextAsync("Kept");
        await page.GetByRole(AriaRole.Link, new() { Name = "Delete Kept" }).ClickAsync();
        await PressAsync(page.Locator("dialog[open]"), "Delete");
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task A_domain_is_added_and_its_page_asks_again_while_the_DNS_has_no_record()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await page.Clock.InstallAsync();
        await SignInAsync(view);

        await view.GoAsync($"{_server.Url}/dashboard/domains?edit=new");
        await page.Locator("#host").FillAsync("go.ada.example");
        await PressAsync(page, "Continue");
        await Assertions.Expect(page.Locator("#state .badge")).ToHaveTextAsync("Waiting for the DNS");
        await view.AssertCalmAsync();
        await page.RouteAsync(
            "**/verify",
            route => route.FulfillAsync(new() { Body = Verified, ContentType = "text/html" })
        );
        await page.Clock.FastForwardAsync(6_000);

        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("Verified");
    }

    // The page after the check, when the record is there.
    private const string Verified = "<section id=\"state\" data-state=\"Verified\">Verified</section>";

    private static Task PressAsync(IPage page, string button) => PressAsync(page.Locator("main"), button);

    private static Task PressAsync(ILocator place, string button) =>
        place.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private async Task SignInAsync(View view)
    {
        await view.GoAsync($"{_server.Url}/login");
        await view.Page.Locator("#email").FillAsync(TestServer.AdminEmail);
        await view.Page.Locator("#password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(view.Page.Locator("h1")).Not.ToHaveTextAsync("Sign in");
    }
}
