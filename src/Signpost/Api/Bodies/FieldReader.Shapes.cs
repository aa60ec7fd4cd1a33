namespace Signpost.Api.Bodies;

/// <content>The shapes of values: a single value, a list, pairs, a file.</content>
internal sealed partial class FieldReader
{
    private readonly record struct Single(string As, string? Text);

    // The value of a field that may be sent once. An array, a file or a second value is an error.
    // A JSON false is no text: it counts as null, except where yes and no are expected.
    private Single? Scalar(string name, TextRules rules, bool takesFalse = false)
    {
        var values = Sent(name);
        if (values is [])
            return null;

        foreach (var value in values)
            if (value.Suffix is not null)
                return Refuse(value.SentAs, $"{name} must be a single value.");
        if (values.Count > 1)
            return Refuse(name, $"{name} was sent more than once.");
        if (!takesFalse && values[0].Value is FieldValue.Flag { Value: false })
            return new Single(name, null);
        return TryText(values[0].Value, rules, out var text, out var problem)
            ? new Single(name, text)
            : Refuse(name, $"{name} {problem}.");
    }

    /// <summary>
    /// One item of a list: the name it came with, its place from 1, and its clean text (null for JSON null). A wrong one
    /// is in the errors already and has no text.
    /// </summary>
    public readonly record struct Item(string As, int Place, long Index, string? Text, bool IsWrong = false);

    /// <summary>Tells whether a list is empty. A form sends one empty value for an empty list.</summary>
    public static bool IsEmpty(IReadOnlyList<Item>? items) =>
        items is null or [] or [{ Text: null or "" or Cleared, IsWrong: false }];

    /// <summary>The items of a list, in the order of their indices.</summary>
    public Optional<IReadOnlyList<Item>?> List(string name, TextRules rules = TextRules.Line)
    {
        if (Indexed(name) is not { } values)
            return default;

        var items = new List<Item>(values.Count);
        foreach (var (index, value) in values)
        {
            var sent = value.Value is FieldValue.Flag { Value: false } ? new FieldValue.Nothing() : value.Value;
            var isRight = TryText(sent, rules, out var text, out var problem);
            if (!isRight)
                Errors.Add(new($"{name} {problem}.", value.SentAs));
            items.Add(new(value.SentAs, items.Count + 1, index, isRight ? text : null, !isRight));
        }

        return new(values is [] ? name : values[0].Value.SentAs, items);
    }

    private List<(long Index, SentValue Value)>? Indexed(string name)
    {
        var values = Sent(name);
        if (values is [])
            return null;
        if (values is [{ Value: FieldValue.List array, Suffix: null } sent])
            return [.. array.Items.Select((item, at) => ((long)at, sent with { Value = item }))];

        var indexed = new Dictionary<long, SentValue>();
        var appended = new List<SentValue>();
        foreach (var value in values)
        {
            if (value.Value is FieldValue.List)
                return RefuseList(value.SentAs, $"{name} was sent more than once.");
            if (value.Suffix is null or "[]")
                appended.Add(value);
            else if (!FieldIndex.TryRead(value.Suffix, out var index))
                return RefuseList(value.SentAs, $"{name} must be sent as {name}[], or {name}[0], {name}[1] and so on.");
            else if (!indexed.TryAdd(index, value))
                return RefuseList(value.SentAs, $"{value.SentAs} was sent more than once.");
        }

        var ordered = indexed.Select(pair => (pair.Key, pair.Value)).OrderBy(item => item.Key).ToList();
        foreach (var value in appended)
            ordered.Add((ordered is [.., var last] ? last.Key + 1 : 0, value));
        return ordered;
    }

    private static bool TryText(FieldValue value, TextRules rules, out string? text, out string problem)
    {
        text = value switch
        {
            FieldValue.Text sent => sent.Value,
            FieldValue.Number number => number.Written,
            FieldValue.Flag flag => flag.Value ? "true" : "false",
            _ => null,
        };
        problem = value switch
        {
            FieldValue.List or FieldValue.Pair or FieldValue.Map => "must be a single value",
            FieldValue.Upload => "must be a text, not a file",
            _ => "",
        };
        if (problem is "" && text is not null)
            problem = FieldText.Clean(ref text, rules) ?? "";
        return problem is "";
    }

    private Single? Refuse(string sentAs, string title)
    {
        Errors.Add(new(title, sentAs));
        return null;
    }

    private List<(long, SentValue)>? RefuseList(string sentAs, string title)
    {
        Errors.Add(new(title, sentAs));
        return null;
    }
}
