using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Signpost.Api.Documentation;

/// <summary>Words for describing parameters.</summary>
internal static class Describe
{
    /// <summary>The parameters of <see cref="Api.Paging"/>.</summary>
    public static IEnumerable<Parameter> Paging() => [new("page", Whole(1), "The page, from 1."), PageSize()];

    public static Parameter PageSize() =>
        new("results_per_page", OneOf(Api.Paging.Sizes), $"How many a page; {Api.Paging.UsualSize} unless set.");

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

    /// <summary>A whole number.</summary>
    public static OpenApiSchema Whole(int least) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = $"{least}",
        };

    public static OpenApiSchema ListOf(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    /// <summary>The meaning of a status here; null where its usual name is enough.</summary>
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
