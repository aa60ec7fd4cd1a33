using System.Diagnostics.CodeAnalysis;

namespace Signpost.Clicks.Classifying;

/// <summary>Shares one object for all equal values, as long as there are not too many. For one thread.</summary>
internal sealed class SharedValues<T>
    where T : class
{
    private const int Most = 1 << 16;

    private readonly HashSet<T> _values = [];

    [return: NotNullIfNotNull(nameof(value))]
    public T? Of(T? value)
    {
        if (value is null)
            return null;
        if (_values.TryGetValue(value, out var known))
            return known;
        if (_values.Count == Most)
            _values.Clear();
        _values.Add(value);
        return value;
    }
}
