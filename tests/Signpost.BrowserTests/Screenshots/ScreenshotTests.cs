using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests.Screenshots;

/// <summary>Takes pictures of the dashboard of a made-up company. tests/screenshots runs it, and ./test does not.</summary>
public sealed class ScreenshotTests
{
    /// <summary>The beginning of the names of pictures for the documentation: one screen, also as WebP.</summary>
    private const string Front = "front-";

    private static readonly (int Width, int Height)[] Sizes = [(390, 844), (768, 1024), (1440, 900)];
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];

#if SCREENSHOTS
    [Fact(Timeout = 1_800_000)]
#endif
    public static async Task Every_page_and_dialog_fits_three_widths_in_both_themes()
    {
        var directory = Environment.GetEnvironmentVariable("SCREENSHOTS");
        Assert.True(directory is { Length: > 0 }, "SCREENSHOTS must name a directory.");
        PastClock clock = new() { Shift = TimeSpan.FromDays(-200) };
        await using var server = await TestServer.StartAsync(
            clock,
            null,
            ("SIGNPOST_PUBLIC_URL", $"http://{MadeUpCompany.Host}"),
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,::1"),
            ("SIGNPOST_GEO_HEADERS", "cloudflare")
        );
        MadeUpCompany company = new(server, clock);
        await company.MakeAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(
            playwright,
            $"--host-resolver-rules=MAP {MadeUpCompany.Host}:80 {new Uri(server.Url).Authority}"
        );
        var page = await browser.NewPageAsync(new() { BaseURL = $"http://{MadeUpCompany.Host}", Locale = "en" });
        await SignInAsync(page);

        List<string> wide = [];
        foreach (var (name, path, open) in await PagesAsync(page, company))
        {
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
            if (open is not null)
                await OpenAsync(page, open);
            foreach (var (width, height) in Sizes)
            foreach (var scheme in Schemes)
            {
                await page.SetViewportSizeAsync(width, height);
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                // A taller window instead of a whole page: what sticks to the window is at its place.
                if (open is null)
                    await page.SetViewportSizeAsync(width, await HeightAsync(page));
                var file = $"{name}-{scheme.ToString().ToLowerInvariant()}-{width}.png";
                await page.ScreenshotAsync(new() { Path = Path.Combine(directory, file) });
                if (name.StartsWith(Front, StringComparison.Ordinal))
                    await KeepSmallAsync(page, Path.ChangeExtension(Path.Combine(directory, file), "webp"));
                if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
                    wide.Add(file);
            }
        }

        Assert.Empty(wide);
    }

    // The pages of the navigation, their tabs, and the others by name. The last part opens something on the page: a key, or the place of
    // an element to click.
    private static async Task<List<(string Name, string Path, string? Open)>> PagesAsync(
        IPage page,
        MadeUpCompany company
    )
    {
        var link = $"/dashboard/links/{company["jackets"]}";
        List<(string Name, string Path, string? Open)> all =
        [
            ($"{Front}links", "/dashboard/links", "h1"),
            ($"{Front}link", link, "h1"),
            ($"{Front}edit", $"{link}/edit", "h1"),
            ("links-found", "/dashboard/links?search=jackets", null),
            ("links-none", "/dashboard/links?search=reindeer", null),
            ("links-menu", "/dashboard/links", "[data-row] .menu summary"),
            ("links-chosen", "/dashboard/links", "[data-row] input[type=checkbox]"),
            ("menu-person", "/dashboard/links", ".person summary"),
            ("palette", "/dashboard/links", "Control+k"),
            ("shortcuts", "/dashboard/links", "?"),
            ("link-new", "/dashboard/links/new", null),
            ("link-edit", $"{link}/edit", null),
            ("link-explain-spain", $"{link}/explain?country_code=ES&device_type=mobile", null),
            ("bulk", "/dashboard/links/bulk", null),
            ("trash", "/dashboard/trash", null),
            ("qr-code", $"/dashboard/qr-codes/{company.Others.QrCode}", null),
            ("domain", $"/dashboard/domains/{company.Others.Domain}", null),
            ("project-new", "/dashboard/projects?edit=new", null),
            ("project-delete", "/dashboard/projects", "[data-dialog]:not([data-dialog=shortcuts])"),
        ];
        HashSet<string> paths = [];
        foreach (var start in await LinksAsync(page, "/dashboard/links", ".side nav a"))
        foreach (var path in (string[])[start, .. await LinksAsync(page, start, ".tabs a")])
            if (paths.Add(path))
                all.Add((path["/dashboard/".Length..].Replace('/', '-'), path, null));
        foreach (var path in await LinksAsync(page, link, ".tabs a"))
            all.Add((path == link ? "link" : $"link-{path[(link.Length + 1)..]}", path, null));
        Assert.True(all.Count > 30, "Links to pages are missing.");
        return all;
    }

    private static async Task<string[]> LinksAsync(IPage page, string path, string links)
    {
        await page.GotoAsync(path);
        return await page.EvaluateAsync<string[]>($"[...document.querySelectorAll('{links}')].map((a) => a.pathname)");
    }

    private static async Task KeepSmallAsync(IPage page, string path)
    {
        var browser = await page.Context.NewCDPSessionAsync(page);
        var picture = await browser.SendAsync(
            "Page.captureScreenshot",
            new() { ["format"] = "webp", ["quality"] = 90 }
        );
        await File.WriteAllBytesAsync(path, picture!.Value.GetProperty("data").GetBytesFromBase64());
        await browser.DetachAsync();
    }

    private static Task<int> HeightAsync(IPage page) =>
        page.EvaluateAsync<int>("document.documentElement.scrollHeight");

    private static async Task OpenAsync(IPage page, string open)
    {
        if (open.Contains('+', StringComparison.Ordinal) || open.Length == 1)
            await page.Keyboard.PressAsync(open);
        else
            await page.Locator(open).First.ClickAsync();
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/login");
        await page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/dashboard/links");
    }
}
