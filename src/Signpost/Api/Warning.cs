using System.Text.Json.Serialization;

namespace Signpost.Api;

/// <summary>Something in a request that is valid but probably not intended.</summary>
/// <param name="Field">The field name as it was sent; absent if the warning concerns no field.</param>
internal sealed record Warning(
    string Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Field
);

/// <summary>The data of a response to a write. It may hold warnings.</summary>
internal abstract record WarnedResponse
{
    /// <summary>Things in the request that are valid but probably not intended; absent if there are none.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Warning>? Warnings { get; init; }
}
