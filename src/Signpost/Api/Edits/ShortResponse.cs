using System.Text.Json.Nodes;

namespace Signpost.Api.Edits;

/// <summary>The response to a write for a key that may not read: the new values that it needs, nothing else of the thing.</summary>
internal static class ShortResponse
{
    private static readonly string[] Fields =
    [
        "id",
        "url",
        "short_url",
        "ids",
        "links",
        "key",
        "expires",
        "invitation_url",
        "warnings",
    ];

    /// <summary>Leaves out the other fields of a success.</summary>
    public static ApiResult Of(ApiResult whole)
    {
        if (whole.Status >= 300 || JsonNode.Parse(whole.Body)?["data"] is not JsonObject data)
            return whole;
        var kept = new JsonObject(
            data.Where(field => Fields.Contains(field.Key))
                .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))
        );
        return new(whole.Status, ApiJson.Write(new JsonObject { ["data"] = kept }));
    }
}
