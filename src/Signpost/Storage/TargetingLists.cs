using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signpost.Storage;

/// <summary>A targeting rule: visitors who match <paramref name="Key"/> are sent to <paramref name="Value"/>, a canonical address.</summary>
/// <param name="Sent">The address as it was sent; null: the same.</param>
internal sealed record StoredTargetingRule(
    string Key,
    string Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sent = null
);

/// <summary>The targeting lists of a link, one per type; all are kept, also those not in use. Stored as one JSON object.</summary>
internal sealed record TargetingLists(ImmutableDictionary<string, IReadOnlyList<StoredTargetingRule>> ByType)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TargetingLists None { get; } = new([]);

    public IReadOnlyList<StoredTargetingRule> this[string type] => ByType.GetValueOrDefault(type, []);

    public TargetingLists With(string type, IReadOnlyList<StoredTargetingRule> rules) =>
        new(rules is [] ? ByType.Remove(type) : ByType.SetItem(type, rules));

    public static TargetingLists Parse(string? json) =>
        json is null
            ? None
            : new(
                JsonSerializer.Deserialize<ImmutableDictionary<string, IReadOnlyList<StoredTargetingRule>>>(json, Json)!
            );

    public string? ToJson() => ByType.IsEmpty ? null : JsonSerializer.Serialize(ByType, Json);
}
