using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The splash page of a link, in a real browser without scripts.</summary>
public sealed class SplashPageTests(Chromium chromium, SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    private string Destination => $"{_server.Url}/robots.txt?own=1&from=poster";

    [Fact]
    public async Task The_button_leads_on_and_after_the_wait_the_page_does_by_itself()
    {
        var clicked = await LinkAsync(("title", "Doors open at eight"));
        var waited = await LinkAsync(("link_unlock_seconds", "1"));
        await using var view = await chromium.OpenAsync(script: false, agent: DeliveryTests.Desktop);

        await view.Page.GotoAsync($"{_server.Url}/{clicked.Alias}?from=poster");
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Doors open at eight");
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Continue" }).ClickAsync();
        await view.Page.WaitForURLAsync(Destination);
        await view.Page.GotoAsync($"{_server.Url}/{waited.Alias}?from=poster");
        await view.Page.WaitForURLAsync(Destination);

        Assert.Equal(Destination, view.Page.Url);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ar")]
    public async Task The_page_is_calm_on_every_screen_and_its_button_waits(string language)
    {
        (string, string)[] texts =
        [
            ("title", "Doors open at eight"),
            ("description", $"The garden stays open until midnight. {new string('x', 120)}"),
            ("link_unlock_button", "To the programme of the summer"),
        ];
        var (open, waits) = (await LinkAsync(texts), await LinkAsync([.. texts, ("link_unlock_seconds", "60")]));
        foreach (var screen in (Screen[])[Screen.Wide, Screen.Phone])
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var view = await chromium.OpenAsync(
                screen,
                scheme,
                language: language,
                agent: DeliveryTests.Desktop
            );
            foreach (var (link, name) in new[] { (open, "splash"), (waits, "splash-waits") })
            {
                await view.GoAsync($"{_server.Url}/{link.Alias}");
                await view.AssertCalmAsync();
                await view.KeepAsync($"{name}-{language}-{screen}-{scheme}");
                var button = view.Page.Locator("a.button");
                await Assertions.Expect(button).ToBeVisibleAsync(new() { Visible = link == open });
            }
        }
    }

    private async Task<MadeLink> LinkAsync(params (string, string)[] page) =>
        await _server.CreateLinkAsync(
            ("splash_page_id", await _server.CreateSplashPageAsync(page)),
            ("forward_query_parameters_is_enabled", "1"),
            ("location_url", $"{_server.Url}/robots.txt?own=1")
        );
}
