using System.Text.Json;

namespace Signpost.Api.Bodies;

/// <summary>Reads <c>application/json</c>: one object whose names are the fields.</summary>
internal static class JsonBody
{
    // Deep enough for [{"key":…,"value":…}] under a name, and not too deep for the stack.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    // Their values are JSON themselves: arrays and objects are kept as they are written.
    private static readonly string[] Documents = ["apple_app_site_association", "asset_links", "value"];

    public static Fields Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            CountValues(WithoutMark(body).Span);
            using var document = Document(WithoutMark(body));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new BodyException(400, "The JSON body must be an object.");

            var fields = new Fields();
            foreach (var property in document.RootElement.EnumerateObject())
                if (!IsSettings(property))
                    Add(fields, property);
            // Responses hold the settings of a link in an object, and clients send it back.
            foreach (var settings in document.RootElement.EnumerateObject().Where(IsSettings))
            foreach (var property in settings.Value.EnumerateObject())
                if (fields[NameOf(property)] is [])
                    Add(fields, property);
            return fields;
        }
        catch (JsonException error)
        {
            throw new BodyException(400, "The body is not valid JSON.", error);
        }
    }

    private static bool IsSettings(JsonProperty property) =>
        property.Value.ValueKind is JsonValueKind.Object && NameOf(property) == "settings";

    private static void Add(Fields fields, JsonProperty property)
    {
        var (name, kind) = (NameOf(property), property.Value.ValueKind);
        fields.Add(
            name,
            kind is JsonValueKind.Object or JsonValueKind.Array && Documents.Contains(name)
                    ? new FieldValue.Text(WrittenOf(property.Value))
                : kind is JsonValueKind.Object ? Map(property.Value)
                : Value(property.Value)
        );
    }

    private static JsonDocument Document(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (InvalidOperationException error)
        {
            // Half of a surrogate pair is no name, so it cannot be compared with other names.
            throw new JsonException(null, error);
        }
    }

    // Before anything is kept: of a document, each value takes many times its bytes.
    private static void CountValues(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        var (count, previous) = (0, JsonTokenType.None);
        while (reader.Read())
        {
            var isEmpty =
                reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject
                && previous is JsonTokenType.StartArray or JsonTokenType.StartObject;
            if ((isEmpty || IsScalar(reader.TokenType)) && ++count > Fields.MostValues)
                throw Fields.TooMany();
            previous = reader.TokenType;
        }
    }

    private static bool IsScalar(JsonTokenType token) =>
        token
            is JsonTokenType.String
                or JsonTokenType.Number
                or JsonTokenType.True
                or JsonTokenType.False
                or JsonTokenType.Null;

    private static FieldValue Value(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => new FieldValue.Text(StringOf(element)),
            JsonValueKind.Number => new FieldValue.Number(element.GetRawText()),
            JsonValueKind.True => new FieldValue.Flag(true),
            JsonValueKind.False => new FieldValue.Flag(false),
            JsonValueKind.Array when element.GetArrayLength() > Fields.MostValues => throw Fields.TooMany(),
            JsonValueKind.Array => new FieldValue.List([.. element.EnumerateArray().Select(Item)]),
            JsonValueKind.Object => Pair(element),
            _ => new FieldValue.Nothing(),
        };

    private static FieldValue.Map Map(JsonElement element) =>
        element.GetPropertyCount() > Fields.MostValues
            ? throw Fields.TooMany()
            : new([.. element.EnumerateObject().Select(member => (NameOf(member), Item(member.Value)))]);

    // No field has a list in a list, or more than one value in a pair. It is enough to know their type,
    // and a body full of brackets costs no more than its bytes.
    private static FieldValue Item(JsonElement element) =>
        element.ValueKind is JsonValueKind.Array ? new FieldValue.List([]) : Value(element);

    private static FieldValue.Pair Pair(JsonElement element) => new(Member(element, "key"), Member(element, "value"));

    private static FieldValue? Member(JsonElement pair, string name) =>
        !pair.TryGetProperty(name, out var member) ? null
        : member.ValueKind is JsonValueKind.Object ? new FieldValue.Pair(null, null)
        : Item(member);

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    // An escaped lone surrogate has no text; the mark makes its field invalid.
    private static string StringOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    // Bytes that are not UTF-8 have no text either.
    private static string WrittenOf(JsonElement element)
    {
        try
        {
            return element.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) =>
        body.Span is [0xEF, 0xBB, 0xBF, ..] ? body[3..] : body;
}
