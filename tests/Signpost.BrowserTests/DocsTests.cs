using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The page where people read and try the API.</summary>
public sealed class DocsTests(Chromium chromium, SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    public static MatrixTheoryData<string, Screen, ColorScheme> Screens => Looks.Of("");

    [Fact]
    public async Task A_link_is_made_from_the_page_with_the_key_and_only_what_was_filled_in()
    {
        await using var view = await chromium.OpenAsync(Screen.Wide, ColorScheme.Light);
        var page = view.Page;
        await view.GoAsync($"{_server.Url}/docs");

        await page.Locator(".btn.authorize").ClickAsync();
        await page.Locator(".auth-container input").FillAsync(TestServer.ApiKey);
        await page.Locator(".auth-btn-wrapper .authorize").ClickAsync();
        await page.Locator(".btn-done").ClickAsync();
        var create = page.Locator("#operations-Links-createLink");
        await create.Locator(".opblock-summary-control").ClickAsync();
        await create.GetByPlaceholder("location_url", new() { Exact = true }).FillAsync("https://example.com/");
        var response = await page.RunAndWaitForResponseAsync(
            () => create.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync(),
            answer => answer.Request.Method == "POST"
        );

        Assert.Equal(201, response.Status);
        var request = response.Request;
        Assert.StartsWith("multipart/form-data", request.Headers["content-type"], StringComparison.Ordinal);
        Assert.Single(request.PostData!.Split("Content-Disposition: form-data; ")[1..]);
        await view.AssertCalmAsync();
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_whole_API_stands_there_calm_on_every_screen(string _, Screen screen, ColorScheme scheme)
    {
        await using var view = await chromium.OpenAsync(screen, scheme);

        await view.GoAsync($"{_server.Url}/docs");

        await Assertions.Expect(view.Page.GetByText("/api/links/{link_id}").First).ToBeVisibleAsync();
        await view.Page.Locator(".opblock-summary-control").First.ClickAsync();
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Button, new() { Name = "Execute" })).ToHaveCountAsync(1);
        await view.AssertCalmAsync();
        // The viewer draws what is on the screen.
        var last = view.Page.Locator("#operations-tag-Server");
        for (var turn = 0; turn < 100 && await last.CountAsync() == 0; turn++)
            await view.Page.Mouse.WheelAsync(0, 1_000);
        await Assertions.Expect(last).ToBeAttachedAsync();
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task Scripts_and_styles_come_packed_and_are_asked_for_again_only_when_they_changed()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/docs/swagger-ui.js")
        {
            Headers = { { "Accept-Encoding", "gzip" } },
        };
        using var packed = await _server.Anonymous.SendAsync(request, cancel);
        using var plain = await _server.Anonymous.GetAsync("/docs/swagger-ui.js", cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/docs/swagger-ui.js")
        {
            Headers = { { "If-None-Match", packed.Headers.ETag!.ToString() } },
        };
        using var unchanged = await _server.Anonymous.SendAsync(again, cancel);

        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.StartsWith("/*!", await plain.Content.ReadAsStringAsync(cancel), StringComparison.Ordinal);
        Assert.Equal(304, (int)unchanged.StatusCode);
    }
}
