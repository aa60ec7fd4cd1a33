namespace Signpost.Api.Documentation;

/// <summary>Words for describing operations on the routes.</summary>
internal static class DescribedRoutes
{
    /// <summary>Says that the operation may fail with these statuses, in the one shape.</summary>
    public static TBuilder Fails<TBuilder>(this TBuilder operation, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
            operation.WithMetadata(
                new ProducesResponseTypeMetadata(status, typeof(ErrorResponse), ["application/json"])
            );
        return operation;
    }

    /// <summary>Gives an operation its name for generated clients, and says what it does.</summary>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder operation,
        string name,
        string summary,
        string? description = null
    )
    {
        operation.WithName(name).WithSummary(summary);
        return description is null ? operation : operation.WithDescription(description);
    }

    /// <summary>Says which parameters the query and the headers may hold.</summary>
    public static RouteHandlerBuilder WithQuery(
        this RouteHandlerBuilder operation,
        Func<IEnumerable<Parameter>> parameters
    ) => operation.WithMetadata(new DescribedQuery(parameters));

    /// <summary>Says what the body of a new thing holds.</summary>
    public static RouteHandlerBuilder WithNewBody(
        this RouteHandlerBuilder operation,
        Func<IEnumerable<Parameter>> parameters
    ) => operation.WithMetadata(new DescribedBody(parameters, IsForNew: true)).Fails(413, 415);

    /// <summary>Says what a body may hold of which nothing is required.</summary>
    public static RouteHandlerBuilder WithBody(
        this RouteHandlerBuilder operation,
        Func<IEnumerable<Parameter>> parameters
    ) => operation.WithMetadata(new DescribedBody(parameters, IsForNew: false)).Fails(413, 415);
}
