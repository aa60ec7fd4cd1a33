using System.Text.Json;
using System.Text.Json.Nodes;
using Signpost.Api;
using Signpost.Storage;

namespace Signpost.Links.Versions;

/// <summary>A version of a link in a list.</summary>
/// <param name="Version">1 is the link as it was created.</param>
/// <param name="Datetime">The time of the edit, in the account's time zone.</param>
/// <param name="Source">page, key or server; null: not known.</param>
/// <param name="Person">The name of the person who made the edit; null: not known.</param>
/// <param name="Key">The name of the key that made the edit; null: none, or it was revoked.</param>
/// <param name="Fields">The fields that the edit changed.</param>
internal sealed record LinkVersionResponse(
    int Version,
    string Datetime,
    bool IsCurrent,
    string? Source,
    string? Person,
    string? Key,
    IReadOnlyList<string> Fields
)
{
    public static string? NameOf(VersionSource source) =>
        source is VersionSource.Unknown ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName($"{source}");
}

/// <summary>A version of a link, the whole link of then, and the difference to the version before.</summary>
/// <param name="Link">The link as it was, except for <c>clicks</c>, which are those of now.</param>
/// <param name="Difference">The fields whose values differ from the version before; empty: there is none, or it is not kept.</param>
internal sealed record LinkVersionDetailsResponse(
    int Version,
    string Datetime,
    bool IsCurrent,
    string? Source,
    string? Person,
    string? Key,
    IReadOnlyList<string> Fields,
    LinkResponse Link,
    IReadOnlyList<ChangedFieldResponse> Difference
);

/// <summary>A field with its value before and after an edit. A new password is shown as a change of <c>********</c> into itself.</summary>
internal sealed record ChangedFieldResponse(string Field, JsonNode? Before, JsonNode? After)
{
    private static readonly string[] NoFields =
    [
        "id",
        "type",
        "short_url",
        "statistics_url",
        "clicks",
        "is_blocked",
        "datetime",
        "last_datetime",
        "warnings",
    ];

    /// <summary>The fields of two links that differ, in the order of a link's response.</summary>
    public static IReadOnlyList<ChangedFieldResponse> Between(LinkResponse before, LinkResponse after)
    {
        var (old, now) = (FieldsOf(before), FieldsOf(after));
        return
        [
            .. now.Where(field => !JsonNode.DeepEquals(field.Value, old[field.Key]))
                .Select(field => new ChangedFieldResponse(field.Key, old[field.Key], field.Value)),
        ];
    }

    private static Dictionary<string, JsonNode?> FieldsOf(LinkResponse link)
    {
        var whole = JsonSerializer.SerializeToNode(link, ApiJson.Options)!.AsObject();
        var settings = whole["settings"]!.AsObject();
        return whole
            .Where(field => field.Key != "settings" && !NoFields.Contains(field.Key))
            .Concat(settings)
            .ToDictionary(field => field.Key, field => field.Value);
    }
}
