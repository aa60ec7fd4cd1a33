namespace Signpost.Api.Bodies;

/// <summary>One value of a body. Forms have texts and uploads; JSON has the others, too.</summary>
internal abstract record FieldValue
{
    private FieldValue() { }

    /// <summary>A form's text or a JSON string.</summary>
    public sealed record Text(string Value) : FieldValue;

    /// <summary>A JSON number, as its digits were written.</summary>
    public sealed record Number(string Written) : FieldValue;

    /// <summary>A JSON true or false.</summary>
    public sealed record Flag(bool Value) : FieldValue;

    /// <summary>A JSON null.</summary>
    public sealed record Nothing : FieldValue;

    /// <summary>A JSON array.</summary>
    public sealed record List(IReadOnlyList<FieldValue> Items) : FieldValue;

    /// <summary>A JSON object in a list; only its <c>key</c> and <c>value</c> are read.</summary>
    public sealed record Pair(FieldValue? Key, FieldValue? Value) : FieldValue;

    /// <summary>A JSON object under a name of its own.</summary>
    public sealed record Map(IReadOnlyList<(string Name, FieldValue Value)> Members) : FieldValue;

    /// <summary>A file. <paramref name="Content"/> is empty if the file was too large or the field accepts no files.</summary>
    public sealed record Upload(ReadOnlyMemory<byte> Content, long Length) : FieldValue;
}
