namespace Signpost.Api.Resources;

/// <summary>
/// Maps handlers with type parameters. The build writes no code for them that reads their parameters and sends their results,
/// as it does for all other handlers, and the framework would compile that code at each start: some milliseconds each.
/// </summary>
internal static class GenericHandlers
{
    /// <summary>Maps a handler for a whole collection.</summary>
    public static RouteHandlerBuilder MapGeneric<T>(
        this IEndpointRouteBuilder routes,
        string method,
        string pattern,
        Func<HttpContext, Task<T>> handler
    )
        where T : IResult =>
        routes.Map(method, pattern, handler, async http => await (await handler(http)).ExecuteAsync(http));

    /// <summary>Maps a handler for one thing; the pattern and the handler name its identifier "id".</summary>
    public static RouteHandlerBuilder MapGeneric<T>(
        this IEndpointRouteBuilder routes,
        string method,
        string pattern,
        Func<HttpContext, PathId, Task<T>> handler
    )
        where T : IResult =>
        routes.Map(method, pattern, handler, async http => await (await handler(http, IdOf(http))).ExecuteAsync(http));

    private static PathId IdOf(HttpContext http) =>
        PathId.TryParse($"{http.GetRouteValue("id")}", out var id) ? id : default;

    // The handler describes parameters and responses for the API's document.
    private static RouteHandlerBuilder Map(
        this IEndpointRouteBuilder routes,
        string method,
        string pattern,
        Delegate handler,
        RequestDelegate run
    ) =>
        RouteHandlerServices.Map(
            routes,
            pattern,
            handler,
            [method],
            RequestDelegateFactory.InferMetadata,
            (_, _, metadata) => new(run, metadata?.EndpointMetadata ?? [])
        );
}
