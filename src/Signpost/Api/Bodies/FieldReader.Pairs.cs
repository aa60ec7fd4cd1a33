namespace Signpost.Api.Bodies;

/// <content>Pairs: <c>name_key[i]</c> with <c>name_value[i]</c>, or in JSON <c>"name": [{"key":…,"value":…}]</c>.</content>
internal sealed partial class FieldReader
{
    /// <summary>A key and its value as they were sent, not yet judged.</summary>
    public readonly record struct RawPair(int Place, string KeyAs, string Key, string ValueAs, string Value);

    /// <summary>The pairs under <paramref name="name"/>, in the order of their indices; empty clears them.</summary>
    public Optional<IReadOnlyList<RawPair>?> Pairs(string name)
    {
        var (keyName, valueName) = ($"{name}_key", $"{name}_value");
        var isApart = Sent(keyName) is not [] | Sent(valueName) is not [];
        if (Sent(name) is [])
            return isApart ? Joined(keyName, valueName) : default;
        if (isApart)
            return WrongAs<IReadOnlyList<RawPair>?>(name, $"Send either {name} or {keyName} and {valueName}.");
        return Objects(name);
    }

    /// <summary>Pairs, or in JSON an object whose members they are: <c>"name": {"key": "value"}</c>.</summary>
    public Optional<IReadOnlyList<RawPair>?> Map(string name)
    {
        if (Sent(name) is not [{ Value: FieldValue.Map map, Suffix: null }])
            return Pairs(name);

        var pairs = new List<RawPair>();
        foreach (var (key, value) in map.Members)
        {
            var place = pairs.Count + 1;
            if (PartOf(value, place, "value", name) is { } text)
                pairs.Add(new(place, name, key, name, text));
        }

        return new(name, pairs);
    }

    // An unreadable list has its error already. The rest is still checked, so that one response has all errors.
    private Optional<IReadOnlyList<RawPair>?> Joined(string keyName, string valueName)
    {
        var before = Errors.Count;
        var keys = List(keyName);
        var values = List(valueName);
        if (!keys.IsPresent && !values.IsPresent || Errors.Count > before && !(keys.IsPresent && values.IsPresent))
            return default;

        if (IsEmpty(keys.Value) && IsEmpty(values.Value))
            return new(keys.As ?? values.As, []);

        var byIndex = (values.Value ?? []).ToDictionary(item => item.Index);
        var pairs = new List<RawPair>();
        foreach (var key in keys.Value ?? [])
        {
            var hasValue = byIndex.Remove(key.Index, out var value);
            if (key.IsWrong || value.IsWrong)
                continue;
            if (key.Text is null or "")
                Errors.Add(new($"Entry {key.Place}: the key is empty.", key.As));
            else if (value.Text is null or "")
                Errors.Add(new($"Entry {key.Place}: the key has no value.", hasValue ? value.As : key.As));
            else
                pairs.Add(new(key.Place, key.As, key.Text, value.As, value.Text));
        }

        foreach (var value in byIndex.Values.Where(value => !value.IsWrong))
            Errors.Add(new($"Entry {value.Place}: the value has no key.", value.As));
        return new(keys.As ?? values.As, pairs);
    }

    private Optional<IReadOnlyList<RawPair>?> Objects(string name)
    {
        if (Indexed(name) is not { } items)
            return default;
        if (items is [] or [(_, { Value: FieldValue.Nothing or FieldValue.Text { Value: "" or Cleared } })])
            return new(name, []);

        var pairs = new List<RawPair>();
        for (var at = 0; at < items.Count; at++)
        {
            var (place, item) = (at + 1, items[at].Value);
            if (PairOf(item.Value) is not { } pair)
            {
                Errors.Add(new($"Entry {place}: must be an object with key and value.", item.SentAs));
                continue;
            }

            var key = PartOf(pair.Key, place, "key", item.SentAs);
            var value = PartOf(pair.Value, place, "value", item.SentAs);
            if (key is not null && value is not null)
                pairs.Add(new(place, item.SentAs, key, item.SentAs, value));
        }

        return new(name, pairs);
    }

    private static FieldValue.Pair? PairOf(FieldValue value) =>
        value is FieldValue.Map map
            ? new(
                map.Members.FirstOrDefault(member => member.Name == "key").Value,
                map.Members.FirstOrDefault(member => member.Name == "value").Value
            )
            : value as FieldValue.Pair;

    private string? PartOf(FieldValue? part, int place, string what, string sentAs)
    {
        if (part is null or FieldValue.Nothing)
            Errors.Add(new($"Entry {place}: the {what} is missing.", sentAs));
        else if (!TryText(part, TextRules.Line, out var text, out var problem))
            Errors.Add(new($"Entry {place}: the {what} {problem}.", sentAs));
        else if (text is null or "")
            Errors.Add(new($"Entry {place}: the {what} is empty.", sentAs));
        else
            return text;
        return null;
    }
}
