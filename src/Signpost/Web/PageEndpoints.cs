using Microsoft.AspNetCore.Http.HttpResults;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Web;

/// <summary>The server's own pages: the start page, and two files that robots and browsers request by name.</summary>
internal static class PageEndpoints
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddWeb(this IServiceCollection services) =>
        services
            .AddSingleton<PageRenderer>()
            .AddSingleton<PageLanguages>()
            .AddSingleton<OwnLanguages>()
            .AddSingleton<VisitorPages>()
            .AddSingleton<StartNotice>()
            .AddSingleton<MissLimiter>()
            .AddSingleton<FaultLog>()
            .AddHostedService<PageWarmUp>();

    public static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();

        pages.MapMethods("/", Reads, Start).WithMetadata(new InAccountLanguage());
        pages.MapMethods("/robots.txt", Reads, Robots);
        pages.MapMethods("/favicon.ico", Reads, Icon);
        pages.MapPageAssets();

        return routes;
    }

    private static async Task Start(HttpContext http, PageRenderer renderer, OwnLanguages languages, StartNotice notice)
    {
        var texts = languages.For(http);
        var body = await renderer.RenderAsync<Start>(
            new() { [nameof(Web.Start.Texts)] = texts.All, [nameof(Web.Start.SetupIsOpen)] = notice.SetupIsOpen }
        );
        PageHeaders.Set(http.Response, StatusCodes.Status200OK, indexed: true, texts: texts);
        await PageResponse.SendAsync(http, body);
    }

    // Links are not listed here, because robots that draw previews obey this file. Each link says "noindex" itself.
    private static ContentHttpResult Robots(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=86400";
        http.Response.Headers.XContentTypeOptions = "nosniff";
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
