namespace Signpost.Api;

/// <summary>An error of a field: its text, and the field name as it was sent.</summary>
internal sealed record FieldError(string Title, string? Field)
{
    /// <summary>The link of the caller's account that has the value already; null: none.</summary>
    public long? LinkId { get; init; }
}

/// <summary>The value of a field that was sent and is valid. The default is a field that was not sent.</summary>
/// <param name="As">The name as it was sent; null when it was not.</param>
internal readonly record struct Optional<T>(string? As, T Value)
{
    public bool IsPresent => As is not null;

    public T Or(T other) => IsPresent ? Value : other;
}
