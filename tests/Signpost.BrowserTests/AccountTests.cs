using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signpost.Accounts;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>Signing in and the account page, in a real browser.</summary>
public sealed class AccountTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;

    public static MatrixTheoryData<string, Screen, ColorScheme> Screens => Looks.Of("");

    // Each test has its own server, because sign-ins are limited by address.
    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Without_script_somebody_signs_in_turns_on_the_second_factor_and_signs_out_everywhere()
    {
        await using var view = await chromium.OpenAsync(script: false);
        var page = view.Page;

        await SignInAsync(view, "/sign-in");
        await OpenAsync(page, "Turn it on");
        await page.Locator("#factor-current").FillAsync(TestServer.AdminPassword);
        await PressAsync(page.Locator("#second-factor"), "Continue");
        var secret = await page.Locator("#secret").InnerTextAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "QR code" })).ToBeVisibleAsync();
        await page.Locator("#code").FillAsync(Authenticator.Code(secret));
        await PressAsync(page, "Turn it on");
        var codes = (await page.Locator("pre").InnerTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await page.GetByText("I have saved them").ClickAsync();
        await Assertions.Expect(page.GetByText("Recovery codes left: 10")).ToBeVisibleAsync();
        await PressAsync(page, "Sign out everywhere");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await SignInAsync(view, "/sign-in");
        await page.Locator("#code").FillAsync("000000");
        await PressAsync(page, "Continue");
        await Assertions.Expect(page.Locator("#code-wrong")).ToBeVisibleAsync();
        await page.Locator("#code").FillAsync(codes[0]);
        await PressAsync(page, "Continue");
        await Assertions.Expect(page.GetByText("Recovery codes left: 9")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_key_is_made_shown_once_and_revoked()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await SignInAsync(view, "/keys");

        await page.Locator("#keys-name").FillAsync("Laptop");
        await PressAsync(page, "Create a key");
        var key = await page.Locator("#key").InnerTextAsync();
        await Assertions.Expect(page.Locator("#command")).ToContainTextAsync($"Bearer {key}");
        await page.AssertAccessibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#key")).ToHaveCountAsync(0);
        using var client = _server.NewClient(key.Trim());
        using var works = await client.GetAsync("/api/links", TestContext.Current.CancellationToken);
        var revoke = page.GetByRole(AriaRole.Button, new() { Name = "Revoke the key Laptop" });
        await revoke.ClickAsync();

        await Assertions.Expect(page.GetByText("The key is revoked.")).ToBeVisibleAsync();
        await Assertions.Expect(revoke).ToHaveCountAsync(0);
        using var ended = await client.GetAsync("/api/links", TestContext.Current.CancellationToken);
        Assert.Equal(
            (System.Net.HttpStatusCode.OK, System.Net.HttpStatusCode.Unauthorized),
            (works.StatusCode, ended.StatusCode)
        );
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task Errors_are_focused_at_the_top_and_lead_to_their_fields()
    {
        await using var view = await chromium.OpenAsync(Screen.Phone);
        var page = view.Page;
        await SignInAsync(view, "/sign-in");
        await OpenAsync(page, "Change the password");
        await page.Locator("#password-current").FillAsync(TestServer.AdminPassword);
        await page.Locator("#password-password").FillAsync("short");

        await PressAsync(page, "Change the password");

        await Assertions.Expect(page.Locator(".problems")).ToBeFocusedAsync();
        await view.KeepAsync("account-errors");
        await page.Locator(".problems a").ClickAsync();
        await Assertions.Expect(page.Locator("#password-password")).ToBeFocusedAsync();
        await Assertions
            .Expect(page.Locator("#password-password"))
            .ToHaveAccessibleDescriptionAsync(new Regex("The password must have at least 8 characters\\."));
        await view.AssertCalmAsync();
        await view.KeepAsync("account-errors-field");
    }

    [Fact]
    public async Task Recovery_codes_are_copied_downloaded_and_printed()
    {
        await using var view = await chromium.OpenAsync();
        var page = view.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.AddInitScriptAsync("window.print = () => { window.printed = true; };");
        await SignInAsync(view, "/sign-in");
        await OpenAsync(page, "Turn it on");
        await page.Locator("#factor-current").FillAsync(TestServer.AdminPassword);
        await PressAsync(page.Locator("#second-factor"), "Continue");
        await page.Locator("#code").FillAsync(Authenticator.Code(await page.Locator("#secret").InnerTextAsync()));
        await PressAsync(page, "Turn it on");
        var codes = (await page.Locator("#codes").InnerTextAsync()).Trim();

        await page.Locator("[data-copy-text]").ClickAsync();
        await Assertions.Expect(page.GetByText("Copied", new() { Exact = true })).ToBeVisibleAsync();
        var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        await PressAsync(page, "Print");
        await view.KeepAsync("recovery-codes");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download").ClickAsync());
        var file = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);

        Assert.Equal(10, codes.Split('\n').Length);
        Assert.Equal((codes, codes), (copied.ReplaceLineEndings("\n").Trim(), file.Trim()));
        Assert.Equal("signpost-recovery-codes.txt", download.SuggestedFilename);
        Assert.True(await page.EvaluateAsync<bool>("window.printed"));
        await view.AssertCalmAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(page.GetByText("Download")).ToBeHiddenAsync();
        await view.KeepAsync("recovery-codes-print");
    }

    [Fact]
    public async Task The_account_speaks_each_language_and_fits_a_phone_in_it()
    {
        await using var view = await chromium.OpenAsync(Screen.Phone);
        var page = view.Page;
        await SignInAsync(view);
        HashSet<string> headings = [];

        foreach (var language in AccountRules.Languages)
        {
            await page.Locator("#profile-language").SelectOptionAsync(language);
            await page.Locator("#profile .primary").ClickAsync();
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language);
            headings.Add(await page.Locator("h1").InnerTextAsync());
            await view.AssertCalmAsync();
            await view.KeepAsync($"account-{language}", isWhole: true);
            await view.GoAsync($"{_server.Url}/dashboard/account/sign-in");
            await UnfoldAsync(page);
            await view.AssertCalmAsync();
            await AssertUnbrokenTimesAsync(page);
            await view.KeepAsync($"account-sign-in-{language}", isWhole: true);
            await view.GoAsync($"{_server.Url}/dashboard/account");
        }

        Assert.InRange(headings.Count, 10, AccountRules.Languages.Count);
    }

    // Each time of day must lie in one line: browsers break lines after hyphens.
    private static async Task AssertUnbrokenTimesAsync(IPage page)
    {
        var lines = await page.EvaluateAsync<int[]>(
            """
            () => {
              const lines = [];
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (texts.nextNode())
                for (const time of texts.currentNode.data.matchAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g)) {
                  const range = document.createRange();
                  range.setStart(texts.currentNode, time.index);
                  range.setEnd(texts.currentNode, time.index + time[0].length);
                  lines.push(new Set([...range.getClientRects()].map(part => Math.round(part.top))).size);
                }
              return lines;
            }
            """
        );
        Assert.InRange(lines.Length, 2, 1_000);
        Assert.All(lines, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task The_pages_before_signing_in_fit_a_phone_in_each_language()
    {
        foreach (var language in AccountRules.Languages)
        {
            await using var view = await chromium.OpenAsync(Screen.Phone, language: language);
            // The page of the API takes seconds to draw: longest words and right-to-left are enough.
            foreach (var path in (string[])["", "login", .. language is "de" or "ar" ? ["docs"] : (string[])[]])
            {
                await view.GoAsync($"{_server.Url}/{path}");
                await Assertions.Expect(view.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
                await view.AssertCalmAsync();
                await view.KeepAsync($"{(path is "" ? "start" : path)}-{language}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_pages_are_calm_on_every_screen(string _, Screen screen, ColorScheme scheme)
    {
        await using var view = await chromium.OpenAsync(screen, scheme);
        var page = view.Page;

        await view.GoAsync($"{_server.Url}/dashboard/account");
        await view.AssertCalmAsync();
        await view.KeepAsync($"login-{screen}-{scheme}", isWhole: true);
        await SignInAsync(view);
        foreach (var part in (string[])["", "/keys", "/teams", "/activity", "/data", "/sign-in"])
        {
            await view.GoAsync($"{_server.Url}/dashboard/account{part}");
            await UnfoldAsync(page);
            await view.AssertCalmAsync();
            await view.KeepAsync($"account{part.Replace('/', '-')}-{screen}-{scheme}", isWhole: true);
            if (screen == Screen.Wide && scheme == ColorScheme.Light)
                await page.AssertAccessibleAsync();
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        }

        await page.Locator("#factor-current").FillAsync("wrong");
        await PressAsync(page.Locator("#second-factor"), "Continue");
        await Assertions.Expect(page.Locator("#factor-current-wrong")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await page.Locator("#factor-current").FillAsync(TestServer.AdminPassword);
        await PressAsync(page.Locator("#second-factor"), "Continue");
        await Assertions.Expect(page.Locator("#secret")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await view.KeepAsync($"second-factor-{screen}-{scheme}", isWhole: true);
        await view.GoAsync($"{_server.Url}/logout");
        await view.AssertCalmAsync();
        await PressAsync(page, "Sign out");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_team_is_created_and_a_person_is_invited_on_every_screen(
        string _,
        Screen screen,
        ColorScheme scheme
    )
    {
        await using var view = await chromium.OpenAsync(screen, scheme);
        var page = view.Page;
        await SignInAsync(view, "/teams");

        await page.Locator("#teams-name").FillAsync("Marketing <b>");
        await PressAsync(page, "Create a team");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Marketing <b>");
        await page.Locator("#invite-user_email").FillAsync("grace@example.org");
        await PressAsync(page, "Invite a person");
        await Assertions.Expect(page.Locator("#invitation")).ToContainTextAsync("/login/invitation/");
        foreach (var part in (string[])["", "/activity", "/settings"])
        {
            if (part is not "")
                await view.GoAsync($"{_server.Url}/dashboard/team{part}");
            await UnfoldAsync(page);
            await view.AssertCalmAsync();
            await view.KeepAsync($"team{part.Replace('/', '-')}-{screen}-{scheme}", isWhole: true);
            if (screen == Screen.Wide && scheme == ColorScheme.Light)
                await page.AssertAccessibleAsync();
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        }
    }

    private async Task SignInAsync(View view, string part = "")
    {
        await view.GoAsync($"{_server.Url}/dashboard/account{part}");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await PressAsync(view.Page, "Sign in");
        await Assertions.Expect(view.Page.Locator("h1")).Not.ToHaveTextAsync("Sign in");
    }

    private static async Task UnfoldAsync(IPage page)
    {
        foreach (var closed in await page.Locator(".unfold > summary").AllAsync())
            await closed.ClickAsync();
    }

    private static Task OpenAsync(IPage page, string summary) =>
        page.Locator("summary", new() { HasTextString = summary }).ClickAsync();

    private static Task PressAsync(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static Task PressAsync(ILocator part, string name) =>
        part.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
