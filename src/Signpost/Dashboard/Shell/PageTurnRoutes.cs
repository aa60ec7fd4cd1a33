using Signpost.Api.Callers;
using Signpost.Hosting;

namespace Signpost.Dashboard.Shell;

/// <summary>Pages wait for their turn (<see cref="PageTurns"/>).</summary>
internal static class PageTurnRoutes
{
    /// <summary>Lets the pages that signed-in people read wait for their turn. Forms never wait: they may hold the writing connection.</summary>
    public static RouteGroupBuilder InTurns(this RouteGroupBuilder routes)
    {
        routes.AddEndpointFilter(
            (context, next) =>
                HttpMethods.IsPost(context.HttpContext.Request.Method)
                || context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<OutOfTurn>() is not null
                    ? next(context)
                    : new(
                        context
                            .HttpContext.RequestServices.GetRequiredService<PageTurns>()
                            .RunAsync(
                                context.HttpContext.Caller().PersonId,
                                () => next(context).AsTask(),
                                context.HttpContext.RequestAborted
                            )
                    )
        );
        return routes;
    }

    /// <summary>Lets a response that never ends begin at once, and keep no place of a page.</summary>
    public static void Unending(this IEndpointConventionBuilder route) => route.WithMetadata(new OutOfTurn());

    private sealed class OutOfTurn;
}
