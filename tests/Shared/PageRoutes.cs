using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Signpost.Testing;

/// <summary>The pages and forms of a server, as its routes say.</summary>
internal static class PageRoutes
{
    /// <summary>Every route outside the API, such as <c>POST /dashboard/tags/{id:long}</c>, in order.</summary>
    public static List<string> MappedPages(this TestServer server)
    {
        var mapped =
            from endpoint in server
                .Services.GetServices<EndpointDataSource>()
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
            let path = $"/{endpoint.RoutePattern.RawText!.Trim('/')}"
            where !path.StartsWith("/api", StringComparison.Ordinal)
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
            where method is not "HEAD"
            select $"{method} {path}";

        return [.. mapped.Distinct().Order(StringComparer.Ordinal)];
    }
}
