namespace Signpost.Files;

/// <summary>Serves uploaded pictures with their own type and nothing else.</summary>
internal static class FileEndpoints
{
    public static IEndpointConventionBuilder MapFiles(this IEndpointRouteBuilder app) =>
        app.MapMethods(FileAddress.Prefix + "{name}", [HttpMethods.Get, HttpMethods.Head], Get)
            .ExcludeFromDescription();

    private static async Task<IResult> Get(HttpContext http, string name, FileCatalog catalog, CancellationToken cancel)
    {
        var file = await catalog.FindAsync(name, cancel);
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (file is null)
        {
            headers.CacheControl = "no-store";
            return TypedResults.NotFound();
        }

        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        // Link previews and cloaked pages show it from other sites.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        // The content under a name never changes.
        headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(file.Content, file.ContentType);
    }
}
