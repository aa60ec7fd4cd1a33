using System.Collections.Immutable;
using Signpost.Api;

namespace Signpost.Links.Targeting;

/// <summary>One rule: who matches <paramref name="Key"/> is sent to <paramref name="Value"/>, a canonical address.</summary>
internal sealed record TargetingPair(string Key, string Value);

/// <summary>The lists of a link, one a type, kept whichever type is in force. Stored as one JSON object.</summary>
internal sealed record TargetingLists(ImmutableDictionary<string, IReadOnlyList<TargetingPair>> ByType)
{
    public static TargetingLists None { get; } = new([]);

    public IReadOnlyList<TargetingPair> this[string type] => ByType.GetValueOrDefault(type, []);

    public TargetingLists With(string type, IReadOnlyList<TargetingPair> pairs) =>
        new(pairs is [] ? ByType.Remove(type) : ByType.SetItem(type, pairs));

    public static TargetingLists Parse(string? json) =>
        json is null
            ? None
            : new(
                System.Text.Json.JsonSerializer.Deserialize<ImmutableDictionary<string, IReadOnlyList<TargetingPair>>>(
                    json,
                    ApiJson.Options
                )!
            );

    public string? ToJson() =>
        ByType.IsEmpty ? null : System.Text.Json.JsonSerializer.Serialize(ByType, ApiJson.Options);
}
