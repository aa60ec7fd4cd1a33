using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The statistics of a link in a real browser: filters, the time line, and new clicks.</summary>
public sealed class StatisticsTests(Chromium chromium) : IAsyncLifetime
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private TestServer _server = null!;
    private MadeLink _link = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _link = await _server.CreateLinkAsync(
            ("title", "Autumn campaign <img src=x onerror=alert(1)>"),
            ("targeting_type", "rotation"),
            ("targeting_rotation_key[0]", "50"),
            ("targeting_rotation_value[0]", "https://shop.example.com/a"),
            ("targeting_rotation_key[1]", "50"),
            ("targeting_rotation_value[1]", "https://shop.example.com/b")
        );
        for (var visit = 0; visit < 3; visit++)
            await VisitAsync("de");
        await VisitAsync("fr");
        var counts = $"/api/statistics/{_link.Id}?type=kind";
        await Patience.UntilAsync(
            async () =>
                (await _server.Http.GetStringAsync(counts, TestContext.Current.CancellationToken)).Contains(
                    "\"pageviews\":4",
                    StringComparison.Ordinal
                ),
            "Counting four clicks"
        );
        await _server.Http.PostAsync(
            $"/api/links/{_link.Id}",
            new FormUrlEncodedContent([new("note", "Printed on posters.")]),
            TestContext.Current.CancellationToken
        );
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string Statistics => $"{_server.Url}/dashboard/links/{_link.Id}/statistics";

    [Fact]
    public async Task Filters_the_time_line_and_new_clicks_work_without_a_jump()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await SignInAsync(view);
        await page.GotoAsync($"{Statistics}?devices=browser_language");
        await page.EvaluateAsync("window.sameDocument = true");

        await page.AssertAccessibleAsync();
        await view.KeepAsync("statistics-dark", isWhole: true);
        await page.GetByRole(AriaRole.Link, new() { Name = "German" }).ClickAsync();
        await Assertions.Expect(page.Locator(".stats-chip")).ToContainTextAsync("German");
        await Assertions.Expect(page.Locator(".stats-totals strong").First).ToHaveTextAsync("3");
        await page.AssertAccessibleAsync();
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator(".stats-totals strong").First).ToHaveTextAsync("4");

        await page.Locator(".chart a[tabindex='0']").FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(page.Locator(".chart-tip")).ToContainTextAsync(": 0 Clicks");
        await Assertions.Expect(page.Locator(".flag-link")).ToHaveCountAsync(1);

        await VisitAsync("it");
        await Assertions.Expect(page.Locator("[data-new] strong")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator(".stats-totals strong").First).ToHaveTextAsync("4");
        await page.Locator("[data-new]").ClickAsync();
        await Assertions.Expect(page.Locator(".stats-totals strong").First).ToHaveTextAsync("5");
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task Without_script_on_a_phone_a_tab_a_period_and_a_filter_are_chosen()
    {
        await using var view = await chromium.OpenAsync(Screen.Phone, script: false);
        var page = view.Page;
        await SignInAsync(view);

        await page.GotoAsync(Statistics);
        await view.AssertCalmAsync();
        await view.KeepAsync("statistics-phone", isWhole: true);
        await page.GetByRole(AriaRole.Link, new() { Name = "Language", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "French" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "7 days" }).ClickAsync();
        await Assertions.Expect(page.Locator(".stats-totals strong").First).ToHaveTextAsync("1");
        await page.GetByRole(AriaRole.Link, new() { Name = "Remove Language: French" }).ClickAsync();
        await Assertions.Expect(page.Locator(".stats-totals strong").First).ToHaveTextAsync("4");
        await view.AssertCalmAsync();
    }

    private async Task VisitAsync(string language)
    {
        using var response = await _server.FollowAsync(
            _link.Alias,
            null,
            ("User-Agent", Firefox),
            ("Accept-Language", language)
        );
    }

    private async Task SignInAsync(View view)
    {
        await view.GoAsync($"{_server.Url}/dashboard/links");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(view.Page.Locator("h1")).ToBeVisibleAsync();
    }
}
