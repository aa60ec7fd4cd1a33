using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Signpost.Accounts;
using Signpost.Testing;

namespace Signpost.BrowserTests;

public sealed partial class SetUpTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;

    public static MatrixTheoryData<string, Screen, ColorScheme> Screens => Looks.Of("");

    private string Address => _server.Url + _server.Services.GetRequiredService<SetUp>().Path;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(
            ("SIGNPOST_ADMIN_EMAIL", ""),
            ("SIGNPOST_ADMIN_PASSWORD", ""),
            ("SIGNPOST_API_KEY", "")
        );

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_set_up_is_calm_on_every_screen(string _, Screen screen, ColorScheme scheme)
    {
        await using var view = await chromium.OpenAsync(screen, scheme);

        var address = Address;
        await view.GoAsync(address);
        await view.AssertCalmAsync();
        await view.KeepAsync($"setup-{screen}-{scheme}", isWhole: true);
        await SendAsync(view, "ada", "short");
        await Assertions.Expect(view.Page.Locator(".problems")).ToBeFocusedAsync();
        await view.AssertCalmAsync();
        await view.KeepAsync($"setup-wrong-{screen}-{scheme}", isWhole: true);
        await SendAsync(view, "ada@example.org", "correct horse battery");

        await Assertions.Expect(view.Page.Locator("pre").First).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await view.KeepAsync($"welcome-{screen}-{scheme}", isWhole: true);
        await view.GoAsync(address);
        await view.AssertCalmAsync();
        await view.KeepAsync($"setup-closed-{screen}-{scheme}", isWhole: true);
    }

    [Fact]
    public async Task Without_script_a_wrong_field_is_named_beside_it_and_the_key_is_shown_once()
    {
        await using var view = await chromium.OpenAsync(script: false);
        var address = Address;
        await view.GoAsync(address);

        await SendAsync(view, "ada@example.org", "short");
        await Assertions.Expect(view.Page.Locator("#password-wrong")).ToBeVisibleAsync();
        await Assertions.Expect(view.Page.Locator("#email-wrong")).ToHaveCountAsync(0);
        await Assertions.Expect(view.Page.GetByLabel("E-mail address")).ToHaveValueAsync("ada@example.org");
        await Assertions.Expect(view.Page.GetByLabel("Password")).ToHaveValueAsync("");

        await SendAsync(view, "ada@example.org", "correct horse battery");
        var command = await view.Page.Locator("#command").InnerTextAsync();
        var key = BearerKey().Match(command).Groups[1].Value;

        Assert.Contains($"--url '{_server.Url}/api/links'", command, StringComparison.Ordinal);
        Assert.NotEmpty(key);
        await view.Page.ReloadAsync();
        await Assertions.Expect(view.Page.Locator("main h2")).ToHaveTextAsync("Create your first link");
        await Assertions.Expect(view.Page.Locator("pre")).ToHaveCountAsync(0);
        Assert.Equal(410, (await view.GoAsync(address)).Status);
        await Assertions.Expect(view.Page.Locator("h1")).ToHaveTextAsync("First run is done");
    }

    [Fact]
    public async Task The_public_address_is_prefilled_and_the_command_and_the_key_are_copied()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await view.GoAsync(Address);
        await Assertions.Expect(page.GetByLabel("Public address")).ToHaveValueAsync(_server.Url);
        await page.GetByLabel("Public address").FillAsync("https://go.example.org");
        await SendAsync(view, "ada@example.org", "correct horse battery");

        await page.GetByRole(AriaRole.Button, new() { Name = "Copy: Command" }).ClickAsync();
        var command = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy: API key" }).ClickAsync();
        var key = await page.EvaluateAsync<string>("navigator.clipboard.readText()");

        Assert.StartsWith("curl --request POST", command, StringComparison.Ordinal);
        Assert.Contains("--url 'https://go.example.org/api/links'", command, StringComparison.Ordinal);
        Assert.Contains($"Bearer {key}'", command, StringComparison.Ordinal);
        await page.GetByLabel("Destination").FillAsync("example.com/first");
        await page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Create link" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your link is ready")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
    }

    // docs/dashboard.md promises these steps.
    [Fact]
    public async Task Three_fields_and_three_buttons_lead_from_the_first_start_to_a_copied_link()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

        await view.GoAsync(Address);
        await SendAsync(view, "ada@example.org", "correct horse battery");
        await page.GetByLabel("Destination").FillAsync("example.com/first");
        await page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Create link" }).ClickAsync();
        await page.Locator(".made [data-copy-text]").First.ClickAsync();

        await Assertions.Expect(page.Locator(".made .copied")).ToBeVisibleAsync();
        var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        using var followed = await _server.Anonymous.GetAsync(copied, TestContext.Current.CancellationToken);
        Assert.Equal("https://example.com/first", followed.Headers.Location?.AbsoluteUri);
    }

    [Fact]
    public async Task The_command_that_the_page_shows_makes_a_link_that_can_be_followed()
    {
        await using var view = await chromium.OpenAsync();
        await view.GoAsync(Address);
        await SendAsync(view, "ada@example.org", "correct horse battery");

        var answer = await PasteAsync(await view.Page.Locator("#command").InnerTextAsync());
        using var followed = await _server.Anonymous.GetAsync("/hello", TestContext.Current.CancellationToken);

        Assert.Contains($"\"short_url\":\"{_server.Url}/hello\"", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, followed.StatusCode);
        Assert.Equal("https://example.com/", followed.Headers.Location?.AbsoluteUri);
    }

    [Fact]
    public async Task The_start_page_says_that_set_up_is_open_but_not_where()
    {
        await using var view = await chromium.OpenAsync();

        await view.GoAsync(_server.Url);

        await Assertions.Expect(view.Page.GetByText("Set-up is not finished")).ToBeVisibleAsync();
        Assert.DoesNotContain("/setup/", await view.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guessed_address_is_just_a_missing_page()
    {
        using var guessed = await _server.Anonymous.GetAsync("/setup/guess", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, guessed.StatusCode);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task SendAsync(View view, string email, string password)
    {
        await view.Page.GetByLabel("E-mail address").FillAsync(email);
        await view.Page.GetByLabel("Password").FillAsync(password);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Create the account" }).ClickAsync();
    }

    private static async Task<string> PasteAsync(string command)
    {
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var terminal = Process.Start(start)!;
        await terminal.StandardInput.WriteLineAsync(command);
        terminal.StandardInput.Close();
        var answer = terminal.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await terminal.EndAsync("the command that was pasted");
        return await answer.OrFail();
    }

    [GeneratedRegex(@"--header 'Authorization: Bearer (\S+)' \\")]
    private static partial Regex BearerKey();
}
