using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Signpost.Api.Documentation;

/// <summary>Names schemas so that generated clients have readable types such as <c>LinkListResponse</c>.</summary>
internal static class SchemaNames
{
    private const string Suffix = "Response";

    public static string? Of(JsonTypeInfo type) =>
        type.Type switch
        {
            // They are described inline.
            var inline
                when inline == typeof(PathId)
                    || inline == typeof(JsonObject)
                    || inline == typeof(JsonElement)
                    || inline.IsAbstract => null,
            { IsGenericType: true } page when page.GetGenericTypeDefinition() == typeof(Page<>) => ListOf(page),
            { IsGenericType: true } envelope when envelope.GetGenericTypeDefinition() == typeof(Envelope<>) =>
                envelope.GenericTypeArguments[0] is { IsGenericType: true } list
                    ? ListOf(list)
                    : $"{Bare(envelope)}Envelope",
            _ => OpenApiOptions.CreateDefaultSchemaReferenceId(type),
        };

    private static string ListOf(Type type) => $"{Bare(type)}List{Suffix}";

    private static string Bare(Type type)
    {
        var name = type.GenericTypeArguments[0].Name;
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }
}
