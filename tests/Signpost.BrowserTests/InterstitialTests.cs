using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The interstitials of links, in a real browser.</summary>
public sealed class InterstitialTests(Chromium chromium, SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Password = "open sesame";

    private readonly TestServer _server = shared.Server;

    public static MatrixTheoryData<string, Screen, ColorScheme> Screens => Looks.Of("en", "ar", "de", "ja");

    // Another origin on this machine: the redirect after a form must be allowed to leave our own origin.
    private string Destination =>
        $"{_server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/robots.txt";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_password_is_told_and_the_right_one_leads_on_and_is_remembered(bool script)
    {
        var link = await LockedAsync();
        await using var view = await chromium.OpenAsync(script: script);

        Assert.Equal(401, (await view.GoAsync($"{_server.Url}/{link.Alias}?from=poster")).Status);
        await UnlockAsync(view, "sesame");
        await Assertions
            .Expect(view.Page.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("That is not the password. Check it and try again.");
        await Assertions.Expect(view.Page.GetByLabel("Password")).ToHaveValueAsync("");
        await Assertions.Expect(view.Page.GetByLabel("Password")).ToBeFocusedAsync();
        await UnlockAsync(view, Password);
        await view.Page.WaitForURLAsync(Destination);
        await view.Page.GotoAsync($"{_server.Url}/{link.Alias}");

        Assert.Equal(Destination, view.Page.Url);
    }

    [Fact]
    public async Task Reloading_the_page_of_a_wrong_password_asks_at_the_link_s_address()
    {
        var link = await LockedAsync();
        await using var view = await chromium.OpenAsync();
        await view.GoAsync($"{_server.Url}/{link.Alias}?x=y");
        await UnlockAsync(view, "sesame");

        await view.GoAsync(view.Page.Url);

        Assert.Equal($"{_server.Url}/{link.Alias}?x=y", view.Page.Url);
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_warning_is_passed_by_a_click_and_not_shown_again(bool script)
    {
        var link = await _server.CreateLinkAsync(("sensitive_content", "1"), ("location_url", "https://example.org/"));
        await _server.UpdateLinkAsync(link.Id, ("location_url", Destination));
        await using var view = await chromium.OpenAsync(script: script);

        await view.GoAsync($"{_server.Url}/{link.Alias}");
        await Assertions.Expect(view.Page.GetByText("It leads to localhost")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await view.Page.WaitForURLAsync(Destination);
        await view.Page.GotoAsync($"{_server.Url}/{link.Alias}");

        Assert.Equal(Destination, view.Page.Url);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Both_pages_are_calm_in_every_script_on_every_screen(
        string language,
        Screen screen,
        ColorScheme scheme
    )
    {
        var (locked, sensitive) = (await LockedAsync(), await _server.CreateLinkAsync(("sensitive_content", "1")));
        await using var view = await chromium.OpenAsync(screen, scheme, language: language);

        await view.GoAsync($"{_server.Url}/{locked.Alias}");
        await view.AssertCalmAsync();
        await view.KeepAsync($"password-{language}-{screen}-{scheme}");
        await view.Page.Locator("input").FillAsync("wrong");
        await view.Page.Locator("button").ClickAsync();
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await view.KeepAsync($"wrong-{language}-{screen}-{scheme}");
        await view.GoAsync($"{_server.Url}/{sensitive.Alias}");
        await view.AssertCalmAsync();
        await view.KeepAsync($"warning-{language}-{screen}-{scheme}");
    }

    [Fact]
    public async Task An_Arabic_page_runs_from_right_to_left()
    {
        var link = await LockedAsync();
        await using var view = await chromium.OpenAsync(language: "ar");

        await view.GoAsync($"{_server.Url}/{link.Alias}");

        Assert.Equal(
            "rtl",
            await view.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('label')).direction")
        );
        var label = (await view.Page.Locator("label").BoundingBoxAsync())!;
        var text = await view.Page.EvaluateAsync<float>(
            "(() => { const range = document.createRange(); range.selectNodeContents(document.querySelector('label'));"
                + " return range.getBoundingClientRect().right })()"
        );
        Assert.InRange(text, label.X + label.Width - 2, label.X + label.Width + 2);
    }

    private Task<MadeLink> LockedAsync() =>
        _server.CreateLinkAsync(("password", Password), ("location_url", Destination));

    private static async Task UnlockAsync(View view, string password)
    {
        await view.Page.GetByLabel("Password").FillAsync(password);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Open the link" }).ClickAsync();
    }
}
