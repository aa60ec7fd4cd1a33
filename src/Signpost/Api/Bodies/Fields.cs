using System.Text.Json.Nodes;

namespace Signpost.Api.Bodies;

/// <summary>A value under the name it was sent with: <c>name</c>, <c>name[]</c> or <c>name[7]</c>.</summary>
/// <param name="SentAs">The whole name, for errors.</param>
/// <param name="Suffix">The part of the name from its first bracket on; null without a bracket.</param>
internal readonly record struct SentValue(string SentAs, string? Suffix, FieldValue Value);

/// <summary>
/// The fields of one request, independent of its body type. Names are case-sensitive. Only sizes are checked here, so
/// that unknown fields can be ignored with any value.
/// </summary>
internal sealed class Fields
{
    public const int MostValues = 4096;
    public const int LongestName = 2048;

    private readonly Dictionary<string, List<SentValue>> _byName = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Every value sent under the bare name, in the order of arrival.</summary>
    public IReadOnlyList<SentValue> this[string name] => _byName.TryGetValue(name, out var values) ? values : [];

    /// <summary>The bare names that were sent.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    public void Add(string name, FieldValue value)
    {
        if (name.Length > LongestName)
            throw new BodyException(400, "The name of a field is too long.");
        Count(value);

        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        var bare = bracket < 0 ? name : name[..bracket];
        if (!_byName.TryGetValue(bare, out var values))
            _byName.Add(bare, values = []);
        values.Add(new(name, bracket < 0 ? null : name[bracket..], value));
    }

    /// <summary>Some fields as a JSON body with the same meaning. Only texts, numbers, flags and lists of them are kept.</summary>
    public string ToJson(IEnumerable<string> names)
    {
        var body = new JsonObject();
        foreach (var name in names)
            body[name] = this[name] is [{ Suffix: null, Value: var only }]
                ? JsonOf(only)
                : new JsonArray([.. this[name].Select(sent => JsonOf(sent.Value))]);
        return body.ToJsonString();
    }

    private static JsonNode? JsonOf(FieldValue value) =>
        value switch
        {
            FieldValue.Text text => text.Value,
            FieldValue.Number number => number.Written,
            FieldValue.Flag flag => flag.Value,
            FieldValue.List list => new JsonArray([.. list.Items.Select(JsonOf)]),
            _ => null,
        };

    private void Count(FieldValue value)
    {
        _count += value switch
        {
            FieldValue.List list => Math.Max(1, list.Items.Count),
            FieldValue.Map map => Math.Max(1, map.Members.Count),
            _ => 1,
        };
        if (_count > MostValues)
            throw TooMany();
    }

    public static BodyException TooMany() => new(400, $"The request holds more than {MostValues} values.");
}

/// <summary>A body that cannot be read; caught once, in the API's outermost layer.</summary>
internal sealed class BodyException(int status, string title, Exception? cause = null) : Exception(title, cause)
{
    public int Status => status;
}
