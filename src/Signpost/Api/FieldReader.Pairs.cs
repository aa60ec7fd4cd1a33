namespace Signpost.Api;

/// <content>Pairs: <c>name_key[i]</c> with <c>name_value[i]</c>, or in JSON <c>"name": [{"key":…,"value":…}]</c>.</content>
internal sealed partial class FieldReader
{
    /// <summary>A key and its value as they were sent, not yet judged.</summary>
    public readonly record struct RawPair(int Place, string KeyAs, string Key, string ValueAs, string Value);

    /// <summary>The pairs under <paramref name="name"/>, in the order of their indices; empty clears them.</summary>
    public Sent<IReadOnlyList<RawPair>?> Pairs(string name)
    {
        var (keyName, valueName) = ($"{name}_key", $"{name}_value");
        var isApart = fields[keyName] is not [] || fields[valueName] is not [];
        if (fields[name] is [])
            return isApart ? Joined(keyName, valueName) : default;
        if (isApart)
            return WrongAs<IReadOnlyList<RawPair>?>(name, $"Send either {name} or {keyName} and {valueName}.");
        return Objects(name);
    }

    private Sent<IReadOnlyList<RawPair>?> Joined(string keyName, string valueName)
    {
        var before = Errors.Count;
        var keys = List(keyName);
        var values = List(valueName);
        if (Errors.Count > before)
            return default;
        if ((keys.Value ?? []) is [] && (values.Value ?? []) is [])
            return new(keys.As ?? values.As, []);

        // An empty list on one side only means that each item of the other has no partner.
        var byIndex = (values.Value ?? []).ToDictionary(item => item.Index, StringComparer.Ordinal);
        var pairs = new List<RawPair>();
        foreach (var key in keys.Value ?? [])
        {
            if (byIndex.Remove(key.Index, out var value) && value.Text is { Length: > 0 } && key.Text is { Length: > 0 })
                pairs.Add(new(pairs.Count + 1, key.As, key.Text, value.As, value.Text));
            else if (key.Text is null or "")
                Errors.Add(new($"Pair {key.Place}: the key is empty.", key.As));
            else
                Errors.Add(new($"Pair {key.Place}: the key has no value.", value.As ?? key.As));
        }

        foreach (var value in byIndex.Values)
            Errors.Add(new($"Pair {value.Place}: the value has no key.", value.As));
        return Errors.Count > before ? default : new(keys.As, pairs);
    }

    private Sent<IReadOnlyList<RawPair>?> Objects(string name)
    {
        if (Indexed(name) is not { } items)
            return default;
        if (items is [] or [(_, { Value: FieldValue.Nothing or FieldValue.Text { Value: "" or Cleared } })])
            return new(name, []);

        var before = Errors.Count;
        var pairs = new List<RawPair>();
        foreach (var (_, item) in items)
        {
            var place = pairs.Count + 1;
            if (item.Value is not FieldValue.Pair pair)
                return WrongAs<IReadOnlyList<RawPair>?>(item.SentAs, $"Pair {place}: must be an object with key and value.");

            var key = PartOf(pair.Key, place, "key", item.SentAs);
            var value = PartOf(pair.Value, place, "value", item.SentAs);
            pairs.Add(new(place, item.SentAs, key, item.SentAs, value));
        }

        return Errors.Count > before ? default : new(name, pairs);
    }

    private string PartOf(FieldValue? part, int place, string what, string sentAs)
    {
        if (part is null or FieldValue.Nothing)
            Errors.Add(new($"Pair {place}: the {what} is missing.", sentAs));
        else if (!TryText(part, TextRules.Line, out var text, out var problem))
            Errors.Add(new($"Pair {place}: the {what} {problem}.", sentAs));
        else if (text is null or "")
            Errors.Add(new($"Pair {place}: the {what} is empty.", sentAs));
        else
            return text;
        return "";
    }
}
