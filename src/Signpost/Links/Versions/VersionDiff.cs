using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Signpost.Links.Versions;

/// <summary>
/// The former values of changed fields as a JSON object. Of a long text it holds only the part that changed, as an array: the number of
/// equal characters at the start, that at the end, and the former text between. Lists of tags and pixels are whole, because the deletion of a
/// tag or a pixel changes the later list and adds no version.
/// </summary>
internal static class VersionDiff
{
    private const int ShortText = 64;
    private const int LeastSaved = 32;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="changes">The name of each changed value, and the value before and after.</param>
    public static string Of(IEnumerable<(string Name, object? Before, object? After)> changes)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Json))
        {
            json.WriteStartObject();
            foreach (var (name, before, after) in changes)
            {
                json.WritePropertyName(name);
                Write(json, before, LinkVersionFields.IsList(name) ? "" : after as string ?? "");
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>Puts the former values in the place of the later ones. A part that does not fit into its later text leaves that text.</summary>
    public static void Undo(Dictionary<string, object?> values, string before)
    {
        using var json = JsonDocument.Parse(before);
        foreach (var field in json.RootElement.EnumerateObject())
            values[field.Name] = field.Value.ValueKind switch
            {
                JsonValueKind.Array => Former(field.Name, field.Value, values.GetValueOrDefault(field.Name) as string),
                JsonValueKind.String => field.Value.GetString(),
                JsonValueKind.Number => field.Value.GetInt64(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            };
    }

    private static void Write(Utf8JsonWriter json, object? before, string after)
    {
        switch (before)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case string text when Equal(text, after) is var (start, end) && start + end >= LeastSaved:
                json.WriteStartArray();
                json.WriteNumberValue(start);
                json.WriteNumberValue(end);
                json.WriteStringValue(text.AsSpan(start, text.Length - start - end));
                json.WriteEndArray();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            default:
                throw new ArgumentException($"A version cannot hold a {before.GetType()}.", nameof(before));
        }
    }

    private static string? Former(string name, JsonElement part, string? later)
    {
        var (start, end) = (part[0].GetInt32(), part[1].GetInt32());
        if (later is null || start + end > later.Length || LinkVersionFields.IsList(name))
            return later;
        return string.Concat(later.AsSpan(0, start), part[2].GetString(), later.AsSpan(later.Length - end));
    }

    // A pair of surrogates is never parted, because a half of one has no UTF-8.
    private static (int Start, int End) Equal(string before, string after)
    {
        if (before.Length < ShortText)
            return (0, 0);
        var start = before.AsSpan().CommonPrefixLength(after);
        if (start > 0 && char.IsHighSurrogate(before[start - 1]))
            start--;
        var most = Math.Min(before.Length, after.Length) - start;
        var end = 0;
        while (end < most && before[^(end + 1)] == after[^(end + 1)])
            end++;
        if (end > 0 && char.IsLowSurrogate(before[^end]))
            end--;
        return (start, end);
    }
}
