using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Presets;

/// <summary>The changes that a request makes to a preset of one kind.</summary>
internal sealed record PresetChanges<TResponse> : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<string?> Name { get; init; }

    /// <summary>A JSON object or array without white space.</summary>
    public Optional<string?> Value { get; init; }
}

/// <summary>Reads the parameters of create and update.</summary>
internal static class PresetFields
{
    public const int MostBytes = 8 << 10;
    private const int LongestName = 64;

    // A response is a little deeper, and clients must be able to send it back.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 12, AllowDuplicateProperties = false };

    public static PresetChanges<TResponse> Read<TResponse>(FieldReader read, bool isNew)
    {
        string? compact = null;
        var value = read.Read("value", TextRules.Lines, text => Compact(text, out compact));
        if (isNew || value.IsPresent)
            read.Require("value", value, value.Value is not null);
        return new()
        {
            Name = read.Name(LongestName, isNew),
            Value = value with { Value = compact },
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };
    }

    /// <summary>The parameters with an example of one kind.</summary>
    public static IEnumerable<Parameter> Parameters(string name, string value) =>
        [
            new("name", Describe.Limited(LongestName), "Your name for it.") { IsRequired = true, Example = name },
            new("value", Describe.Text(), "The text of a JSON object or array, at most 8 KiB without white space.")
            {
                IsRequired = true,
                Bodies = BodyTypes.Forms,
                Example = value,
            },
            new(
                "value",
                new() { Type = JsonSchemaType.Object | JsonSchemaType.Array },
                "A JSON object or array, at most 8 KiB without white space. Signpost only keeps it."
            )
            {
                IsRequired = true,
                Bodies = BodyTypes.Json,
                Example = JsonNode.Parse(value),
            },
        ];

    // Returns the problem; null: there is none.
    private static string? Compact(string text, out string? compact)
    {
        compact = null;
        const string Expected = "must be a JSON object or array, at most 12 levels deep, without a name twice";
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            if (document.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                return Expected;
            var bytes = ApiJson.Write(document.RootElement);
            if (bytes.Length > MostBytes)
                return $"must be at most {MostBytes >> 10} KiB";
            compact = System.Text.Encoding.UTF8.GetString(bytes);
            return null;
        }
        // Half of a surrogate pair, written as an escape, is no text.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Expected;
        }
    }
}
