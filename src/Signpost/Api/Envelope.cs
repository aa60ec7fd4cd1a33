using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signpost.Api;

/// <summary>The envelope of one thing.</summary>
internal sealed record Envelope<T>(T Data)
    where T : notnull;

/// <summary>One page of a list.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Data, PageMeta Meta, PageLinks Links);

/// <summary>Which page it is, and of how many.</summary>
internal sealed record PageMeta(long Page, int ResultsPerPage, long Total, long TotalPages);

/// <summary>Absolute addresses of this page and its neighbours.</summary>
internal sealed record PageLinks(string First, string Last, string? Next, string? Prev, string Self);

/// <summary>The one shape of every error under <c>/api</c>.</summary>
internal sealed record ErrorResponse(string Message, IReadOnlyList<ErrorItem> Errors)
{
    public static ErrorResponse Of(int status, IReadOnlyList<FieldError> errors)
    {
        var code = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var message = errors is [var only] ? only.Title : $"{errors.Count} things are wrong: {errors[0].Title}";
        return new(message, [.. errors.Select(error => new ErrorItem(error.Title, code) { Field = error.Field })]);
    }
}

/// <summary>One thing that is wrong.</summary>
internal sealed record ErrorItem(string Title, string Status)
{
    /// <summary>The name as it was sent; absent where no field is to blame.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }
}

/// <summary>How answers are written: names in snake case, text readable.</summary>
internal static class ApiJson
{
    // Answers are application/json with nosniff, never part of a page, so only what JSON itself asks for is escaped.
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);
}
