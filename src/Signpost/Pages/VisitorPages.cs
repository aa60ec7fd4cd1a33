using Microsoft.Extensions.Primitives;

namespace Signpost.Pages;

/// <summary>
/// Answers a visitor with one of the <see cref="VisitorPage"/>s. They have no input, and scans ask for them without end:
/// each is rendered once and kept as bytes.
/// </summary>
internal sealed class VisitorPages(PageRenderer renderer)
{
    private static readonly StringValues NoStore = "no-store";

    private volatile Prepared[]? _prepared;

    /// <summary>Sets status and headers and sends the page. The response must not have begun.</summary>
    public ValueTask WriteAsync(HttpContext http, VisitorPage page)
    {
        if (page == VisitorPage.Prefetch)
            return WritePrefetch(http.Response);

        return _prepared is { } prepared ? WriteAsync(http, prepared[(int)page]) : PrepareAndWriteAsync(http, page);
    }

    /// <summary>
    /// Answers a robot or HEAD on a link that they may not follow: 200 with the link's title and description, encoded.
    /// </summary>
    public async Task WritePreviewAsync(HttpContext http, string? title, string? description)
    {
        var body = await renderer.RenderAsync<PreviewCard>(
            new()
            {
                [nameof(PreviewCard.Title)] = string.IsNullOrWhiteSpace(title) ? "A link for people" : title,
                [nameof(PreviewCard.Description)] = string.IsNullOrWhiteSpace(description) ? null : description,
            }
        );

        PageHeaders.Set(http.Response, StatusCodes.Status200OK);
        await PageAnswer.SendAsync(http, body);
    }

    /// <summary>Renders the pages now, so that no visitor waits for it.</summary>
    public async Task PrepareAsync()
    {
        if (_prepared is not null)
            return;

        var prepared = new Prepared[Enum.GetValues<VisitorPage>().Length];
        foreach (var page in Enum.GetValues<VisitorPage>())
            if (page != VisitorPage.Prefetch)
                prepared[(int)page] = await PrepareAsync(NoticeWords.Of(page));

        _prepared = prepared;
    }

    private async Task<Prepared> PrepareAsync(NoticeWords words) =>
        new(
            words,
            await renderer.RenderAsync<Notice>(
                new()
                {
                    [nameof(Notice.Heading)] = words.Heading,
                    [nameof(Notice.Message)] = words.Message,
                    [nameof(Notice.Advice)] = words.Advice,
                    [nameof(Notice.Board)] = words.Board,
                }
            )
        );

    private async ValueTask PrepareAndWriteAsync(HttpContext http, VisitorPage page)
    {
        await PrepareAsync();
        await WriteAsync(http, _prepared![(int)page]);
    }

    private static ValueTask WriteAsync(HttpContext http, Prepared page)
    {
        var headers = http.Response.Headers;
        PageHeaders.Set(http.Response, page.Words.Status);
        // A caller that knows better has set these already.
        if (page.Words.RetryAfter is { } seconds && headers.RetryAfter.Count == 0)
            headers.RetryAfter = seconds;
        if (page.Words.Allow is { } methods && headers.Allow.Count == 0)
            headers.Allow = methods;

        return PageAnswer.SendAsync(http, page.Body);
    }

    private static ValueTask WritePrefetch(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.CacheControl = NoStore;
        response.ContentLength = 0;
        return ValueTask.CompletedTask;
    }

    private sealed record Prepared(NoticeWords Words, byte[] Body);
}
