using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Api;

/// <summary>Adds and maps what every resource of the API has in common.</summary>
internal static class ApiServices
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<Idempotency>();
        services.AddSingleton<EditEndpoint>();
        services.AddApiDocument();
    }

    public static void UseApiEdge(this WebApplication app) => app.UseMiddleware<ApiEdge>();

    /// <summary>
    /// The group under which every resource is mapped: a key is asked for, with the scope that the resource names, and
    /// its requests are counted.
    /// </summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes) =>
        routes
            .MapGroup("/api")
            .RequireAuthorization(static caller => caller.AddRequirements(new ScopeRequirement()))
            .RequireRateLimiting(RateLimits.PerKey)
            .Fails(401, 403, 429, 503);
}
