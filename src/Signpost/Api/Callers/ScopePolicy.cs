using Microsoft.AspNetCore.Authorization;

namespace Signpost.Api.Callers;

/// <summary>Which scope a key needs for an endpoint: part of the route table, where a test reads it.</summary>
internal sealed record NeededScope(Scopes Scope);

/// <summary>Which scope a key needs to read things of an endpoint: responses to writes hold them, too.</summary>
internal sealed record ReadScope(Scopes Scope);

/// <summary>The key must have the scope that the endpoint names. An endpoint without a scope refuses every key.</summary>
internal sealed class ScopeRequirement : IAuthorizationRequirement;

/// <summary>Handles <see cref="ScopeRequirement"/>.</summary>
internal sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (
            context.Resource is HttpContext http
            && http.Features.Get<Caller>() is { } caller
            && http.GetEndpoint()?.Metadata.GetMetadata<NeededScope>() is { } needed
            && caller.May(needed.Scope)
        )
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

/// <summary>Helpers that set the scopes of routes.</summary>
internal static class ScopeRoutes
{
    /// <summary>Requires one scope to read (GET, HEAD) and another for every other method.</summary>
    public static TBuilder Scoped<TBuilder>(this TBuilder routes, Scopes read, Scopes write)
        where TBuilder : IEndpointConventionBuilder
    {
        routes.Add(endpoint =>
        {
            var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
            var reads =
                methods.Count > 0 && methods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
            endpoint.Metadata.Add(new NeededScope(reads ? read : write));
            endpoint.Metadata.Add(new ReadScope(read));
        });
        return routes;
    }

    /// <summary>Requires the same scope for every method.</summary>
    public static TBuilder Scoped<TBuilder>(this TBuilder routes, Scopes scope)
        where TBuilder : IEndpointConventionBuilder => routes.Scoped(scope, scope);
}
