using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Signpost.Hosting;
using Signpost.Pages.Delivery;

namespace Signpost.Pages;

/// <summary>The server's own pages: start, documentation, and the two files that robots and browsers ask for by name.</summary>
internal static class PageEndpoints
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    // The viewer sets styles through script, which a policy does not hold back, and draws its icons as data: images.
    private static readonly StringValues DocsPolicy =
        $"default-src 'none'; script-src 'self'; style-src 'self' {PageStyle.Base.Source}; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddPages(this IServiceCollection services) =>
        services
            .AddSingleton<PageRenderer>()
            .AddSingleton<PageLanguages>()
            .AddSingleton<VisitorPages>()
            .AddSingleton<GatePages>()
            .AddSingleton<DeliveryPages>()
            .AddSingleton<FigurePages>()
            .AddSingleton<SetupPages>()
            .AddSingleton<PeoplePages>()
            .AddSingleton<StartNotice>()
            .AddHostedService<PageWarmUp>();

    public static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();

        pages.MapMethods("/", Reads, Start);
        pages.MapMethods("/docs", Reads, Docs);
        pages.MapMethods("/docs/{asset}", Reads, Asset);
        pages.MapMethods("/robots.txt", Reads, Robots);
        pages.MapMethods("/favicon.ico", Reads, Icon);

        return routes;
    }

    private static async Task Start(
        HttpContext http,
        PageRenderer renderer,
        PageLanguages languages,
        StartNotice notice
    )
    {
        var words = languages.For(http);
        var body = await renderer.RenderAsync<Start>(
            new() { [nameof(Pages.Start.Words)] = words.Texts, [nameof(Pages.Start.SetupIsOpen)] = notice.SetupIsOpen }
        );
        PageHeaders.Set(http.Response, StatusCodes.Status200OK, indexed: true, words: words);
        await PageAnswer.SendAsync(http, body);
    }

    private static async Task Docs(HttpContext http, PageRenderer renderer)
    {
        var body = await renderer.RenderAsync<Docs>(new() { [nameof(Pages.Docs.Version)] = DocsAssets.Version });
        PageHeaders.Set(http.Response, StatusCodes.Status200OK, indexed: true, DocsPolicy);
        await PageAnswer.SendAsync(http, body);
    }

    private static async Task Asset(HttpContext http, string asset, VisitorPages pages)
    {
        await SocketThread.Leave();
        if (DocsAssets.Find(http, asset) is { } found)
            await found.ExecuteAsync(http);
        else
            await pages.WriteAsync(http, VisitorPage.NotFound);
    }

    // Links themselves are left open: previews are drawn by robots that obey this file. They say "noindex" each.
    private static ContentHttpResult Robots(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return TypedResults.Text("User-agent: *\nDisallow: /api/\nDisallow: /openapi/\n");
    }

    private static FileStreamHttpResult Icon(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=86400";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(
            typeof(PageEndpoints).Assembly.GetManifestResourceStream("favicon.ico")!,
            "image/x-icon"
        );
    }
}
