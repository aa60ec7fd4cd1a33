using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Signpost.Api.Edits;

namespace Signpost.Api.Documentation;

/// <summary>The parameters of an operation beyond its path and its body.</summary>
internal sealed record DescribedQuery(Func<IEnumerable<Parameter>> Parameters);

/// <summary>The body of an operation, the same fields in each of three types.</summary>
/// <param name="IsForNew">The body belongs to create, so it is required.</param>
internal sealed record DescribedBody(Func<IEnumerable<Parameter>> Parameters, bool IsForNew);

/// <summary>Writes the requests of routes and handlers into the OpenAPI document.</summary>
internal static class RequestDocumentation
{
    private static readonly (BodyTypes Type, string Name)[] Types =
    [
        (BodyTypes.Multipart, "multipart/form-data"),
        (BodyTypes.Form, "application/x-www-form-urlencoded"),
        (BodyTypes.Json, "application/json"),
    ];

    public static void Apply(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        List<IOpenApiParameter> parameters = [];
        foreach (var id in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            id.Schema = Describe.Whole(1);
            parameters.Add(id);
        }

        foreach (var query in metadata.OfType<DescribedQuery>())
            parameters.AddRange(query.Parameters().Select(one => one.OutsideOfBody()));
        if (HttpMethods.IsPost(context.Description.HttpMethod ?? "") && metadata.OfType<TakesIdempotencyKey>().Any())
            parameters.Add(IdempotencyKey());
        operation.Parameters = parameters is [] ? null : parameters;
        if (metadata.OfType<DescribedBody>().LastOrDefault() is { } body)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = body.IsForNew,
                Content = Types.ToDictionary(type => type.Name, type => ContentOf(body, type.Type)),
            };
    }

    private static OpenApiMediaType ContentOf(DescribedBody body, BodyTypes type)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(),
            Required = new HashSet<string>(),
        };
        var example = new JsonObject();
        foreach (
            var field in body.Parameters()
                .Where(one => one.Bodies.HasFlag(type) && (body.IsForNew || !one.IsOnlyForNew))
        )
        {
            schema.Properties[field.NameIn(type)] = field.SchemaIn(type);
            if (field.IsRequired && body.IsForNew)
                schema.Required.Add(field.NameIn(type));
            // An update needs only one field.
            if (field.Example is not null && (body.IsForNew || example.Count == 0))
                example[field.Name] = field.Example;
        }

        return new OpenApiMediaType { Schema = schema, Example = example.Count == 0 ? null : example };
    }

    private static OpenApiParameter IdempotencyKey() =>
        new()
        {
            Name = Idempotency.Header,
            In = ParameterLocation.Header,
            Description =
                "If you repeat a request with the same key within 24 hours, you get the first response again and nothing else changes.",
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = 255,
            },
        };
}
