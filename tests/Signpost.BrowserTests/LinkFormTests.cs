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

        await view.AssertCalmAsync();
        await view.KeepAsync($"link-open-{screen}-{scheme}", isWhole: true);
    }

    private async Task SignInAsync(View view)
    {
        await view.GoAsync($"{_server.Url}/login");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(view.Page.Locator("h1")).Not.ToHaveTextAsync("Sign in");
    }
}
