using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Signpost.Testing;
using Signpost.Web.Notices;

namespace Signpost.BrowserTests;

public sealed class PageTests(Chromium chromium, SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    public static MatrixTheoryData<string, Screen, ColorScheme> Pages => Looks.Of("/", "/leads-nowhere");

    public static MatrixTheoryData<string, Screen, ColorScheme> Notices =>
        Looks.Of([.. Enum.GetNames<VisitorPage>().Except([nameof(VisitorPage.Prefetch)])]);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_calm_on_every_screen(string path, Screen screen, ColorScheme scheme)
    {
        await using var view = await chromium.OpenAsync(screen, scheme);

        await view.GoAsync(_server.Url + path);

        await Assertions.Expect(view.Page.Locator("h1")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
    }

    [Theory]
    [MemberData(nameof(Notices))]
    public async Task A_notice_is_calm_on_every_screen(string notice, Screen screen, ColorScheme scheme)
    {
        var (status, headers, body) = await WriteAsync(Enum.Parse<VisitorPage>(notice));
        await using var view = await chromium.OpenAsync(screen, scheme);
        await view.Page.RouteAsync(
            "**/the-notice",
            route =>
                route.FulfillAsync(
                    new()
                    {
                        Status = status,
                        Headers = headers,
                        BodyBytes = body,
                    }
                )
        );

        await view.GoAsync($"{_server.Url}/the-notice");

        await Assertions.Expect(view.Page.Locator("h1")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task The_start_page_leads_to_the_documentation()
    {
        await using var view = await chromium.OpenAsync();
        await view.GoAsync(_server.Url);

        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Read and try the API" }).ClickAsync();

        await view.Page.WaitForURLAsync("**/docs");
    }

    private async Task<(int Status, Dictionary<string, string> Headers, byte[] Body)> WriteAsync(VisitorPage page)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = _server.Services };
        http.Response.Body = body;

        await _server.Services.GetRequiredService<VisitorPages>().WriteAsync(http, page);
        await http.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);

        return (
            http.Response.StatusCode,
            http.Response.Headers.ToDictionary(header => header.Key, header => $"{header.Value}"),
            body.ToArray()
        );
    }
}
