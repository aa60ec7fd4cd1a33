using Microsoft.Extensions.Caching.Hybrid;
using Signpost.Addressing;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Web.Notices;

namespace Signpost.Domains;

/// <summary>Serves the files of custom domains that phones read.</summary>
internal static class DomainFileEndpoints
{
    private const string Folder = "/.well-known/";
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapDomainFiles(this IEndpointRouteBuilder routes)
    {
        foreach (var name in (string[])[DomainFiles.Apple, DomainFiles.Android])
            routes
                .MapMethods(
                    Folder + name,
                    Reads,
                    (HttpContext http, PublishedFiles files, VisitorPages pages) => SendAsync(http, name, files, pages)
                )
                .ExcludeFromDescription();
    }

    private static async Task SendAsync(HttpContext http, string name, PublishedFiles files, VisitorPages pages)
    {
        if (await files.FindAsync(http, name) is not { } content)
        {
            await pages.WriteAsync(http, VisitorPage.NotFound);
            return;
        }

        http.Response.Headers.CacheControl = "public, max-age=300";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await TypedResults.Text(content, "application/json").ExecuteAsync(http);
    }
}

/// <summary>The files of custom domains, kept in memory for some seconds, because anybody may ask for them.</summary>
internal sealed class PublishedFiles(Database database, DomainDirectory domains, HybridCache cache, TimeProvider clock)
    : IDisposable
{
    private readonly SharedReads _reads = new(cache, clock, "files of domains");

    /// <summary>The file of the request's host; null: there is none.</summary>
    public async Task<string?> FindAsync(HttpContext http, string name)
    {
        if (domains.Find(http) is not { } domain)
            return null;

        var content = await _reads.GetAsync(
            // A changed domain has another time.
            $"{domain.Id}/{domain.UpdatedAt}/{name}",
            async unwanted =>
            {
                await using var db = database.Read();
                return await DomainFiles.FindAsync(db, domain.Id, name, unwanted) ?? "";
            },
            http.RequestAborted
        );
        return content is "" ? null : content;
    }

    public void Dispose() => _reads.Dispose();
}
