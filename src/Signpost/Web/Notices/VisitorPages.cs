using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;
using Signpost.Web.Languages;

namespace Signpost.Web.Notices;

/// <summary>
/// Sends one of the <see cref="VisitorPage"/>s. They have no input but the language, and scans request them all the time: each
/// is rendered once a language and kept as bytes.
/// </summary>
internal sealed class VisitorPages(PageRenderer renderer, PageLanguages languages)
{
    private static readonly StringValues NoStore = "no-store";

    /// <summary>Stands in texts for the time to wait.</summary>
    private static ReadOnlySpan<byte> Wait => "{wait}"u8;
    private static readonly NoticeKind?[] Kinds =
    [
        .. Enum.GetValues<VisitorPage>().Select(page => page == VisitorPage.Prefetch ? null : NoticeKind.Of(page)),
    ];

    // Without form-action: Chromium also applies it to the redirect after the form, and naming the destination would reveal it.
    private static readonly StringValues PreviewPolicy =
        $"default-src 'none'; style-src {PageStyle.Whole.Source}; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

    private readonly Dictionary<PageTexts, byte[]?[]> _prepared = languages.All.ToDictionary(
        texts => texts,
        _ => new byte[]?[Kinds.Length]
    );

    /// <summary>Sets status and headers and sends the page. The response must not have begun.</summary>
    public ValueTask WriteAsync(HttpContext http, VisitorPage page)
    {
        if (page == VisitorPage.Prefetch)
            return WritePrefetch(http.Response);

        var texts = languages.For(http);
        return Volatile.Read(ref _prepared[texts][(int)page]) is { } body
            ? WriteAsync(http, Kinds[(int)page]!, texts, body)
            : PrepareAndWriteAsync(http, page, texts);
    }

    /// <summary>
    /// Sends the preview of a link to a robot that draws previews, or that may not follow the link: status 200.
    /// </summary>
    public async Task WritePreviewAsync(HttpContext http, PreviewContent content)
    {
        var texts = languages.For(http);
        var body = await renderer.RenderAsync<PreviewCard>(
            new()
            {
                [nameof(PreviewCard.Texts)] = texts.All,
                [nameof(PreviewCard.Title)] = content.Title is "" ? texts["preview.untitled"] : content.Title,
                [nameof(PreviewCard.Description)] = content.Description,
                [nameof(PreviewCard.Picture)] = content.Picture,
                [nameof(PreviewCard.Icon)] = content.Icon,
                [nameof(PreviewCard.Address)] = content.Address,
                [nameof(PreviewCard.Action)] = content.Action,
            }
        );

        PageHeaders.Set(http.Response, StatusCodes.Status200OK, policy: PreviewPolicy, texts: texts);
        await PageResponse.SendAsync(http, body);
    }

    /// <summary>Renders the pages in English now, so that the first visitor does not wait; other languages follow on demand.</summary>
    public async Task PrepareAsync()
    {
        foreach (var page in Enum.GetValues<VisitorPage>())
            if (page != VisitorPage.Prefetch)
                await PrepareAsync(page, languages.Default);
    }

    private async Task<byte[]> PrepareAsync(VisitorPage page, PageTexts texts)
    {
        var kind = Kinds[(int)page]!;
        var body = await renderer.RenderAsync<Notice>(
            new()
            {
                [nameof(Notice.Texts)] = texts.All,
                [nameof(Notice.Name)] = kind.Name,
                [nameof(Notice.Board)] = kind.Board,
            }
        );
        Volatile.Write(ref _prepared[texts][(int)page], body);
        return body;
    }

    private async ValueTask PrepareAndWriteAsync(HttpContext http, VisitorPage page, PageTexts texts)
    {
        var body = await PrepareAsync(page, texts);
        await WriteAsync(http, Kinds[(int)page]!, texts, body);
    }

    private static ValueTask WriteAsync(HttpContext http, NoticeKind kind, PageTexts texts, byte[] body)
    {
        var headers = http.Response.Headers;
        PageHeaders.Set(http.Response, kind.Status, texts: texts);
        // A caller may have set these before.
        if (kind.RetryAfter is { } seconds && headers.RetryAfter.Count == 0)
            headers.RetryAfter = seconds;
        if (kind.Allow is { } methods && headers.Allow.Count == 0)
            headers.Allow = methods;

        return PageResponse.SendAsync(http, WithWait(body, texts, headers.RetryAfter));
    }

    // The page says the same time as the header.
    private static byte[] WithWait(byte[] body, PageTexts texts, string? retryAfter)
    {
        if (body.AsSpan().IndexOf(Wait) is not (>= 0 and var at))
            return body;

        var seconds = int.TryParse(retryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var sent)
            ? sent
            : 60;
        var (name, number) =
            seconds <= 90
                ? ("notice.wait.seconds", Math.Max(2, seconds))
                : ("notice.wait.minutes", (seconds + 59) / 60);
        var text = texts.All[name].Replace("{n}", $"{number}", StringComparison.Ordinal);
        return [.. body[..at], .. Encoding.UTF8.GetBytes(text), .. body[(at + Wait.Length)..]];
    }

    private static ValueTask WritePrefetch(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.CacheControl = NoStore;
        response.ContentLength = 0;
        return ValueTask.CompletedTask;
    }
}

/// <summary>The content of a link's preview.</summary>
/// <param name="Picture">The absolute address of its picture, like that of the <paramref name="Icon"/>.</param>
/// <param name="Address">The link's own address.</param>
/// <param name="Action">The address to which a person who was taken for a robot sends a form, to go on.</param>
internal sealed record PreviewContent(
    string Title,
    string? Description = null,
    string? Picture = null,
    string? Icon = null,
    string? Address = null,
    string? Action = null
);
