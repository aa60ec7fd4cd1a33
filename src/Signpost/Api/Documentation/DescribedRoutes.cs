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

    /// <summary>Lists the parameters of the query and the headers.</summary>
    public static RouteHandlerBuilder WithQuery(
        this RouteHandlerBuilder operation,
        Func<IEnumerable<Parameter>> parameters
    ) => operation.WithMetadata(new DescribedQuery(parameters));

    /// <summary>Lists the fields of the body for a new thing.</summary>
    public static RouteHandlerBuilder WithNewBody(
        this RouteHandlerBuilder operation,
        Func<IEnumerable<Parameter>> parameters
    ) => operation.WithMetadata(new DescribedBody(parameters, IsForNew: true)).Fails(413, 415);

    /// <summary>Lists the fields of a body without required fields.</summary>
    public static RouteHandlerBuilder WithBody(
        this RouteHandlerBuilder operation,
        Func<IEnumerable<Parameter>> parameters
    ) => operation.WithMetadata(new DescribedBody(parameters, IsForNew: false)).Fails(413, 415);
}
