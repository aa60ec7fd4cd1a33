using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The page of a link, QR codes, the trash and many links at once, in a real browser.</summary>
public sealed class LinkPageTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;
    private long _id;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        var made = await _server.CreateLinkAsync(
            ("url", "autumn"),
            ("title", "Autumn campaign <img src=x onerror=alert(1)>"),
            ("note", "Printed on 500 posters.\nAsk Eve before you change it."),
            ("location_url", $"https://shop.example.com/autumn/{new string('a', 120)}"),
            ("tags[0]", "poster"),
            ("tags[1]", "autumn"),
            ("clicks_limit", "500"),
            ("password", "secret"),
            ("utm_source", "poster"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", "https://shop.example.fr/automne"),
            ("targeting_country_code_key[1]", "DE"),
            ("targeting_country_code_value[1]", "https://shop.example.de/herbst")
        );
        _id = made.Id;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string Link => $"{_server.Url}/dashboard/links/{_id}";

    [Fact]
    public async Task A_link_is_understood_explained_printed_and_its_neighbours_are_made_and_thrown_away()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await _server.FollowAsync("autumn");
        await _server.FollowAsync("autum");
        await SignInAsync(view);

        await CheckAsync(view, Link, "details");
        await page.GetByRole(AriaRole.Link, new() { Name = "Explain" }).ClickAsync();
        // The field of the script, not the list that it replaces.
        await page.Locator("input[role=combobox]")
            .And(page.GetByLabel("Country", new() { Exact = true }))
            .FillAsync("Fran");
        await page.GetByRole(AriaRole.Option, new() { Name = "France", Exact = true }).ClickAsync();
        await page.GetByText("More about the visitor").ClickAsync();
        await page.GetByLabel("Has entered the password").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Explain" }).ClickAsync();
        await Assertions
            .Expect(page.Locator(".decision"))
            .ToContainTextAsync("https://shop.example.fr/automne?utm_source=poster");
        await CheckAsync(view, page.Url, "explain");

        await page.Locator(".one-qr").ClickAsync();
        await page.GetByLabel("Colour of the code").FillAsync("#7a3b8f");
        await page.GetByLabel("Form of the dots").SelectOptionAsync("dots");
        await Assertions.Expect(page.Locator("[data-qr-picture][src*='%237a3b8f']")).ToBeVisibleAsync();
        await CheckAsync(view, null, "qr-design");
        await page.GetByLabel("Background").FillAsync("#7a3b8f");
        await Assertions.Expect(page.Locator("[data-qr-problem]")).ToContainTextAsync("darker");
        await page.GetByLabel("Background").FillAsync("#ffffff");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save QR code" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-toast]")).ToContainTextAsync("is saved.");
        await CheckAsync(view, $"{_server.Url}/dashboard/qr-codes", "qr-list");

        await CheckAsync(view, $"{Link}/versions", "versions");
        await CheckAsync(view, $"{Link}/clicks", "clicks");
        await CheckAsync(view, $"{_server.Url}/dashboard/unknown", "unknown");
        await CheckAsync(view, $"{_server.Url}/dashboard/server/people", "server-people");
        await view.GoAsync($"{_server.Url}/dashboard/links/bulk");
        await page.GetByLabel("Addresses or CSV")
            .FillAsync("https://one.example/\nnot an address\nhttps://two.example/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await CheckAsync(view, null, "bulk");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the good ones (2)" }).ClickAsync();
        await CheckAsync(view, null, "bulk-result");

        await _server.Http.DeleteAsync($"/api/links/{_id}", TestContext.Current.CancellationToken);
        await CheckAsync(view, $"{_server.Url}/dashboard/trash", "trash");
        await page.GetByRole(AriaRole.Link, new() { Name = "Erase now" }).ClickAsync();
        await CheckAsync(view, null, "erase");
    }

    [Fact]
    public async Task Without_script_on_a_phone_a_version_is_restored_and_a_code_is_previewed()
    {
        await using var view = await chromium.OpenAsync(Screen.Phone, script: false);
        var page = view.Page;
        await _server.Http.PostAsync(
            $"/api/links/{_id}",
            new FormUrlEncodedContent([new("title", "Winter campaign")]),
            TestContext.Current.CancellationToken
        );
        await SignInAsync(view);

        await view.GoAsync(Link);
        await view.AssertCalmAsync();
        await view.KeepAsync("details-phone", isWhole: true);
        await view.GoAsync($"{Link}/explain?country_code=DE");
        await view.AssertCalmAsync();
        await view.KeepAsync("explain-phone", isWhole: true);
        await view.GoAsync($"{Link}/versions");
        await view.AssertCalmAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Version 1" }).ClickAsync();
        await view.AssertCalmAsync();
        await view.KeepAsync("version-phone", isWhole: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore version 1" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Autumn campaign");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Winter campaign");
        await view.GoAsync($"{Link}/qr");
        await page.GetByLabel("Form of the dots").SelectOptionAsync("rounded");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show preview" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-qr-picture][src*='style=rounded']")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await view.KeepAsync("qr-design-phone", isWhole: true);
    }

    /// <param name="url">Null: the page that is open.</param>
    private static async Task CheckAsync(View view, string? url, string name)
    {
        if (url is not null)
            await view.GoAsync(url);
        await view.Page.AssertAccessibleAsync();
        await view.KeepAsync($"{name}-dark", isWhole: true);
        await view.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await view.KeepAsync(name, isWhole: true);
        await view.AssertCalmAsync();
    }

    private async Task SignInAsync(View view)
    {
        await view.GoAsync($"{_server.Url}/dashboard/links");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
