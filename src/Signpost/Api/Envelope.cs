using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signpost.Api;

/// <summary>The body of every response about one thing.</summary>
internal sealed record Envelope<T>(T Data)
    where T : notnull;

/// <summary>One page of a list.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Data, PageMeta Meta, PageLinks Links);

/// <summary>The number of the page, and the number of pages.</summary>
/// <param name="TotalIsExact">False: there are at least <paramref name="Total"/> items and <paramref name="TotalPages"/> pages.</param>
internal sealed record PageMeta(long Page, int ResultsPerPage, long Total, long TotalPages, bool TotalIsExact)
{
    /// <summary>Send it as cursor to get the next page; absent if there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }

    /// <summary>Things in the query that were ignored or replaced; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Warning>? Warnings { get; init; }
}

/// <summary>Absolute addresses of this page and of other pages.</summary>
internal sealed record PageLinks(string First, string Last, string? Next, string? Prev, string Self);

/// <summary>The body of every error under <c>/api</c>.</summary>
internal sealed record ErrorResponse(string Message, IReadOnlyList<ErrorItem> Errors)
{
    public static ErrorResponse Of(int status, IReadOnlyList<FieldError> errors)
    {
        var code = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var message = string.Join(' ', errors.Select(error => error.Title).Distinct());
        return new(
            message,
            [.. errors.Select(error => new ErrorItem(error.Title, code) { Field = error.Field, LinkId = error.LinkId })]
        );
    }
}

/// <summary>One error.</summary>
internal sealed record ErrorItem(string Title, string Status)
{
    /// <summary>The field name as it was sent; absent if the error concerns no field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>Your link that has the alias already; absent if there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LinkId { get; init; }
}

/// <summary>The JSON options of responses: names in snake case, readable text.</summary>
internal static class ApiJson
{
    // Responses are application/json with nosniff, never part of a page, so only the escapes of JSON itself are needed.
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);
}
