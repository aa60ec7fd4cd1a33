using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Signpost.BrowserTests.Chromium))]

namespace Signpost.BrowserTests;

/// <summary>The browser of the machine, started once for all tests. It may talk to this machine only.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A test cannot play requests of a sandboxed frame in its own process.
        "--disable-features=IsolateSandboxedIframes",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        // A long limit: on a busy machine a page may take long to draw.
        Assertions.SetDefaultExpectTimeout(60_000);
        _browser = await LaunchAsync(_playwright);
    }

    /// <summary>Starts the browser.</summary>
    /// <param name="more">Arguments beside the usual ones.</param>
    internal static Task<IBrowser> LaunchAsync(IPlaywright playwright, params string[] more)
    {
        var path = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium-headless-shell";
        Assert.True(
            File.Exists(path),
            $"There is no Chromium at {path}. Install it (on Debian: apt-get install chromium-headless-shell) or set CHROMIUM_PATH to where it is."
        );
        return playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = [.. Arguments, .. more] });
    }

    /// <summary>A page as a visitor with this taste and screen has it.</summary>
    /// <param name="agent">The user agent; null: the browser's own, which is that of a robot.</param>
    internal async Task<View> OpenAsync(
        Screen screen = Screen.Wide,
        ColorScheme scheme = ColorScheme.Light,
        bool script = true,
        string language = "en",
        string? agent = null
    )
    {
        var context = await NewContextAsync(screen, scheme, script, agent, language);
        return new View(context, await context.NewPageAsync());
    }

    /// <summary>A browser of a visitor's own: nothing is kept from others.</summary>
    /// <param name="agent">Its user agent; null: the browser's own.</param>
    /// <param name="language">The visitor's language; null: the browser's own.</param>
    internal Task<IBrowserContext> NewContextAsync(
        Screen screen,
        ColorScheme scheme,
        bool script,
        string? agent = null,
        string? language = null
    ) =>
        _browser!.NewContextAsync(
            new()
            {
                ColorScheme = scheme,
                JavaScriptEnabled = script,
                UserAgent = agent,
                // A hint, too, says that the browser has no window.
                ExtraHTTPHeaders = agent is null
                    ? null
                    : [new("Sec-CH-UA", $"\"Chromium\";v=\"{_browser.Version.Split('.')[0]}\"")],
                Locale = language,
                ViewportSize =
                    screen == Screen.Phone ? new() { Width = 360, Height = 720 } : new() { Width = 1280, Height = 800 },
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>How wide a visitor's screen is.</summary>
public enum Screen
{
    Wide,
    Phone,
}
