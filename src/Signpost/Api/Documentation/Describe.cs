using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Signpost.Api.Documentation;

/// <summary>Words for describing operations.</summary>
internal static class Describe
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

    public static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = description,
            Schema = schema,
        };

    /// <summary>The parameters of <see cref="Api.Paging"/>.</summary>
    public static IEnumerable<OpenApiParameter> Paging() =>
        [
            Query("page", "The page, from 1.", new() { Type = JsonSchemaType.Integer, Minimum = "1" }),
            Query("results_per_page", "How many a page; 25 unless set.", OneOf(10, 25, 50, 100, 250, 500, 1000)),
        ];

    /// <summary>An id in the path.</summary>
    public static OpenApiParameter Id(string name) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int64",
                Minimum = "1",
            },
        };

    /// <summary>The header of <see cref="Idempotency"/>.</summary>
    public static OpenApiParameter IdempotencyKey() =>
        new()
        {
            Name = Idempotency.Header,
            In = ParameterLocation.Header,
            Description =
                "Repeat a request with the same key within 24 hours and get the first answer again instead of a second effect.",
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = 255,
            },
        };

    public static OpenApiSchema Text(string? description = null) =>
        new() { Type = JsonSchemaType.String, Description = description };

    public static OpenApiSchema Flag(string? description = null) =>
        new() { Type = JsonSchemaType.Boolean, Description = description };

    public static OpenApiSchema Limited(int longest) => new() { Type = JsonSchemaType.String, MaxLength = longest };

    public static OpenApiSchema Address() =>
        new()
        {
            Type = JsonSchemaType.String,
            Format = "uri",
            MaxLength = 2048,
        };

    public static OpenApiSchema OneOf(params string[] words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };

    public static OpenApiSchema OneOf(params int[] numbers) =>
        new() { Type = JsonSchemaType.Integer, Enum = [.. numbers.Select(number => (JsonNode)number)] };

    /// <summary>What a status means here; null where its usual name says it all.</summary>
    public static string? Meaning(string status) =>
        status switch
        {
            "400" => "Something is wrong; every wrong field is named and nothing was changed.",
            "401" => "No key, or a wrong one.",
            "403" => "The key has not the scope for this, or the account not the role.",
            "404" => "There is no such thing, or it is somebody else's.",
            "409" =>
                "The alias or host is taken, links stand in the way, or the Idempotency-Key stands for another request or one that still runs.",
            "413" => "The body is too large.",
            "415" => "The body is of a type that is not read.",
            "429" => "Too many requests; try again after Retry-After seconds.",
            "503" => "The database is away, or the DNS where it is asked; try again after Retry-After seconds.",
            _ => null,
        };
}
