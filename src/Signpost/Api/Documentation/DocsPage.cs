using Microsoft.Extensions.Primitives;
using Signpost.Hosting;
using Signpost.Web;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Api.Documentation;

/// <summary>The page to read and try the API.</summary>
internal static class DocsPage
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    // The viewer sets styles with script, which the policy allows, and draws its icons as data: images.
    private static readonly StringValues DocsPolicy =
        $"default-src 'none'; script-src 'self'; style-src 'self' {PageStyle.Base.Source}; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static void MapDocs(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapMethods("/docs", Reads, Docs).WithMetadata(new InAccountLanguage());
        pages.MapMethods("/docs/guide", Reads, Guide).WithMetadata(new InAccountLanguage());
        pages.MapMethods("/docs/{asset}", Reads, Asset);
    }

    private static async Task Docs(HttpContext http, PageRenderer renderer, OwnLanguages languages)
    {
        var texts = languages.For(http);
        var body = await renderer.RenderAsync<Docs>(
            new()
            {
                [nameof(Api.Documentation.Docs.Texts)] = texts.All,
                [nameof(Api.Documentation.Docs.Version)] = DocsAssets.Version,
            }
        );
        PageHeaders.Set(http.Response, StatusCodes.Status200OK, indexed: true, DocsPolicy, texts);
        await PageResponse.SendAsync(http, body);
    }

    private static async Task Guide(HttpContext http, PageRenderer renderer, OwnLanguages languages)
    {
        await SocketThread.Leave();
        var texts = languages.For(http);
        var body = await renderer.RenderAsync<Guide>(
            new()
            {
                [nameof(Documentation.Guide.Texts)] = texts.All,
                [nameof(Documentation.Guide.Version)] = DocsAssets.Version,
            }
        );
        PageHeaders.Set(http.Response, StatusCodes.Status200OK, indexed: true, DocsPolicy, texts);
        await PageResponse.SendAsync(http, body);
    }

    private static async Task Asset(HttpContext http, string asset, VisitorPages pages)
    {
        await SocketThread.Leave();
        if (DocsAssets.Find(http, asset) is { } found)
            await found.ExecuteAsync(http);
        else
            await pages.WriteAsync(http, VisitorPage.NotFound);
    }
}
