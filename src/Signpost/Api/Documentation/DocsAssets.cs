using System.Collections.Frozen;
using System.IO.Compression;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Signpost.Api.Documentation;

/// <summary>
/// The scripts and styles of <c>/docs</c>, and the licences of all that is shipped: compressed at build time and streamed
/// from the assembly.
/// </summary>
internal static class DocsAssets
{
    /// <summary>A version that changes with the build, so browsers may cache an asset with it for ever.</summary>
    public static string Version { get; } = typeof(DocsAssets).Module.ModuleVersionId.ToString("n")[..12];

    private static readonly EntityTagHeaderValue Tag = new($"\"{Version}\"");

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        ["swagger-ui.js"] = "text/javascript; charset=utf-8",
        ["swagger-ui.css"] = "text/css; charset=utf-8",
        ["docs.js"] = "text/javascript; charset=utf-8",
        ["docs.css"] = "text/css; charset=utf-8",
        ["licences"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary();

    /// <summary>The asset; null if there is none with this name.</summary>
    public static FileStreamHttpResult? Find(HttpContext http, string name)
    {
        if (!ContentTypes.TryGetValue(name, out var contentType))
            return null;

        var headers = http.Response.Headers;
        headers.CacheControl = http.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = HeaderNames.AcceptEncoding;

        Stream content = typeof(DocsAssets).Assembly.GetManifestResourceStream($"{name}.gz")!;
        if (AcceptsGzip(http.Request))
            headers.ContentEncoding = "gzip";
        else
            content = new GZipStream(content, CompressionMode.Decompress);

        return TypedResults.Stream(content, contentType, entityTag: Tag);
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptEncoding.Any(one =>
                one.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && one.Quality is not 0
            );
}
