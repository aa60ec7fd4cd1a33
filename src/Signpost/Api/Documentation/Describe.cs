using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Signpost.Core.Links;

namespace Signpost.Api.Documentation;

/// <summary>Helpers that describe parameters.</summary>
internal static class Describe
{
    /// <summary>The parameters of <see cref="Api.Paging"/>.</summary>
    public static IEnumerable<Parameter> Paging() => [new("page", Whole(1), "The page, from 1."), PageSize()];

    public static Parameter PageSize() =>
        new(
            "results_per_page",
            new()
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = $"{Api.Paging.LargestSize}",
                Examples = [10, 25, 50, 100, 250, 500, 1000],
            },
            $"Items per page. Default: {Api.Paging.UsualSize}."
        );

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
            MaxLength = TargetUrl.LongestText,
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

    /// <summary>A whole number within bounds.</summary>
    public static OpenApiSchema Between(int least, int most) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = $"{least}",
            Maximum = $"{most}",
        };

    public static OpenApiSchema ListOf(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    /// <summary>The meaning of a status here; null if its usual name is enough.</summary>
    public static string? Meaning(string status) =>
        status switch
        {
            "400" => "The request is invalid. The response names every wrong field. Nothing was changed.",
            "401" => "The key is missing or wrong.",
            "403" => "The key lacks the scope for this, or its account lacks the role.",
            "404" => "It does not exist, or it belongs to another account.",
            "409" =>
                "The alias or host is taken, links prevent it, or the Idempotency-Key belongs to another request or to one that still runs.",
            "413" => "The body is too large.",
            "415" => "The server cannot read this type of body.",
            "429" => "Too many requests. Try again after Retry-After seconds.",
            "503" => "The database is not available, or a DNS query failed. Try again after Retry-After seconds.",
            _ => null,
        };
}
