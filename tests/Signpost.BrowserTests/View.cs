using Microsoft.Playwright;

namespace Signpost.BrowserTests;

/// <summary>A page, and everything that went wrong on it: errors in the console, and requests to anywhere but the server.</summary>
internal sealed class View : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _problems = [];

    public View(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _problems.Add(error);
        page.Console += (_, message) => Note(message);
        page.Request += (_, request) => Note(request);
    }

    public IPage Page { get; }

    public async Task<IResponse> GoAsync(string url) =>
        await Page.GotoAsync(url, new() { WaitUntil = WaitUntilState.Load })
        ?? throw new InvalidOperationException($"No answer from {url}.");

    /// <summary>Asserts that nothing failed so far and that the page is not wider than the screen.</summary>
    public async Task AssertCalmAsync()
    {
        Assert.Empty(_problems);
        Assert.Equal(
            0,
            await Page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)")
        );
    }

    /// <summary>Keeps a picture of it where SCREENSHOTS says, for people to look at.</summary>
    /// <param name="isWhole">Also what is below the screen.</param>
    public async Task KeepAsync(string name, bool isWhole = false)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } directory)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"{name}.png"), FullPage = isWhole });
    }

    // The page's own status is no failure: the page of a 404 has the status 404.
    private void Note(IConsoleMessage message)
    {
        if (
            message.Type is "error" or "warning"
            && !(
                message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
                && message.Location.StartsWith($"{Page.Url}:", StringComparison.Ordinal)
            )
        )
            _problems.Add($"{message.Type}: {message.Text} ({message.Location})");
    }

    private void Note(IRequest request)
    {
        if (
            !request.Url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)
            && !request.Url.StartsWith("http://localhost:", StringComparison.Ordinal)
            && !request.Url.StartsWith("data:", StringComparison.Ordinal)
        )
            _problems.Add($"outside request: {request.Url}");
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
