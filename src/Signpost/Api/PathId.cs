using Signpost.Api.Bodies;

namespace Signpost.Api;

/// <summary>An id in a path: digits from 1. Anything else is 0, which no row has, so the response is 404.</summary>
internal readonly record struct PathId(long Value)
{
    public static implicit operator long(PathId id) => id.Value;

    /// <summary>Called by the framework to bind a parameter of a handler.</summary>
    public static bool TryParse(string text, out PathId id)
    {
        id = new(FieldText.TryNumber(text, out var number) ? number : 0);
        return true;
    }
}
