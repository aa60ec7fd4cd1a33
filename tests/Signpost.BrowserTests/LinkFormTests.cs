using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The form of a link in a real browser.</summary>
public sealed class LinkFormTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;

    // Its own server, because sign-ins are limited by address.
    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(Screen.Wide, ColorScheme.Light)]
    [InlineData(Screen.Phone, ColorScheme.Dark)]
    public async Task The_form_is_calm_with_all_its_sections_open(Screen screen, ColorScheme scheme)
    {
        var link = await _server.CreateLinkAsync(
            ("url", "spring"),
            ("location_url", "https://example.com/campaigns/spring?page=1"),
            ("utm_source", "newsletter"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[]", "FR"),
            ("targeting_country_code_value[]", "https://example.fr/"),
            ("targeting_country_code_key[]", "DE"),
            ("targeting_country_code_value[]", "https://example.de/"),
            ("clicks_limit", "1000"),
            ("start_date", "2030-01-31 09:00"),
            ("password", "secret")
        );
        await using var view = await chromium.OpenAsync(screen, scheme);
        await SignInAsync(view);

        await view.GoAsync($"{_server.Url}/dashboard/links/new");
        await view.KeepAsync($"link-new-{screen}-{scheme}", isWhole: true);
        await view.GoAsync($"{_server.Url}/dashboard/links/{link.Id}/edit");
        await view.KeepAsync($"link-edit-{screen}-{scheme}", isWhole: true);
        foreach (var closed in await view.Page.Locator(".section > summary").AllAsync())
            await closed.ClickAsync();
        if (screen is Screen.Phone)
            await view.Page.Locator(".outcome > summary").ClickAsync();
        await view.Page.Locator("#utm_source").FillAsync("poster");
        // The link has not started yet.
        await Assertions.Expect(view.Page.Locator(".comparison")).ToContainTextAsync("No visitor goes elsewhere now.");
        await view.Page.Locator(".outcome [name='device_type']").SelectOptionAsync("mobile");
        await Assertions.Expect(view.Page.Locator(".decision")).ToContainTextAsync("Phone");

        await view.AssertCalmAsync();
        await view.Page.AssertAccessibleAsync();
        await AssertOnePrimaryAsync(view.Page);
        await AssertWholePreviewAsync(view.Page);
        await view.KeepAsync($"link-open-{screen}-{scheme}", isWhole: true);
    }

    // The button of the bar looks like the others where the page has a button of its own.
    private static async Task AssertOnePrimaryAsync(IPage page) =>
        Assert.Equal(
            1,
            await page.EvaluateAsync<int>(
                """
                () => {
                  const looks = [...document.querySelectorAll(".button.primary")].filter((one) => one.checkVisibility()).map((one) => getComputedStyle(one).backgroundColor);
                  const own = getComputedStyle(document.querySelector("main .button.primary")).backgroundColor;
                  return looks.filter((one) => one === own).length;
                }
                """
            )
        );

    // It has no bar of its own to scroll, and its end can be seen.
    private static async Task AssertWholePreviewAsync(IPage page)
    {
        var preview = page.Locator(".preview");
        Assert.True(await preview.EvaluateAsync<bool>("(one) => one.scrollHeight <= one.clientHeight"));
        await page.EvaluateAsync("scrollTo(0, document.body.scrollHeight)");
        Assert.True(
            await preview.EvaluateAsync<bool>("(one) => one.getBoundingClientRect().bottom <= innerHeight + 1")
        );
    }

    [Fact]
    public async Task Without_script_Enter_in_a_field_of_the_visitor_saves_nothing()
    {
        var link = await _server.CreateLinkAsync(("url", "asked-plainly"));
        await using var view = await chromium.OpenAsync(script: false);
        await SignInAsync(view);
        var page = view.Page;
        await view.GoAsync($"{_server.Url}/dashboard/links/{link.Id}/edit");
        await page.Locator(".outcome > summary").ClickAsync();
        await page.Locator(".outcome summary", new() { HasText = "More about the visitor" }).ClickAsync();

        var inputs = await page.Locator(".outcome :is(input:not([type=checkbox]), textarea)").AllAsync();
        Assert.InRange(inputs.Count, 4, 20);
        foreach (var input in inputs)
        {
            await input.PressAsync("Enter");
            await input.FillAsync("");
        }

        await page.Locator("#at").FillAsync("2030-01-31 09:00");
        await page.Locator("#at").PressAsync("Enter");
        await page.Locator("[data-explain]").ClickAsync();

        await Assertions.Expect(page.Locator(".decision")).ToContainTextAsync("https://example.org/");
        using var versions = await _server.Http.GetAsync(
            $"/api/links/{link.Id}/versions",
            TestContext.Current.CancellationToken
        );
        Assert.Contains(
            "\"total\":1,",
            (await versions.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace(
                " ",
                "",
                StringComparison.Ordinal
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task With_the_keyboard_alone_somebody_targets_a_country_and_saves()
    {
        await using var view = await chromium.OpenAsync();
        await SignInAsync(view);
        var page = view.Page;
        await view.GoAsync($"{_server.Url}/dashboard/links/new");

        await page.Keyboard.TypeAsync("example.com/world");
        await Assertions.Expect(page.Locator("[data-final-address]")).ToHaveTextAsync("https://example.com/world");
        await OpenByKeyboardAsync(page, "Short address");
        await page.GetByLabel("Alias", new() { Exact = true }).FocusAsync();
        await page.Keyboard.TypeAsync("world");
        await Assertions.Expect(page.GetByText("This alias is free.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "QR code" })).ToBeVisibleAsync();
        await OpenByKeyboardAsync(page, "Targeting");
        await page.GetByLabel("Choose visitors by").SelectOptionAsync("country_code");
        await FillRuleAsync(page, 0, "Fran", "https://example.fr/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a rule" })
            .And(page.Locator(":visible"))
            .PressAsync("Enter");
        await FillRuleAsync(page, 1, "Germ", "https://example.de/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Move rule 2 up" })
            .And(page.Locator(":visible"))
            .PressAsync("Enter");
        await Assertions.Expect(Brief(page, "Targeting")).ToContainTextAsync("Germany");
        await page.AssertAccessibleAsync();
        await page.GetByLabel("Destination", new() { Exact = true }).PressAsync("Enter");

        await Assertions.Expect(page.GetByText("Your link is ready")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await view.KeepAsync("link-made");
        using var link = await _server.Http.GetAsync("/api/links?url=world", TestContext.Current.CancellationToken);
        Assert.Contains(
            """[{"key":"DE","value":"https://example.de/"},{"key":"FR","value":"https://example.fr/"}]""",
            await link.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        await view.GoAsync($"{_server.Url}/dashboard/links/new");
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(sessionStorage).length"));

        // A form that its address fills has a draft of its own.
        await page.GetByLabel("Destination", new() { Exact = true }).FillAsync("https://example.com/draft");
        await view.GoAsync($"{_server.Url}/dashboard/links/new?url=asked-for");
        await Assertions.Expect(page.GetByText("Your unsaved draft is back.")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#url")).ToHaveValueAsync("asked-for");
    }

    [Fact]
    public async Task With_the_keyboard_alone_somebody_sees_where_a_visitor_goes_and_saves_nothing()
    {
        var link = await _server.CreateLinkAsync(
            ("url", "asked"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[]", "FR"),
            ("targeting_country_code_value[]", "https://example.fr/")
        );
        await using var view = await chromium.OpenAsync();
        await SignInAsync(view);
        var page = view.Page;
        await view.GoAsync($"{_server.Url}/dashboard/links/{link.Id}/edit");

        await page.GetByLabel("Country", new() { Exact = true }).And(page.Locator("input#country_code")).FocusAsync();
        await page.Keyboard.TypeAsync("Fran");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".decision .location")).ToContainTextAsync("https://example.fr/");
        await page.Keyboard.PressAsync("Enter");
        await OpenByKeyboardAsync(page, "Password");
        await page.Locator("#password").FocusAsync();
        await page.Keyboard.TypeAsync("secret");

        await Assertions.Expect(page.Locator(".decision")).ToContainTextAsync("is asked for the password");
        await page.GetByLabel("Destination", new() { Exact = true }).FillAsync("https://example.com/other");
        await Assertions.Expect(page.Locator(".moves")).ToContainTextAsync("https://example.com/other");
        await page.AssertAccessibleAsync();
        Assert.EndsWith("/edit", page.Url, StringComparison.Ordinal);
        await view.AssertCalmAsync();
        await view.KeepAsync("link-outcome");
    }

    [Fact]
    public async Task A_draft_comes_back_after_a_reload_and_a_conflict_shows_both_values()
    {
        var link = await _server.CreateLinkAsync(("url", "shared"), ("utm_source", "old"));
        await using var view = await chromium.OpenAsync();
        await SignInAsync(view);
        var page = view.Page;
        var form = $"{_server.Url}/dashboard/links/{link.Id}/edit";
        await view.GoAsync(form);

        await page.GetByText("UTM parameters", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Source", new() { Exact = true }).FillAsync("mine");
        await page.GetByText("Password", new() { Exact = true }).First.ClickAsync();
        await page.Locator("#password").FillAsync("never kept");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByText("Your unsaved draft is back.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#utm_source")).ToHaveValueAsync("mine");
        Assert.DoesNotContain(
            "never kept",
            await page.EvaluateAsync<string>("Object.values(sessionStorage).join()"),
            StringComparison.Ordinal
        );
        using var other = await _server.Http.PatchAsync(
            $"/api/links/{link.Id}",
            new FormUrlEncodedContent([new("utm_source", "theirs")]),
            TestContext.Current.CancellationToken
        );
        other.EnsureSuccessStatusCode();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        await Assertions
            .Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 }))
            .ToHaveTextAsync("Somebody else changed this link");
        await page.AssertAccessibleAsync();
        await view.KeepAsync("link-conflict");
        await page.GetByText("Saved value").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save this choice" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The link is saved.")).ToBeVisibleAsync();
        await view.GoAsync(form);
        await Assertions.Expect(page.Locator("#utm_source")).ToHaveValueAsync("theirs");
        await Assertions.Expect(page.GetByText("Your unsaved draft is back.")).ToBeHiddenAsync();
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task Without_script_an_error_opens_its_section_and_keeps_what_was_typed()
    {
        await _server.CreateLinkAsync(("url", "taken"));
        await using var view = await chromium.OpenAsync(Screen.Phone, script: false);
        await SignInAsync(view);
        var page = view.Page;
        await view.GoAsync($"{_server.Url}/dashboard/links/new");

        await page.GetByLabel("Destination", new() { Exact = true }).FillAsync("https://example.com/kept");
        await page.GetByText("Targeting", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Choose visitors by").SelectOptionAsync("rotation");
        await page.GetByLabel("Weight").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a rule" }).And(page.Locator(":visible")).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Weight").First).ToHaveValueAsync("2");
        await page.GetByLabel("Destination of this rule")
            .And(page.Locator(":visible"))
            .First.FillAsync("https://example.com/a");
        await page.GetByText("Short address", new() { Exact = true }).First.ClickAsync();
        await page.GetByLabel("Alias", new() { Exact = true }).FillAsync("taken");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create link" }).ClickAsync();

        await Assertions.Expect(page.Locator(".problems")).ToContainTextAsync("This alias exists already.");
        await Assertions.Expect(page.Locator("#url")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#location_url")).ToHaveValueAsync("https://example.com/kept");
        await Assertions.Expect(page.Locator("[name='targeting_rotation_key[0]']")).ToHaveValueAsync("2");
        await view.AssertCalmAsync();
        await view.KeepAsync("link-error-without-script", isWhole: true);
        await page.GetByLabel("Alias", new() { Exact = true }).FillAsync("not-taken");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create link" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your link is ready")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_double_click_and_a_reload_create_one_link(bool script)
    {
        await using var view = await chromium.OpenAsync(script: script);
        await SignInAsync(view);
        var page = view.Page;
        await view.GoAsync($"{_server.Url}/dashboard/links/new");
        await page.GetByLabel("Destination", new() { Exact = true }).FillAsync("https://example.com/only-one");

        await page.GetByRole(AriaRole.Button, new() { Name = "Create link" }).DblClickAsync();
        await Assertions.Expect(page.GetByText("Your link is ready")).ToBeVisibleAsync();
        await page.ReloadAsync();

        var links = await _server.Http.GetStringAsync("/api/links", TestContext.Current.CancellationToken);
        Assert.Contains("\"total\":1,", links.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task FillRuleAsync(IPage page, int row, string country, string destination)
    {
        var rule = page.Locator("[data-rules='country_code'] li.rule").Nth(row);
        await rule.GetByRole(AriaRole.Combobox).FocusAsync();
        await page.Keyboard.TypeAsync(country);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(destination);
    }

    private static Task OpenByKeyboardAsync(IPage page, string section) =>
        page.Locator(".section > summary", new() { HasText = section }).PressAsync("Enter");

    private static ILocator Brief(IPage page, string section) =>
        page.Locator(".section > summary", new() { HasText = section }).Locator("[data-brief]");

    private async Task SignInAsync(View view)
    {
        await view.GoAsync($"{_server.Url}/login");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(view.Page.Locator("h1")).Not.ToHaveTextAsync("Sign in");
    }
}
