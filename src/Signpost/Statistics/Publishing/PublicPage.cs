using Signpost.Hosting;
using Signpost.Web;
using Signpost.Web.Notices;

namespace Signpost.Statistics.Publishing;

/// <summary>The page of a link's public statistics, for everybody, under the link's alias.</summary>
internal static class PublicPage
{
    private const string Prefix = "/l/stats/";
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointConventionBuilder MapPublicStatistics(this IEndpointRouteBuilder routes) =>
        routes.MapMethods($"{Prefix}{{**alias}}", Reads, Show).ExcludeFromDescription();

    private static async Task Show(
        HttpContext http,
        PublicStatistics statistics,
        PublicStatisticsPages pages,
        MissLimiter misses,
        VisitorPages notices,
        CancellationToken cancel
    )
    {
        await SocketThread.Leave();
        // Not the route's value: there, a slash is still escaped.
        var path = http.Request.Path.Value!;
        var alias = path.Length > Prefix.Length ? path[Prefix.Length..] : "";
        var host = http.Request.Query["domain"] is [{ Length: > 0 } one] ? one : null;
        if (await statistics.FindAsync(alias, host, http.Request.Query["days"], cancel) is { } found)
            await pages.WriteAsync(http, found, host);
        else
            // Like a short address, this address tells whether there is a link.
            await misses.WriteNotFoundAsync(http, notices);
    }
}
