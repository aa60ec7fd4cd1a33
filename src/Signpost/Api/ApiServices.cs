using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Api;

/// <summary>Adds and maps the common parts of the API.</summary>
internal static class ApiServices
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<Memberships>();
        services.AddSingleton<Idempotency>();
        services.AddSingleton<LargeBodies>();
        services.AddSingleton<EditEndpoint>();
        services.AddApiDocument();
    }

    public static void UseApiEdge(this WebApplication app) => app.UseMiddleware<ApiEdge>();

    /// <summary>
    /// The group of all resources. It requires a key with the scope that the resource names, and
    /// limits the rate of requests.
    /// </summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes) =>
        routes
            .MapGroup("/api")
            .RequireAuthorization(static caller => caller.AddRequirements(new ScopeRequirement()))
            .RequireRateLimiting(RateLimits.PerKey)
            .Fails(401, 403, 429, 503)
            .ReadByHead();

    // HEAD is GET without a body, which the server leaves out.
    private static RouteGroupBuilder ReadByHead(this RouteGroupBuilder api)
    {
        ((IEndpointConventionBuilder)api).Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
                endpoint.Metadata.Add(new HttpMethodMetadata(["GET", "HEAD"]));
        });
        return api;
    }
}
