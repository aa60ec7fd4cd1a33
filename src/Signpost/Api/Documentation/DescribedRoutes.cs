namespace Signpost.Api.Documentation;

/// <summary>Helpers that describe operations at their routes.</summary>
internal static class DescribedRoutes
{
    /// <summary>Adds the statuses of errors, with the common body.</summary>
    public static TBuilder Fails<TBuilder>(this TBuilder operation, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
            operation.WithMetadata(
                new ProducesResponseTypeMetadata(status, typeof(ErrorResponse), ["application/json"])
            );
        return operation;
    }

    /// <summary>Sets the name for generated clients, the summary and the description of an operation.</summary>
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

    /// <summary>Adds the parameters of query and headers.</summary>
    public static RouteHandlerBuilder WithQuery(
        this RouteHandlerBuilder operation,
        Func<IEnumerable<Parameter>> parameters
    ) => operation.WithMetadata(new DescribedQuery(parameters));

    /// <summary>Adds the body of create.</summary>
    public static RouteHandlerBuilder WithNewBody(
        this RouteHandlerBuilder operation,
        Func<IEnumerable<Parameter>> parameters
    ) => operation.WithMetadata(new DescribedBody(parameters, IsForNew: true)).Fails(413, 415);

    /// <summary>Adds a body without required fields.</summary>
    public static RouteHandlerBuilder WithBody(
        this RouteHandlerBuilder operation,
        Func<IEnumerable<Parameter>> parameters
    ) => operation.WithMetadata(new DescribedBody(parameters, IsForNew: false)).Fails(413, 415);
}
