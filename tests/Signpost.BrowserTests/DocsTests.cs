using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The viewer at /docs, fed with a small description, so that it is looked at by itself.</summary>
public sealed class DocsTests(Chromium chromium, SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    public static MatrixTheoryData<string, Screen, ColorScheme> Screens => Looks.Of("");

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_operations_stand_there_calm_on_every_screen(string _, Screen screen, ColorScheme scheme)
    {
        await using var view = await OpenAsync(screen, scheme);

        await Assertions.Expect(view.Page.Locator(".opblock")).ToHaveCountAsync(4);
        await view.Page.Locator(".opblock-post .opblock-summary-control").ClickAsync();
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Button, new() { Name = "Execute" })).ToBeVisibleAsync();

        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task A_tried_call_goes_to_this_server_with_the_key_and_only_what_was_filled_in()
    {
        await using var view = await OpenAsync(Screen.Wide, ColorScheme.Light);
        var page = view.Page;
        await page.RouteAsync("**/api/links", route => route.FulfillAsync(new() { Status = 201, Body = "{}" }));

        await page.Locator(".btn.authorize").ClickAsync();
        await page.Locator(".auth-container input").FillAsync("the-key");
        await page.Locator(".auth-btn-wrapper .authorize").ClickAsync();
        await page.Locator(".btn-done").ClickAsync();
        await page.Locator(".opblock-post .opblock-summary-control").ClickAsync();
        await page.GetByPlaceholder("location_url").FillAsync("https://example.com/");
        var request = await page.RunAndWaitForRequestAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync(),
            sent => sent.Method == "POST"
        );

        Assert.Equal($"{_server.Url}/api/links", request.Url);
        Assert.Equal("Bearer the-key", request.Headers["authorization"]);
        Assert.StartsWith("multipart/form-data", request.Headers["content-type"], StringComparison.Ordinal);
        Assert.Single(request.PostData!.Split("Content-Disposition: form-data; ")[1..]);
        await view.AssertCalmAsync();
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_real_description_is_shown_whole(string _, Screen screen, ColorScheme scheme)
    {
        await using var view = await chromium.OpenAsync(screen, scheme);

        await view.GoAsync($"{_server.Url}/docs");

        await Assertions.Expect(view.Page.GetByText("/api/links/{link_id}").First).ToBeVisibleAsync();
        foreach (var operation in await view.Page.Locator(".opblock-summary-control").AllAsync())
            await operation.ClickAsync();
        await Assertions
            .Expect(view.Page.GetByRole(AriaRole.Button, new() { Name = "Execute" }))
            .ToHaveCountAsync(await view.Page.Locator(".opblock").CountAsync());
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

    private async Task<View> OpenAsync(Screen screen, ColorScheme scheme)
    {
        var view = await chromium.OpenAsync(screen, scheme);
        await view.Page.RouteAsync(
            "**/openapi/v1.json",
            route => route.FulfillAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "openapi.json") })
        );
        await view.GoAsync($"{_server.Url}/docs");
        return view;
    }
}
