using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Signpost.Web;

/// <summary>The script of the pages for people of the server: a file of our own. The pages work without it, too.</summary>
internal static class PeopleScript
{
    private const string Path = "/assets/people.js";

    private static readonly byte[] Bytes = Read();

    /// <summary>Its address. It changes with the content, so that browsers may keep the file for ever.</summary>
    public static string Address { get; } = $"{Path}?v={Convert.ToHexStringLower(SHA256.HashData(Bytes))[..12]}";

    public static void MapPeopleScript(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], Send).ExcludeFromDescription();

    private static FileContentHttpResult Send(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = http.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
        headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(Bytes, "text/javascript; charset=utf-8");
    }

    private static byte[] Read()
    {
        using var stream = typeof(PeopleScript).Assembly.GetManifestResourceStream("people.js")!;
        using var reader = new StreamReader(stream);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd());
    }
}
