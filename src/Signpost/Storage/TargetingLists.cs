using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Signpost.Storage;

/// <summary>One rule: who matches <paramref name="Key"/> is sent to <paramref name="Value"/>, a canonical address.</summary>
internal sealed record TargetingPair(string Key, string Value);

/// <summary>The lists of a link, one a type, kept whichever type is in force. Stored as one JSON object.</summary>
internal sealed record TargetingLists(ImmutableDictionary<string, IReadOnlyList<TargetingPair>> ByType)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TargetingLists None { get; } = new([]);

    public IReadOnlyList<TargetingPair> this[string type] => ByType.GetValueOrDefault(type, []);

    public TargetingLists With(string type, IReadOnlyList<TargetingPair> pairs) =>
        new(pairs is [] ? ByType.Remove(type) : ByType.SetItem(type, pairs));

    public static TargetingLists Parse(string? json) =>
        json is null
            ? None
            : new(JsonSerializer.Deserialize<ImmutableDictionary<string, IReadOnlyList<TargetingPair>>>(json, Json)!);

    public string? ToJson() => ByType.IsEmpty ? null : JsonSerializer.Serialize(ByType, Json);
}
