using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Testing;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Tests.Web;

public sealed partial class PageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(VisitorPage.NotFound), 404, null, null)]
    [InlineData(nameof(VisitorPage.Expired), 410, null, null)]
    [InlineData(nameof(VisitorPage.Busy), 503, "5", null)]
    [InlineData(nameof(VisitorPage.MethodNotAllowed), 405, null, "GET, HEAD")]
    [InlineData(nameof(VisitorPage.Misdirected), 421, null, null)]
    [InlineData(nameof(VisitorPage.TooManyTries), 429, "60", null)]
    [InlineData(nameof(VisitorPage.TooManyUnknown), 429, "60", null)]
    [InlineData(nameof(VisitorPage.TooManyPasswordAttempts), 429, "60", null)]
    [InlineData(nameof(VisitorPage.ServerError), 500, null, null)]
    public async Task A_notice_has_its_status_and_is_kept_and_indexed_by_nobody(
        string page,
        int status,
        string? retryAfter,
        string? allow
    )
    {
        var (response, body) = await WriteAsync(
            (pages, http) => pages.WriteAsync(http, Enum.Parse<VisitorPage>(page)).AsTask()
        );

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("private, max-age=0, no-store", response.Headers.CacheControl);
        Assert.Equal("noindex", response.Headers["X-Robots-Tag"]);
        Assert.Equal("nosniff", response.Headers.XContentTypeOptions);
        Assert.StartsWith(
            "default-src 'none'; style-src 'sha256-",
            response.Headers.ContentSecurityPolicy.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(retryAfter, (string?)response.Headers.RetryAfter);
        Assert.Equal(allow, (string?)response.Headers.Allow);
        Assert.Contains("<h1>", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("40", "40")]
    [InlineData("90", "90")]
    [InlineData("91", "2")]
    [InlineData("900", "15")]
    public async Task A_notice_tells_the_time_to_wait_of_its_header_and_no_other_in_every_language(
        string? retryAfter,
        string? told
    )
    {
        var languages = _server.Services.GetRequiredService<PageLanguages>().All;
        Assert.InRange(languages.Length, 11, 20);
        foreach (var page in Enum.GetValues<VisitorPage>().Except([VisitorPage.Prefetch]))
        foreach (var language in languages)
        {
            var kind = NoticeKind.Of(page);
            if (kind.RetryAfter is null && retryAfter is not null)
                continue;
            var (response, body) = await WriteAsync(
                (pages, http) =>
                {
                    http.Request.Headers.AcceptLanguage = language.Language;
                    http.Response.Headers.RetryAfter = retryAfter;
                    return pages.WriteAsync(http, page).AsTask();
                }
            );

            var text = WebUtility.HtmlDecode(
                Tags().Replace(body[body.IndexOf("</h1>", StringComparison.Ordinal)..], " ")
            );
            string?[] waits = [told ?? (string?)response.Headers.RetryAfter];
            Assert.Equal(waits.OfType<string>(), Numbers().Matches(text).Select(number => number.Value));
        }
    }

    [Fact]
    public void Only_the_time_to_wait_names_a_unit_of_time()
    {
        var texts = _server
            .Services.GetRequiredService<PageLanguages>()
            .Default.All.Where(text => text.Key.StartsWith("notice.", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(
            ["notice.wait.minutes", "notice.wait.seconds"],
            texts.Where(text => Units().IsMatch(text.Value)).Select(text => text.Key).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_browser_fetching_ahead_gets_nothing_to_keep()
    {
        var (response, body) = await WriteAsync((pages, http) => pages.WriteAsync(http, VisitorPage.Prefetch).AsTask());

        Assert.Equal(503, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl);
        Assert.Empty(body);
    }

    [Fact]
    public async Task A_preview_shows_title_and_description_and_lets_neither_become_markup()
    {
        var (response, body) = await WriteAsync(
            (pages, http) =>
                pages.WritePreviewAsync(http, new("Tom & \"Jerry\" <b>", "</title><script>alert(1)</script>"))
        );

        Assert.Equal(200, response.StatusCode);
        Assert.Contains("<title>Tom &amp; &quot;Jerry&quot; &lt;b&gt;</title>", body, StringComparison.Ordinal);
        Assert.Contains(
            "<meta property=\"og:description\" content=\"&lt;/title&gt;&lt;script&gt;",
            body,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("<script", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/docs", "text/html")]
    [InlineData("/docs/", "text/html")]
    [InlineData("/docs/docs.js", "text/javascript")]
    [InlineData("/docs/swagger-ui.css", "text/css")]
    [InlineData("/docs/licences", "text/plain")]
    [InlineData("/robots.txt", "text/plain")]
    [InlineData("/favicon.ico", "image/x-icon")]
    public async Task What_GET_answers_HEAD_answers_without_a_body(string path, string contentType)
    {
        using var got = await _server.Anonymous.GetAsync(path, Cancel);
        using var head = await _server.Anonymous.SendAsync(new(HttpMethod.Head, path), Cancel);

        Assert.Equal(HttpStatusCode.OK, got.StatusCode);
        Assert.Equal(contentType, got.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(await got.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(contentType, head.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData("/docs/pages.css")]
    [InlineData("/docs/..%2Frobots.txt")]
    public async Task Nothing_else_of_what_is_built_in_can_be_fetched(string path)
    {
        using var answer = await _server.Anonymous.GetAsync(path, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<(HttpResponse Response, string Body)> WriteAsync(Func<VisitorPages, HttpContext, Task> write)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = _server.Services };
        http.Response.Body = body;

        await write(_server.Services.GetRequiredService<VisitorPages>(), http);
        await http.Response.BodyWriter.FlushAsync(Cancel);

        return (http.Response, Encoding.UTF8.GetString(body.ToArray()));
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("second|minute|hour", RegexOptions.IgnoreCase)]
    private static partial Regex Units();
}
